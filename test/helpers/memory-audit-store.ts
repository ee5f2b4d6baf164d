import { encodeLeaf, leafEntropyLength } from '../../gateway/audit/leaf.ts';
import { usageTag } from '../../gateway/audit/tag.ts';
import { XinshuError } from '../../gateway/domain/errors.ts';
import { fromHex } from '../../gateway/domain/hash.ts';
import type { ConsentId, MemberId, UsageId } from '../../gateway/domain/ids.ts';
import type { AppendOutcome, AppendRequest, AuditStore, LeafOpening, LeafStep, LogPosition } from '../../gateway/ports/audit-store.ts';
import type { Randomness } from '../../gateway/ports/clock.ts';
import { naiveConsistency, naiveInclusion, naiveLeafHash, naiveRoot } from './naive-merkle.ts';

type Entry = {
  readonly leaf: Uint8Array;
  readonly opening: LeafOpening;
  readonly consent: ConsentId | undefined;
  readonly attachment: Uint8Array | undefined;
};

/** An AuditStore in memory: the naive model of the port, and a stand-in for tests whose subject is not the store. */
export const memoryAuditStore = (member: MemberId, log: number, randomness: Randomness): AuditStore => {
  const entries: Entry[] = [];
  const counts = new Map<string, number>();
  const positionOf = (index: number): LogPosition => ({ log, index, leafHash: naiveLeafHash(entries[index]!.leaf) });
  const indexOf = (usage: UsageId, step: LeafStep): number =>
    entries.findIndex(({ opening }) => opening.usage === usage && opening.step === step);
  const leaves = (size: number): Uint8Array[] => entries.slice(0, size).map(({ leaf }) => leaf);
  const check = (from: number, to: number): void => {
    if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= entries.length)) {
      throw new XinshuError('LOG_RANGE_INVALID', { from, to });
    }
  };
  const under = (consent: ConsentId): number[] => entries.flatMap((entry, index) => (entry.consent === consent ? [index] : []));

  const append = ({ draft, counters, lastCheck, attachment }: AppendRequest): AppendOutcome => {
    const present = indexOf(draft.usage, draft.step);
    if (present >= 0) return { kind: 'present', position: positionOf(present), attachment: entries[present]!.attachment };
    const refusal = lastCheck?.();
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const next = new Map(counts);
    for (const { key, limit, onLimit } of counters) {
      if ((next.get(key) ?? 0) >= limit) return { kind: 'refused', refusal: onLimit };
      next.set(key, (next.get(key) ?? 0) + 1);
    }
    const { consent } = draft;
    const tag = consent === undefined ? null : usageTag(consent.historyKey, member, log, under(consent.id).length);
    const { bytes, opening } = encodeLeaf(draft, randomness.bytes(leafEntropyLength(draft)), tag);
    for (const [key, count] of next) counts.set(key, count);
    entries.push({ leaf: bytes, opening: { index: entries.length, ...opening }, consent: consent?.id, attachment });
    return { kind: 'appended', position: positionOf(entries.length - 1) };
  };

  return {
    log,
    append: async (request) => append(request),
    size: () => entries.length,
    root: async (size) => {
      check(size, size);
      return naiveRoot(leaves(size));
    },
    inclusion: async (index, size) => {
      check(index, index);
      check(index + 1, size);
      return naiveInclusion(index, leaves(size));
    },
    consistency: async (from, to) => {
      check(from, to);
      return naiveConsistency(from, leaves(to));
    },
    tile: async (level, index, width) => {
      const span = 256 ** level;
      const first = index * 256 * span;
      check(first, first + width * span);
      if (width > 256) throw new XinshuError('LOG_RANGE_INVALID', { width });
      const roots = Array.from({ length: width }, (_, n) => naiveRoot(leaves(first + (n + 1) * span).slice(first + n * span)));
      return Buffer.concat(roots.map(fromHex));
    },
    leaves: async function* (from, to) {
      check(from, to);
      for (let index = from; index < to; index += 1) yield { index, leaf: entries[index]!.leaf };
    },
    opening: async (index) => {
      check(index, index + 1);
      return entries[index]!.opening;
    },
    find: async (usage) =>
      entries.flatMap(({ opening }, index) => (opening.usage === usage ? [{ step: opening.step, position: positionOf(index) }] : [])),
    recall: async (usage, step) => {
      const index = indexOf(usage, step);
      return index < 0 ? undefined : { position: positionOf(index), attachment: entries[index]!.attachment };
    },
    tagged: async (consent, n) => {
      const index = under(consent)[n];
      return index === undefined ? undefined : positionOf(index);
    },
    count: (counterKey) => counts.get(counterKey) ?? 0,
  };
};
