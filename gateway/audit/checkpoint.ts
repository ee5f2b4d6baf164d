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

const originForm = /^xinshu\.example\/([1-9][0-9]{0,15})\/([a-z0-9.-]{1,31})\/(0|[1-9][0-9]{0,9})$/;

/** Whose log on this chain the origin names; undefined for anything else. */
export const parseLogOrigin = (origin: string, chainId: number): { readonly member: MemberId; readonly log: number } | undefined => {
  const [, chain, member, log] = originForm.exec(origin) ?? [];
  if (chain !== String(chainId) || member === undefined || Number(log) > 0xffff_ffff) return undefined;
  return { member: member as MemberId, log: Number(log) };
};

const sizeForm = /^(0|[1-9][0-9]{0,15})$/;

/** A tree size in decimal, without leading zeroes; undefined for anything else. */
export const parseSize = (text: string): number | undefined =>
  sizeForm.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;

/** Reads a checkpoint's text; extension lines after the third are allowed and ignored, as the format says. Refuses with CHECKPOINT_MALFORMED or CHECKPOINT_ORIGIN. */
export const parseCheckpoint = (text: string, origin: string): Result<Checkpoint> => {
  const lines = text.split('\n');
  const [first, size, rootText] = lines;
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) return refuse('CHECKPOINT_MALFORMED');
  if (first !== origin) return refuse('CHECKPOINT_ORIGIN');
  const [count, root] = [parseSize(size!), fromBase64(rootText!)];
  if (count === undefined || root?.length !== 32) return refuse('CHECKPOINT_MALFORMED');
  return ok({ origin, size: count, root });
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
