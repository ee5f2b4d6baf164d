import { encodeBytes32String } from 'ethers';
import { fromBase64, toBase64, toHex } from '../domain/hash.ts';
import type { Address, Hex, MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';

/** A log's size and root (tlog-checkpoint of C2SP). */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/** Hash suite of every log so far; its name on chain is the short string in bytes32. */
export const logSuite = 'rfc6962-sha256';

/** Name of one member's log on one chain, for the checkpoint's first line. */
export const logOrigin = (chainId: number, member: MemberId, log: number): string => `xinshu.example/${chainId}/${member}/${log}`;

/** Text of a checkpoint: origin, size, root in base64, a line each. Throws RangeError for an origin that can't stand in one line. */
export const checkpointText = (checkpoint: Checkpoint): string => {
  if (checkpoint.origin === '' || /[\n\r]/.test(checkpoint.origin)) throw new RangeError('an origin is one line of text');
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
};

const sizeLine = /^(0|[1-9][0-9]{0,15})$/;

/** Reads a checkpoint's text; extension lines after the third are allowed and ignored, as the format says. Refuses with CHECKPOINT_MALFORMED or CHECKPOINT_ORIGIN. */
export const parseCheckpoint = (text: string, origin: string): Result<Checkpoint> => {
  const lines = text.split('\n');
  const [first, size, rootText] = lines;
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) return refuse('CHECKPOINT_MALFORMED');
  if (first !== origin) return refuse('CHECKPOINT_ORIGIN');
  const root = fromBase64(rootText!);
  if (!sizeLine.test(size!) || !Number.isSafeInteger(Number(size)) || root?.length !== 32) return refuse('CHECKPOINT_MALFORMED');
  return ok({ origin, size: Number(size), root });
};

type Types = Record<string, { name: string; type: string }[]>;
/** EIP-712 type of AuditAnchor: the same statement, for the chain. */
export const checkpointTypes: Types = {
  Checkpoint: [
    { name: 'member', type: 'bytes32' },
    { name: 'log', type: 'uint32' },
    { name: 'suite', type: 'bytes32' },
    { name: 'size', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
  ],
};
export const checkpointDomain = (chainId: number, anchor: Address) =>
  ({ name: 'Xinshu Audit Anchor', version: '1', chainId, verifyingContract: anchor }) as const;
export type CheckpointDomain = ReturnType<typeof checkpointDomain>;
export type CheckpointMessage = {
  readonly member: Hex;
  readonly log: number;
  readonly suite: Hex;
  readonly size: number;
  readonly root: Hex;
};

export const checkpointMessage = (member: MemberId, log: number, size: number, root: Uint8Array): CheckpointMessage => ({
  member: encodeBytes32String(member) as Hex,
  log,
  suite: encodeBytes32String(logSuite) as Hex,
  size,
  root: toHex(root),
});
