import { fromHex } from '../domain/hash.ts';
import { verifyInclusion } from '../domain/merkle-verify.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/* Proofs that somebody else hands over: whatever they hold, they are proved or refused with a code. */

/** More than any tree of 2^53 leaves needs (RFC 9162 §2.1.3, §2.1.4). */
const mostHashes = 64;
const hash = /^0x[0-9a-f]{64}$/;

/** The hashes of a proof as JSON writes them. Refuses with PROOF_MALFORMED. */
export const readProof = (value: unknown): Result<readonly Uint8Array[]> => {
  const hashes: unknown[] | undefined = Array.isArray(value) && value.length <= mostHashes ? value : undefined;
  if (hashes === undefined || !hashes.every((item) => typeof item === 'string' && hash.test(item))) return refuse('PROOF_MALFORMED');
  return ok((hashes as string[]).map(fromHex));
};

export type InclusionClaim = {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** As JSON gives it. */
  readonly proof: unknown;
};

/** Whether the leaf stands at this index under the root. Refuses with PROOF_MALFORMED or PROOF_MISMATCH. */
export const checkInclusion = ({ leafHash, index, size, root, proof }: InclusionClaim): Result<void> => {
  const hashes = readProof(proof);
  if (!hashes.ok) return hashes;
  return verifyInclusion(leafHash, index, size, hashes.value, root) ? ok(undefined) : refuse('PROOF_MISMATCH', { index, size });
};
