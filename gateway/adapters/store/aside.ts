import { openingOf } from '../../audit/leaf.ts';
import { XinshuError } from '../../domain/errors.ts';
import type { LeafDraft, LeafOpening } from '../../domain/usage-leaf.ts';
import type { Arena } from './arena.ts';

/** What lies beside a leaf, before it is sealed: what opens the leaf, and what an idempotent retry needs. */
export type Aside = { readonly opening: Omit<LeafOpening, 'index'>; readonly attachment: Uint8Array | undefined };

// Length u32 of the JSON of {usage, step, committed}, that JSON, length u32 of the salts, the salts in the order of the names, attachment flag u8, attachment.

export const encodeAside = (
  { usage, step, committed }: LeafDraft,
  entropy: Uint8Array,
  attachment: Uint8Array | undefined,
  arena: Arena,
): Uint8Array => {
  const facts = JSON.stringify({ usage, step, committed });
  const factsLength = Buffer.byteLength(facts, 'utf8');
  const entropyAt = 4 + factsLength;
  const flagAt = entropyAt + 4 + entropy.length;
  const bytes = arena.take(flagAt + 1 + (attachment?.length ?? 0));
  bytes.writeUInt32BE(factsLength, 0);
  bytes.write(facts, 4, 'utf8');
  bytes.writeUInt32BE(entropy.length, entropyAt);
  bytes.set(entropy, entropyAt + 4);
  bytes[flagAt] = attachment === undefined ? 0 : 1;
  if (attachment !== undefined) bytes.set(attachment, flagAt + 1);
  return bytes;
};

/** Reads it back. Throws STORE_CORRUPT for bytes that `encodeAside` doesn't write. */
export const decodeAside = (bytes: Buffer): Aside => {
  try {
    const entropyAt = 4 + bytes.readUInt32BE(0);
    const flagAt = entropyAt + 4 + bytes.readUInt32BE(entropyAt);
    const facts = JSON.parse(bytes.toString('utf8', 4, entropyAt)) as Pick<LeafDraft, 'usage' | 'step' | 'committed'>;
    return {
      opening: openingOf(facts, bytes.subarray(entropyAt + 4, flagAt)),
      attachment: bytes.readUInt8(flagAt) === 1 ? new Uint8Array(bytes.subarray(flagAt + 1)) : undefined,
    };
  } catch {
    // Without its cause, which could show a piece of what was sealed.
    throw new XinshuError('STORE_CORRUPT', { part: 'aside' });
  }
};
