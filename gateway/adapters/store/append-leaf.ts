import { leafBytes, leafEntropyLength } from '../../audit/leaf.ts';
import { usageTag } from '../../audit/tag.ts';
import { toHex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { leafHash } from '../../domain/merkle.ts';
import type { Refusal } from '../../domain/result.ts';
import type { AppendOutcome, AppendRequest, Attachment, Counter, LogPosition } from '../../ports/audit-store.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { Arena } from './arena.ts';
import { type Aside, decodeAside, encodeAside } from './aside.ts';
import type { AuditLog } from './audit-log.ts';
import type { Entry, Place } from './audit-packs.ts';
import { readU64, u64 } from './bytes.ts';
import { type OpeningKeys, openingKeyName } from './opening-keys.ts';
import { openUnder, sealParts } from './seal.ts';
import type { Transaction } from './transaction.ts';

export type AppendModules = {
  readonly member: MemberId;
  readonly log: AuditLog;
  readonly openingKeys: OpeningKeys;
  readonly randomness: Randomness;
  /** Where one entry at a time is put together before it is sealed. */
  readonly plaintext: Arena;
};

/** What the usage index holds for one (usage, step). */
export type UsageRecord = Place & { readonly attached: boolean };
const usageRecord = ({ index, offset, attached }: UsageRecord): Buffer => Buffer.concat([u64(index), Buffer.of(offset, attached ? 1 : 0)]);
export const readUsageRecord = (record: Buffer): UsageRecord => ({
  index: readU64(record),
  offset: record.readUInt8(8),
  attached: record.readUInt8(9) === 1,
});

/** What was stored beside an entry; undefined when it was erased. Throws STORE_CORRUPT. */
export const openAside = ({ log, openingKeys }: AppendModules, index: number, aside: Uint8Array): Aside | undefined => {
  const opened = openUnder(openingKeys, log.keys.asides(index), aside as Buffer, 'aside');
  return opened === undefined ? undefined : decodeAside(opened);
};

export const positionOf = (log: AuditLog, { index }: Place, { leaf }: Entry): LogPosition => ({
  log: log.log,
  index,
  leafHash: toHex(leafHash(leaf)),
});

/** An entry as a retry of its append finds it. Throws STORE_CORRUPT. */
export const presentEntry = (modules: AppendModules, record: UsageRecord, entry: Entry) => {
  const opened = record.attached ? openAside(modules, record.index, entry.aside) : undefined;
  const attachment: Attachment = record.attached ? (opened?.attachment ?? 'erased') : undefined;
  return { position: positionOf(modules.log, record, entry), attachment };
};

/** The new counts by key, or the refusal of the first counter that is full. */
const countUp = (transaction: Transaction, log: AuditLog, counters: readonly Counter[]): Map<string, number> | Refusal => {
  const counts = new Map<string, number>();
  for (const { key, limit, onLimit } of counters) {
    const used = counts.get(key) ?? log.uses.get(transaction, key);
    if (used >= limit) return onLimit;
    counts.set(key, used + 1);
  }
  return counts;
};

/** The critical section of an append (ports/audit-store.ts): work of the writer. Everything that can throw comes before the first change. */
export const appendLeaf = (
  modules: AppendModules,
  { draft, counters, lastCheck, attachment }: AppendRequest,
  transaction: Transaction,
): AppendOutcome => {
  const { member, log, openingKeys, randomness, plaintext } = modules;
  const usageKey = log.keys.usage(draft.usage, draft.step);
  const present = transaction.get(usageKey);
  if (present !== undefined) {
    const record = readUsageRecord(present);
    return {
      kind: 'present',
      ...presentEntry(
        modules,
        record,
        log.packs.at((key) => transaction.get(key), record),
      ),
    };
  }
  const refusal = lastCheck?.();
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const counts = countUp(transaction, log, counters);
  if (!(counts instanceof Map)) return { kind: 'refused', refusal: counts };

  const index = log.next;
  const { consent } = draft;
  const n = consent === undefined ? 0 : log.tags.get(transaction, consent.id);
  const tag = consent === undefined ? null : usageTag(consent.historyKey, member, log.log, n);
  const entropy = randomness.bytes(leafEntropyLength(draft));
  const leaf = leafBytes(draft, entropy, tag);
  const hash = leafHash(leaf);
  // That something was erased must outlive what was.
  const keyName = openingKeyName(draft.time, draft.step === 'erased' ? undefined : consent?.id);
  plaintext.reset();
  const aside = sealParts(openingKeys, keyName, log.keys.asides(index), encodeAside(draft, entropy, attachment, plaintext), randomness);

  const place = log.append(transaction, hash, { leaf, aside });
  transaction.put(usageKey, usageRecord({ ...place, attached: attachment !== undefined }));
  for (const [key, uses] of counts) log.uses.set(key, uses);
  if (consent !== undefined) {
    log.tags.set(consent.id, n + 1);
    transaction.add(log.keys.tagged(consent.id, n), u64(index));
  }
  return { kind: 'appended', position: { log: log.log, index, leafHash: toHex(hash) } };
};
