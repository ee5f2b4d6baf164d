import { createHash } from 'node:crypto';
import type { ConsentId, Hex, UsageId } from '../../gateway/domain/ids.ts';
import type { AppendRequest, Counter, LeafDraft } from '../../gateway/ports/audit-store.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The usage, consent and history key of this number, the same in every run. */
export const usageOf = (number: number): UsageId => {
  const hex = digest(`usage/${number}`);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-') as UsageId;
};
export const consentOf = (number: number): { id: ConsentId; historyKey: Hex } => ({
  id: `0x${digest(`consent/${number}`)}` as ConsentId,
  historyKey: `0x${digest(`history/${number}`)}`,
});

export const counterOf = (key: string, limit: number): Counter => ({ key, limit, onLimit: { code: 'CONSENT_USED_UP', detail: { key } } });

export const draftOf = (number: number, changes: Partial<LeafDraft> = {}): LeafDraft => ({
  step: 'served',
  usage: usageOf(number),
  time: Date.UTC(2026, 3, 1) + number,
  block: 100 + number,
  outcome: 'ok',
  consent: undefined,
  committed: { dataset: 'gov-credit.penalty', subject: `{"code":"subject-${number}","type":"enterprise"}`, staff: '王 五' },
  ...changes,
});

export const requestOf = (number: number, changes: Partial<AppendRequest> = {}): AppendRequest => ({
  draft: draftOf(number),
  counters: [],
  ...changes,
});
