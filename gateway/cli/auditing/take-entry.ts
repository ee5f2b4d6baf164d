import { judgeTimes, type TimeFault } from '../../audit/entry-times.ts';
import type { Finding } from '../../audit/finding.ts';
import { checkOpening, decodeLeaf, type Leaf, type OpenedLeaf } from '../../audit/leaf.ts';
import { overrun, recheckServed } from '../../audit/recheck.ts';
import { addHalf, expectedOf, type Half, isOpen, isSettled, isThere, sharedValues } from '../../audit/usage-halves.ts';
import type { ConsentId, MemberId } from '../../domain/ids.ts';
import type { Anchor } from '../../domain/registry-state.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { type Desk, note, timeLimits } from './desk.ts';
import type { ProvedEntry } from './read-window.ts';
import type { ConsentShown } from './shown-consents.ts';
import type { AuditorState, Latest } from './state.ts';

export type EntryContext = {
  readonly member: MemberId;
  readonly round: number;
  readonly viewAt: (block: number) => Promise<RegistryView | undefined>;
  /** The last anchor that does not cover this entry, with its block time. */
  readonly anchorBefore: (index: number) => { readonly anchor: Anchor; readonly time: number } | undefined;
  readonly latest: Latest;
  readonly consentShown: ConsentShown;
  /** Whether the gateway has erased what is behind this entry since it showed it. */
  readonly erasedMeanwhile: (index: number) => Promise<boolean>;
};
/** What the log's own counts take from the entry. */
export type Taken = { readonly latest: Latest; readonly step: Leaf['step'] | undefined; readonly erased: boolean };

const halfOf = (state: AuditorState, member: MemberId, { index, leaf, values }: OpenedLeaf): Half => ({
  member,
  index,
  step: leaf.step,
  outcome: leaf.outcome,
  block: leaf.block,
  counterparty: values.counterparty,
  values: Object.fromEntries(
    sharedValues.filter((name) => values[name] !== undefined).map((name) => [name, state.digest(name, values[name] as string)]),
  ),
});

/** Adds the entry's half to its usage, and says whether anything of it must still turn up. */
const match = (desk: Desk, { member, round }: EntryContext, opened: OpenedLeaf): void => {
  const { state } = desk;
  const { usage } = opened;
  const added = addHalf(usage, state.halves(usage), halfOf(state, member, opened));
  for (const finding of added.findings) note(desk, finding);
  const awaits = expectedOf(added.halves).some((expected) => !isThere(added.halves, expected));
  const forgotten = isSettled(added.halves) ? added.halves.map((half) => ({ ...half, values: {} })) : added.halves;
  state.putHalves(usage, forgotten);
  state.setOpen(usage, isOpen(added.halves));
  state.setAwaited(usage, awaits ? round : undefined);
};

/** What the consent's opening says of a use besides; that a gateway shows none of what it must have had is a finding, too. */
const credentialFindings = async (
  { member, consentShown, erasedMeanwhile }: EntryContext,
  view: RegistryView,
  opened: OpenedLeaf,
  consent: ConsentId,
): Promise<readonly Finding[]> => {
  const shown = await consentShown(consent);
  if (shown !== undefined) return recheckServed(view, member, opened, shown).findings;
  const { usage, index } = opened;
  return (await erasedMeanwhile(index)) ? [] : [{ kind: 'credential-unshown', member, usage, what: consent, entries: [{ member, index }] }];
};

const count = async (desk: Desk, context: EntryContext, view: RegistryView, opened: OpenedLeaf): Promise<void> => {
  const { member } = context;
  const { findings, counts, closed } = recheckServed(view, member, opened, undefined);
  const more = closed === undefined ? [] : await credentialFindings(context, view, opened, closed);
  for (const finding of [...findings, ...more]) note(desk, finding);
  for (const one of counts) {
    const n = desk.state.countUp(member, one.key, opened.index);
    const over = overrun(member, opened, one, n);
    if (over !== undefined) note(desk, over);
  }
};

const openedOf = (member: MemberId, { index, opening }: ProvedEntry, leaf: Leaf): OpenedLeaf | Finding => {
  const entries = [{ member, index }];
  if (opening === undefined || opening === null || opening.index !== index)
    return { kind: 'opening-out-of-place', member, what: `entry ${index}`, entries };
  const values = checkOpening(leaf, opening);
  return values.ok
    ? { index, leaf, usage: opening.usage, values: values.value }
    : { kind: 'opening-differs', member, what: `entry ${index}: ${String(values.refusal.detail.name)}`, entries };
};

/** One proved entry: its form, its opening, its times, its other half, and what the chain allowed. */
export const takeEntry = async (desk: Desk, context: EntryContext, entry: ProvedEntry): Promise<Taken> => {
  const { member, latest } = context;
  const { index } = entry;
  const entries = [{ member, index }];
  let fault: TimeFault | undefined;
  const decoded = decodeLeaf(entry.bytes);
  if (!decoded.ok) {
    note(desk, { kind: 'leaf-malformed', member, what: `entry ${index}: ${String(decoded.refusal.detail.reason)}`, entries });
    desk.state.putLeaf(member, index, entry.hash, { time: latest.time, block: 0 });
    return { latest, step: undefined, erased: false };
  }
  const leaf = decoded.value;
  desk.state.putLeaf(member, index, entry.hash, leaf);
  const view = await context.viewAt(leaf.block);
  if (view === undefined)
    note(desk, { kind: 'malformed', member, what: `entry ${index}: block ${leaf.block} is not on the chain`, entries });
  else {
    fault = judgeTimes(
      { step: leaf.step, time: leaf.time, block: leaf.block, blockTime: view.block.time },
      latest.time,
      context.anchorBefore(index)?.time,
      timeLimits(desk, view),
    );
    if (fault !== undefined)
      note(desk, {
        kind: fault.kind,
        member,
        what: `entry ${index}: ${fault.what}`,
        entries: [{ member, index: latest.index }, ...entries],
      });
  }
  // A clock that was set back is named once, not with every entry after it.
  const taken = { latest: fault === undefined && latest.time > leaf.time ? latest : { time: leaf.time, index }, step: leaf.step };
  if (entry.opening === null) {
    desk.state.addErased(member, leaf.step, 1);
    return { ...taken, erased: true };
  }
  const opened = openedOf(member, entry, leaf);
  if ('kind' in opened) note(desk, opened);
  else if (leaf.step !== 'issued' && leaf.step !== 'erased') {
    match(desk, context, opened);
    if (leaf.step === 'served' && view !== undefined) await count(desk, context, view, opened);
  }
  return { ...taken, erased: false };
};
