import { fromBase64, toBase64 } from '../domain/hash.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { parseSize } from './checkpoint.ts';

/* Body of add-checkpoint (C2SP tlog-witness): the old size, a consistency proof, an empty line, a checkpoint. */

export type WitnessRequest = { readonly oldSize: number; readonly proof: readonly Uint8Array[]; readonly note: string };

const mostProofLines = 63;
/** A byte order mark is no part of the form: it is kept, and so refused. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const formatWitnessRequest = ({ oldSize, proof, note }: WitnessRequest): string =>
  `old ${oldSize}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`;

/** Refuses with WITNESS_REQUEST_MALFORMED. */
export const parseWitnessRequest = (body: Uint8Array): Result<WitnessRequest> => {
  const text = decode(body);
  const gap = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || gap < 0) return refuse('WITNESS_REQUEST_MALFORMED', { part: 'body' });
  const [first, ...lines] = text.slice(0, gap).split('\n');
  const oldSize = first?.startsWith('old ') ? parseSize(first.slice(4)) : undefined;
  if (oldSize === undefined) return refuse('WITNESS_REQUEST_MALFORMED', { part: 'old size' });
  const proof = lines.map(fromBase64).filter((hash) => hash?.length === 32) as Uint8Array[];
  if (proof.length !== lines.length || proof.length > mostProofLines) return refuse('WITNESS_REQUEST_MALFORMED', { part: 'proof' });
  return ok({ oldSize, proof, note: text.slice(gap + 2) });
};

const decode = (body: Uint8Array): string | undefined => {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
};
