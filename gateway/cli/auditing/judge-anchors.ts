import { isLate } from '../../audit/entry-times.ts';
import { rootWords } from '../../audit/judge-evidence.ts';
import { toHex } from '../../domain/hash.ts';
import { rootAt } from '../../domain/merkle.ts';
import type { Anchor } from '../../domain/registry-state.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { type Desk, note, timeLimits } from './desk.ts';
import type { LogState } from './state.ts';

export type TimedAnchor = { readonly anchor: Anchor; readonly time: number };

/** The anchors of a log with their block times, the oldest first. */
export const timedAnchors = async (
  anchors: readonly Anchor[],
  viewAt: (block: number) => Promise<RegistryView | undefined>,
): Promise<readonly TimedAnchor[]> => {
  const timed: TimedAnchor[] = [];
  for (const anchor of anchors) {
    const view = await viewAt(anchor.block);
    if (view !== undefined) timed.push({ anchor, time: view.block.time });
  }
  return timed.sort((a, b) => a.anchor.size - b.anchor.size);
};

/** Holds what was read of a log against its anchors: the root at each anchored size, and how long the oldest entry under each had waited. */
export const judgeAnchors = async (desk: Desk, at: LogState, anchors: readonly TimedAnchor[], head: RegistryView): Promise<LogState> => {
  const { member } = at;
  const limits = timeLimits(desk, head);
  const nodes = desk.state.nodes(member);
  let before = at.anchorsTo;
  const late = (from: number, until: number): void => {
    const time = desk.state.leafTimes(member, from)?.time;
    if (time !== undefined && isLate(time, until, limits))
      note(desk, { kind: 'late-anchor', member, what: `entries from ${from} on`, entries: [{ member, index: from }] });
  };
  for (const { anchor, time } of anchors) {
    if (anchor.size <= before || anchor.size > at.size) continue;
    const root = toHex(await rootAt(anchor.size, nodes));
    if (root !== anchor.root)
      note(desk, {
        kind: 'root-differs',
        member,
        what: rootWords(anchor.size, anchor.root, root),
        entries: [{ member, index: anchor.size - 1 }],
      });
    late(before, time);
    before = anchor.size;
  }
  if (before < at.size) late(before, head.block.time);
  return { ...at, anchorsTo: before };
};
