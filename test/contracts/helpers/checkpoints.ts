import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { consistencyProof, hex, leafHash, treeHash } from './merkle-model.ts';
import { sign } from './signatures.ts';
import { code, idOf, type World } from './world.ts';

export const SUITE = code('rfc6962-sha256');
export const HASHES = Array.from({ length: 60 }, (_, i) => leafHash(Buffer.from(`usage ${i}`)));
/** Shares the first leaves with the honest history, then goes its own way. */
const SHARED = 5;
const FORKED = HASHES.map((leaf, i) => (i < SHARED ? leaf : leafHash(Buffer.from(`other usage ${i}`))));
export const LOGS = { honest: HASHES, forked: FORKED } as const;
export type History = keyof typeof LOGS;

export const rootOf = (size: number, history: History = 'honest'): string => hex(treeHash(LOGS[history].slice(0, size)));
export const proofOf = (first: number, second: number, history: History = 'honest'): string[] =>
  consistencyProof(first, LOGS[history].slice(0, second)).map(hex);

export type Checkpoint = { member: string; log: number; suite: string; size: number; root: string };
export type Entry = { checkpoint: Checkpoint; consistency: string[]; signature: string };

/** A signed entry: the log `log` of the bank grown to `size`, with a proof from `from`. */
export const entry = async (
  w: World,
  size: number,
  {
    from = 0,
    consistency,
    by = w.by.bank,
    ...change
  }: Partial<Checkpoint & Pick<Entry, 'consistency'>> & { from?: number; by?: HardhatEthersSigner } = {},
): Promise<Entry> => {
  const checkpoint = { member: idOf('bank'), log: 0, suite: SUITE, size, root: rootOf(size), ...change };
  return {
    checkpoint,
    consistency: consistency ?? (from === 0 ? [] : proofOf(from, size)),
    signature: await sign(by, 'checkpoint', w.contracts.anchor, checkpoint),
  };
};
