import { AbiCoder, isAddress, keccak256 } from 'ethers';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { encodeChainCode } from '../domain/chain-code.ts';
import type { Address, Hex, MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/* Evidence that a member showed two histories of one log: what AuditAnchor's `reportFork` takes, as a file of its own. */

/** One of two checkpoints. `account` signed it, by EIP-712; both are null for the last checkpoint anchored on chain. */
export type ForkStatement = {
  readonly size: number;
  readonly root: Hex;
  readonly account: Address | null;
  readonly signature: Hex | null;
};

export type ForkEvidence = {
  readonly chainId: number;
  /** The contract that the checkpoints were signed for. */
  readonly anchor: Address;
  readonly member: MemberId;
  readonly log: number;
  readonly suite: string;
  /** The smaller one; of two of one size the one with the smaller root. */
  readonly first: ForkStatement;
  readonly second: ForkStatement;
  /** Root at the first size of the history that the second belongs to. */
  readonly extendedRoot: Hex;
  /** RFC 9162 §2.1.4, from (first size, extended root) to the second. */
  readonly consistency: readonly Hex[];
};

type Log = Pick<ForkEvidence, 'chainId' | 'anchor' | 'member' | 'log' | 'suite'>;
/** How the log itself says it got from the smaller size to the larger: its root there, and the proof. Not needed for two of one size. */
export type ForkAnswer = { readonly fromRoot: Hex; readonly proof: readonly Hex[] };

/** Two checkpoints in the one order that evidence has. */
export const forkEvidence = (log: Log, one: ForkStatement, other: ForkStatement, answer: ForkAnswer): ForkEvidence => {
  const turned = one.size === other.size ? one.root > other.root : one.size > other.size;
  const [first, second] = turned ? [other, one] : [one, other];
  return first.size === second.size
    ? { ...log, first, second, extendedRoot: second.root, consistency: [] }
    : { ...log, first, second, extendedRoot: answer.fromRoot, consistency: answer.proof };
};

/** Under this id the chain records the contradiction, whoever shows it and however it is signed. */
export const forkId = ({ member, log, suite, first, second }: ForkEvidence): Hex =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['bytes32', 'uint32', 'bytes32', 'uint64', 'bytes32', 'uint64', 'bytes32'],
      [encodeChainCode(member), log, encodeChainCode(suite), first.size, first.root, second.size, second.root],
    ),
  ) as Hex;

const closed = { additionalProperties: false } as const;
const Bytes32 = Type.Unsafe<Hex>({ type: 'string', pattern: '^0x[0-9a-f]{64}$' });
const AccountAddress = Type.Unsafe<Address>({ type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' });
const Signature = Type.Unsafe<Hex>({ type: 'string', pattern: '^0x(?:[0-9a-f]{2}){1,4096}$' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Statement = Type.Union([
  Type.Object({ size: Count, root: Bytes32, account: AccountAddress, signature: Signature }, closed),
  Type.Object({ size: Count, root: Bytes32, account: Type.Null(), signature: Type.Null() }, closed),
]);
const Evidence = Type.Object(
  {
    kind: Type.Literal('xinshu-fork-evidence'),
    version: Type.Literal(1),
    chainId: Count,
    anchor: AccountAddress,
    member: Type.Unsafe<MemberId>({ type: 'string', pattern: '^[a-z0-9.-]{1,31}$' }),
    log: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    suite: Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' }),
    first: Statement,
    second: Statement,
    extendedRoot: Bytes32,
    // Levels of a tree of 2^53 leaves, and the node that the path starts at.
    consistency: Type.Array(Bytes32, { maxItems: 54 }),
  },
  closed,
);

export const formatForkEvidence = (evidence: ForkEvidence): string =>
  `${JSON.stringify({ kind: 'xinshu-fork-evidence', version: 1, ...evidence }, null, 2)}\n`;

/** Evidence out of parsed JSON: exactly these members, each in its one form. Refuses with FORK_EVIDENCE_MALFORMED. */
export const readForkEvidence = (value: unknown): Result<ForkEvidence> => {
  if (!Value.Check(Evidence, value)) return refuse('FORK_EVIDENCE_MALFORMED', { at: Value.Errors(Evidence, value)[0]?.instancePath ?? '' });
  const { kind: _kind, version: _version, ...evidence } = value;
  // Letters of mixed case are a checksum (EIP-55).
  const miswritten = [evidence.anchor, evidence.first.account, evidence.second.account].find((one) => one !== null && !isAddress(one));
  return miswritten === undefined ? ok(evidence) : refuse('FORK_EVIDENCE_MALFORMED', { address: miswritten ?? '' });
};
