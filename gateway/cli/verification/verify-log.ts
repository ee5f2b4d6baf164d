import { checkOpening, decodeLeaf, type OpenedLeaf } from '../../audit/leaf.ts';
import { fromBase64url, toHex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { CompactTree, leafHash } from '../../domain/merkle.ts';
import type { Anchor } from '../../domain/registry-state.ts';
import type { LeafOpening } from '../../ports/audit-store.ts';

/** What is wrong with one log, by itself. */
export type LogFinding = {
  readonly kind:
    | 'root-differs'
    | 'log-shorter-than-anchor'
    | 'leaf-out-of-place'
    | 'leaf-malformed'
    | 'opening-differs'
    | 'opening-out-of-place';
  readonly member: MemberId;
  readonly what: string;
};
export type VerifiedLog = {
  readonly member: MemberId;
  readonly size: number;
  readonly anchors: number;
  readonly anchoredSize: number;
  /** Openings that were erased: the leaf stands, nothing can be matched. */
  readonly erased: number;
  readonly opened: readonly OpenedLeaf[];
  readonly findings: readonly LogFinding[];
};

export type LeafLine = { readonly index: number; readonly leaf: string };
export type OpeningLine = { readonly index: number; readonly opening: LeafOpening | null };

/**
 * Holds what a gateway hands out against what it anchored: the RFC 6962 root is recomputed at every anchored size, each opening against its leaf. Nothing
 * the gateway says about itself is believed; a log of any length is read once, as it comes.
 */
export const verifyLog = async (
  member: MemberId,
  anchors: readonly Anchor[],
  leaves: AsyncIterable<LeafLine>,
  openings: AsyncIterable<OpeningLine>,
): Promise<VerifiedLog> => {
  const findings: LogFinding[] = [];
  const found = (kind: LogFinding['kind'], what: string): void => void findings.push({ kind, member, what });
  const rootAt = new Map(anchors.map(({ size, root }) => [size, root]));
  const tree = new CompactTree();
  const opened: OpenedLeaf[] = [];
  let erased = 0;
  const opening = openings[Symbol.asyncIterator]();
  for await (const { index, leaf: text } of leaves) {
    const bytes = fromBase64url(text);
    if (index !== tree.size || bytes === undefined) {
      found('leaf-out-of-place', `entry ${tree.size}`);
      break;
    }
    tree.append(leafHash(bytes));
    const anchored = rootAt.get(tree.size);
    if (anchored !== undefined && anchored !== toHex(tree.root()))
      found('root-differs', `size ${tree.size}: anchored ${anchored}, entries give ${toHex(tree.root())}`);
    const shown = (await opening.next()).value as OpeningLine | undefined;
    const leaf = decodeLeaf(bytes);
    if (!leaf.ok) found('leaf-malformed', `entry ${index}: ${String(leaf.refusal.detail.reason)}`);
    else if (shown?.index !== index) found('opening-out-of-place', `entry ${index}`);
    else if (shown.opening === null) erased += 1;
    else {
      const values = checkOpening(leaf.value, shown.opening);
      if (values.ok) opened.push({ index, leaf: leaf.value, usage: shown.opening.usage, values: values.value });
      else found('opening-differs', `entry ${index}: ${String(values.refusal.detail.name)}`);
    }
  }
  await opening.return?.();
  const anchoredSize = Math.max(0, ...anchors.map(({ size }) => size));
  if (tree.size < anchoredSize) found('log-shorter-than-anchor', `${tree.size} entries, ${anchoredSize} anchored`);
  return { member, size: tree.size, anchors: anchors.length, anchoredSize, erased, opened, findings };
};
