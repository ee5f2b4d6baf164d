import { checkShown, decodeLeaf, type Leaf } from '../../audit/leaf.ts';
import { checkInclusion } from '../../audit/proof.ts';
import { usageTag } from '../../audit/tag.ts';
import { fromBase64url, fromHex, toHex } from '../../domain/hash.ts';
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
  readonly evidence: string | null;
};
/** What of an answer does not hold: the entry's form, its tag, a value shown, the size it is proved under, the proof, or the message beside it. */
export type LineProblem = 'malformed' | 'tag' | 'value' | 'size' | 'proof' | 'evidence';
/** 'anchored': proved under a root on chain; 'waiting': not anchored yet; 'false': what the gateway answered does not hold. */
export type HistoryEntry = {
  readonly member: MemberId;
  readonly n: number;
  readonly index: number;
  readonly leafHash: Hex;
  readonly state: 'anchored' | 'waiting' | 'false';
  readonly problem: LineProblem | undefined;
  readonly anchoredSize: number | undefined;
  readonly leaf: Leaf | undefined;
  /** The member destroyed what was behind the entry; the entry itself stands. */
  readonly erased: boolean;
  readonly usage: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly evidence: string | undefined;
};

/** Checks an answer by what only the subject and the chain know: the tag by the history key, the root by the anchors. */
export const verifyHistoryLine = (
  member: MemberId,
  log: number,
  historyKey: Hex,
  anchors: readonly Anchor[],
  line: HistoryLine,
): HistoryEntry => {
  const { n, index } = line;
  const bytes = fromBase64url(line.leaf) ?? new Uint8Array();
  const hash = leafHash(bytes);
  const base = { member, n, index, leafHash: toHex(hash), anchoredSize: line.anchoredSize ?? undefined, erased: line.opening === null };
  const wrong = (problem: LineProblem): HistoryEntry => ({
    ...base,
    state: 'false',
    problem,
    leaf: undefined,
    usage: undefined,
    values: {},
    evidence: undefined,
  });
  const leaf = decodeLeaf(bytes);
  if (!leaf.ok) return wrong('malformed');
  if (leaf.value.tag !== usageTag(historyKey, member, log, n)) return wrong('tag');
  const values = line.opening === null ? undefined : checkShown(leaf.value, line.opening);
  if (values?.ok === false) return wrong('value');
  const shown = {
    ...base,
    problem: undefined,
    leaf: leaf.value,
    usage: line.opening?.usage,
    values: values?.value ?? {},
    evidence: line.evidence ?? undefined,
  };
  if (line.anchoredSize === null) return { ...shown, state: 'waiting' };
  const anchor = anchors.find(({ size }) => size === line.anchoredSize);
  if (anchor === undefined) return wrong('size');
  return checkInclusion({ leafHash: hash, index, size: anchor.size, root: fromHex(anchor.root), proof: line.proof }).ok
    ? { ...shown, state: 'anchored' }
    : wrong('proof');
};
