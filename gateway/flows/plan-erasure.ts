import { chinaDate } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { ConsentId, Hex } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { erasableFrom, type RetentionRule, retentionInForce } from '../domain/retention.ts';
import type { KeyScope } from '../ports/erasable-keys.ts';
import { decideFresh } from './decide-fresh.ts';
import type { Modules } from './modules.ts';

export type ErasureAsked = {
  /** Only what belongs to this consent. */
  readonly consent?: ConsentId;
  /** All of the months before this one (`YYYY-MM`), or nothing. */
  readonly before?: string;
};
export type ErasurePlan = {
  /** Stands for exactly these scopes: what was looked at is what is erased. */
  readonly plan: Hex;
  readonly today: string;
  readonly due: readonly KeyScope[];
  /** Keys that stay, and the first day on which another falls due; undefined while that hangs on a consent. */
  readonly kept: { readonly keys: number; readonly next: string | undefined };
  readonly rules: readonly RetentionRule[];
};

/**
 * What may be erased today, in block time: a month's keys once the retention rules have run; the key of a consent as a whole (its opening: subject, credential,
 * history key) once the consent has ended and none of its months is kept. Changes nothing. Refuses with ERASURE_TOO_EARLY when what was asked for must still be
 * kept, LEDGER_STALE.
 */
export const planErasure = async (modules: Modules, asked: ErasureAsked): Promise<Result<ErasurePlan>> => {
  const view = await decideFresh(modules);
  if (!view.ok) return view;
  const today = chinaDate(view.value.block.time);
  const months: Extract<KeyScope, { readonly month: string }>[] = [];
  const wholes: ConsentId[] = [];
  for await (const scope of modules.erasable.list()) {
    if (asked.consent !== undefined && scope.consent !== asked.consent) continue;
    if (scope.month === undefined) wholes.push(scope.consent);
    else months.push(scope);
  }
  const wanted = months.filter(({ month }) => asked.before === undefined || month < asked.before);
  const early = wanted.find(({ month }) => erasableFrom(month, today) > today);
  if (early !== undefined && asked.before !== undefined)
    return refuse('ERASURE_TOO_EARLY', { month: early.month, keptUntil: erasableFrom(early.month, today) });

  const due: KeyScope[] = wanted.filter(({ month }) => erasableFrom(month, today) <= today);
  const keptMonths = months.filter((scope) => !due.includes(scope));
  const retained = new Set(keptMonths.map(({ consent }) => consent));
  for (const consent of wholes)
    if (!retained.has(consent) && (await hasEnded(modules, view.value, consent))) due.push({ consent, month: undefined });
  const next = keptMonths.map(({ month }) => erasableFrom(month, today)).sort()[0];
  if (asked.consent !== undefined && due.length === 0 && next !== undefined)
    return refuse('ERASURE_TOO_EARLY', { consent: asked.consent, keptUntil: next });
  return ok({
    plan: planId(due),
    today,
    due,
    kept: { keys: months.length + wholes.length - due.length, next },
    rules: retentionInForce(today),
  });
};

const planId = (due: readonly KeyScope[]): Hex =>
  sha256Hex(canonicalJson(due.map(({ consent, month }) => [consent ?? null, month ?? null])));

/** Nothing can be served under it any more: withdrawn, renewed, expired; or never recorded, and its credential has run out. */
const hasEnded = async ({ openings }: Modules, view: RegistryView, id: ConsentId): Promise<boolean> => {
  const consent = view.consent(id);
  if (consent !== undefined) return consent.state !== 'given' || consent.notAfter <= view.block.time;
  const opening = await openings.find(id);
  return opening === undefined || opening.credential.exp <= view.block.time;
};
