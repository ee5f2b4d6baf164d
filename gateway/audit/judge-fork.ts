import { encodeChainCode } from '../domain/chain-code.ts';
import { fromHex } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import { verifyConsistency } from '../domain/merkle-verify.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { isSignedBy } from './chain-signature.ts';
import { checkpointDomain, logSuite } from './checkpoint.ts';
import { type ForkEvidence, type ForkStatement, forkId } from './fork-evidence.ts';

/**
 * How far a statement could be judged without the chain. `signed`: by the key of that account. `anchored`: the chain must hold it as its last checkpoint.
 * `unknown`: not by a key, so that only a contract account (EIP-1271) can have signed it, which the chain must ask.
 */
export type StatementState = 'signed' | 'anchored' | 'unknown';
export type JudgedFork = {
  readonly id: Hex;
  readonly first: StatementState;
  readonly second: StatementState;
};

const stateOf = (evidence: ForkEvidence, { size, root, account, signature }: ForkStatement): StatementState => {
  if (account === null || signature === null) return 'anchored';
  const domain = checkpointDomain(evidence.chainId, evidence.anchor);
  const message = { member: encodeChainCode(evidence.member), log: evidence.log, suite: encodeChainCode(evidence.suite), size, root };
  return isSignedBy(account, signature, domain, message) ? 'signed' : 'unknown';
};

/**
 * Judges evidence as AuditAnchor does, as far as that goes without a node: that the two checkpoints contradict each other, and which of them a key has signed.
 * That the accounts are the member's, only the chain can say. Refuses with FORK_NOT_PROVEN.
 */
export const judgeFork = (evidence: ForkEvidence): Result<JudgedFork> => {
  const { suite, first, second, extendedRoot, consistency } = evidence;
  const unproven = (reason: string) => refuse('FORK_NOT_PROVEN', { reason, first: first.size, second: second.size });
  if (suite !== logSuite) return unproven('suite');
  if (first.size === 0) return unproven('empty-log');
  const ordered = first.size === second.size ? first.root <= second.root : first.size < second.size;
  if (!ordered) return unproven('order');
  if (extendedRoot === first.root) return unproven('one-history');
  const roots = [fromHex(extendedRoot), fromHex(second.root)] as const;
  if (!verifyConsistency(first.size, second.size, ...roots, consistency.map(fromHex))) return unproven('proof');
  return ok({ id: forkId(evidence), first: stateOf(evidence, first), second: stateOf(evidence, second) });
};
