import { equalBytes } from '../domain/hash.ts';
import { verifyConsistency } from '../domain/merkle-verify.ts';
import type { Checkpoint } from './checkpoint.ts';

/**
 * Two signed checkpoints of one log of which the larger is shown to extend another tree than the smaller one's: `proof` (RFC 9162 §2.1.4) leads from a tree of the
 * smaller size with root `other` to the larger root. At equal sizes the roots themselves say it, `other` is the second's and the proof is empty.
 */
export type Fork = {
  readonly smaller: Checkpoint;
  readonly larger: Checkpoint;
  readonly other: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

export const forkWords = (sizes: readonly number[]): string =>
  `sizes ${sizes.join(' and ')} are signed, the second does not extend the first`;

/** Whether this convinces anyone who has checked both signatures. */
export const isFork = ({ smaller, larger, other, proof }: Fork): boolean =>
  smaller.origin === larger.origin &&
  smaller.size > 0 &&
  smaller.size <= larger.size &&
  !equalBytes(smaller.root, other) &&
  verifyConsistency(smaller.size, larger.size, other, larger.root, proof);
