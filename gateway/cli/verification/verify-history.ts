import { checkShown, decodeLeaf, type Leaf } from '../../audit/leaf.ts';
import { checkInclusion } from '../../audit/proof.ts';
import { usageTag } from '../../audit/tag.ts';
import { fromBase64url, fromHex } from '../../domain/hash.ts';
import type { Hex, MemberId } from '../../domain/ids.ts';
import { leafHash } from '../../domain/merkle.ts';
import type { Anchor } from '../../domain/registry-state.ts';
import type { LeafOpening } from '../../ports/audit-store.ts';

/** One entry as a gateway answers it. */
export type HistoryLine = {
  readonly n: number;
  readonly index: number;
  readonly leaf: string;
  readonly anchoredSize: number | null;
  readonly proof: readonly Hex[];
  readonly opening: LeafOpening | null;
};
/** 'anchored': proved under a root on chain; 'waiting': not anchored yet; 'false': what the gateway answered does not hold. */
export type HistoryEntry = {
  readonly member: MemberId;
  readonly n: number;
  readonly state: 'anchored' | 'waiting' | 'false';
  readonly problem: string | undefined;
  readonly leaf: Leaf | undefined;
  readonly usage: string | undefined;
  readonly values: Readonly<Record<string, string>>;
};

/** Checks an answer by what only the subject and the chain know: the tag by the history key, the root by the anchors. */
export const verifyHistoryLine = (
  member: MemberId,
  log: number,
  n: number,
  historyKey: Hex,
  anchors: readonly Anchor[],
  line: HistoryLine,
): HistoryEntry => {
  const wrong = (problem: string): HistoryEntry => ({ member, n, state: 'false', problem, leaf: undefined, usage: undefined, values: {} });
  const bytes = fromBase64url(line.leaf);
  if (line.n !== n || bytes === undefined) return wrong('not the entry asked for');
  const leaf = decodeLeaf(bytes);
  if (!leaf.ok) return wrong('malformed entry');
  if (leaf.value.tag !== usageTag(historyKey, member, log, n)) return wrong('the tag is not of this consent and number');
  const values = line.opening === null ? undefined : checkShown(leaf.value, line.opening);
  if (values?.ok === false) return wrong(`the value of ${String(values.refusal.detail.name)} does not fit the entry`);
  const shown = { member, n, problem: undefined, leaf: leaf.value, usage: line.opening?.usage, values: values?.value ?? {} };
  const anchor = anchors.find(({ size }) => size === line.anchoredSize);
  if (line.anchoredSize === null) return { ...shown, state: 'waiting' };
  if (anchor === undefined) return wrong('the size named is not anchored on chain');
  const { index, proof } = line;
  return checkInclusion({ leafHash: leafHash(bytes), index, size: anchor.size, root: fromHex(anchor.root), proof }).ok
    ? { ...shown, state: 'anchored' }
    : wrong('the proof does not lead to the anchored root');
};
