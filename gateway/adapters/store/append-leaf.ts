import { encodeLeaf, leafEntropyLength } from '../../audit/leaf.ts';
import { usageTag } from '../../audit/tag.ts';
import { toHex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { leafHash } from '../../domain/merkle.ts';
import type { Refusal } from '../../domain/result.ts';
import type { AppendOutcome, AppendRequest, Attachment, Counter, LogPosition } from '../../ports/audit-store.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { AuditLog } from './audit-log.ts';
import { readU64, u64, utf8 } from './bytes.ts';
import { type OpeningKeys, openingKeyName } from './opening-keys.ts';
import { openUnder, sealUnder } from './seal.ts';
import type { Transaction } from './transaction.ts';

export type AppendModules = {
  readonly member: MemberId;
  readonly log: AuditLog;
  readonly openingKeys: OpeningKeys;
  readonly randomness: Randomness;
};

/** What the usage index holds for one (usage, step): index, leaf hash, whether there is an attachment, the attachment. */
const usageRecord = (index: number, hash: Uint8Array, sealedAttachment: Buffer | undefined): Buffer =>
  Buffer.concat([u64(index), hash, Buffer.of(sealedAttachment === undefined ? 0 : 1), sealedAttachment ?? Buffer.alloc(0)]);

export const readUsagePosition = (log: number, record: Buffer): LogPosition => ({
  log,
  index: readU64(record),
  leafHash: toHex(record.subarray(8, 40)),
});

export const readUsageAttachment = (openingKeys: OpeningKeys, usageKey: Buffer, record: Buffer): Attachment => {
  if (record[40] === 0) return undefined;
  const bytes = openUnder(openingKeys, usageKey, record.subarray(41), 'attachment');
  return bytes === undefined ? 'erased' : new Uint8Array(bytes);
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
  { member, log, openingKeys, randomness }: AppendModules,
  { draft, counters, lastCheck, attachment }: AppendRequest,
  transaction: Transaction,
): AppendOutcome => {
  const usageKey = log.keys.usage(draft.usage, draft.step);
  const present = transaction.get(usageKey);
  if (present !== undefined) {
    const position = readUsagePosition(log.log, present);
    return { kind: 'present', position, attachment: readUsageAttachment(openingKeys, usageKey, present) };
  }
  const refusal = lastCheck?.();
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const counts = countUp(transaction, log, counters);
  if (!(counts instanceof Map)) return { kind: 'refused', refusal: counts };

  const index = log.next;
  const { consent } = draft;
  const n = consent === undefined ? 0 : log.tags.get(transaction, consent.id);
  const tag = consent === undefined ? null : usageTag(consent.historyKey, member, log.log, n);
  const { bytes, opening } = encodeLeaf(draft, randomness.bytes(leafEntropyLength(draft)), tag);
  const hash = leafHash(bytes);
  // That something was erased must outlive what was.
  const keyName = openingKeyName(draft.time, draft.step === 'erased' ? undefined : consent?.id);
  const seal = (at: Buffer, plaintext: Uint8Array): Buffer => sealUnder(openingKeys, keyName, at, plaintext, randomness);
  const openingKey = log.keys.opening(index);
  const sealedOpening = seal(openingKey, utf8(JSON.stringify({ index, ...opening })));
  const sealedAttachment = attachment === undefined ? undefined : seal(usageKey, attachment);

  log.append(transaction, hash, bytes);
  transaction.add(openingKey, sealedOpening);
  transaction.put(usageKey, usageRecord(index, hash, sealedAttachment));
  for (const [key, uses] of counts) log.uses.set(key, uses);
  if (consent !== undefined) {
    log.tags.set(consent.id, n + 1);
    transaction.add(log.keys.tagged(consent.id, n), u64(index));
  }
  return { kind: 'appended', position: { log: log.log, index, leafHash: toHex(hash) } };
};
