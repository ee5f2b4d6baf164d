import { verify } from 'node:crypto';
import { toBase64 } from '../domain/hash.ts';
import type { MemberId } from '../domain/ids.ts';
import { publicKeyFrom } from '../domain/okp.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { isOfKey, type NoteSignature, type ReadNote, signatureKeyId, signatureLine } from './note.ts';

/* Cosignatures of checkpoints (C2SP tlog-cosignature), cosignature/v1 with Ed25519: signature type 0x04. */

const cosignatureType = Uint8Array.of(0x04);

/** Whose cosignatures count, and the keys that hold for it. */
export type Witness = { readonly member: MemberId; readonly name: string; readonly keys: readonly Uint8Array[] };
/** One cosignature that verified; `time` in seconds, as the witness states it. */
export type Cosignature = { readonly member: MemberId; readonly time: number; readonly line: string };

/** Key name of a member as witness. */
export const witnessName = (chainId: number, member: MemberId): string => `xinshu.example/${chainId}/${member}/witness`;

/** First four bytes of SHA-256(name || LF || 0x04 || public key). */
export const cosignatureKeyId = (name: string, publicKey: Uint8Array): Uint8Array => signatureKeyId(name, cosignatureType, publicKey);

/** The verifier key of a witness in the form other tools take it: name+id+base64(0x04 || key). */
export const witnessVerifierKey = (name: string, publicKey: Uint8Array): string =>
  `${name}+${Buffer.from(cosignatureKeyId(name, publicKey)).toString('hex')}+${toBase64(Buffer.concat([cosignatureType, publicKey]))}`;

/** What is signed: a header, the time in seconds, and the whole text of the checkpoint's note. No note of a log begins so, hence one key may serve both. */
export const cosignedBytes = (text: string, time: number): Uint8Array => Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, 'utf8');

/** The signature line: key id, time as u64 big-endian, Ed25519 signature over `cosignedBytes`. */
export const cosignatureLine = (name: string, publicKey: Uint8Array, time: number, signature: Uint8Array): string => {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  return signatureLine(name, cosignatureKeyId(name, publicKey), Buffer.concat([stamp, signature]));
};

/**
 * The cosignatures of these witnesses on the note, the latest of each. Lines of others are ignored; one of a known key that does not verify spoils the note, as
 * C2SP signed-note says. Refuses with CHECKPOINT_SIGNATURE.
 */
export const cosignaturesIn = ({ text, signatures }: ReadNote, witnesses: readonly Witness[]): Result<readonly Cosignature[]> => {
  const found = new Map<MemberId, Cosignature>();
  for (const { member, name, keys } of witnesses)
    for (const key of keys) {
      const id = cosignatureKeyId(name, key);
      for (const signature of signatures.filter((line) => isOfKey(line, name, id))) {
        const time = timeOf(text, key, signature);
        if (time === undefined) return refuse('CHECKPOINT_SIGNATURE', { witness: member });
        if (time >= (found.get(member)?.time ?? 0)) found.set(member, { member, time, line: signature.line });
      }
    }
  return ok([...found.values()]);
};

const timeOf = (text: string, key: Uint8Array, { signature }: NoteSignature): number | undefined => {
  if (signature.length !== 8 + 64) return undefined;
  const stamp = Buffer.from(signature).readBigUInt64BE();
  // Times beyond safe integers are millions of years away.
  if (stamp > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const time = Number(stamp);
  return verify(null, cosignedBytes(text, time), publicKeyFrom('Ed25519', key), signature.subarray(8)) ? time : undefined;
};
