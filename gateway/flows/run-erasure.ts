import { fromHex, sha256Hex } from '../domain/hash.ts';
import type { Hex, UsageId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Staff } from '../domain/staff.ts';
import { usageIdFrom } from '../domain/usage-id.ts';
import type { KeyScope } from '../ports/erasable-keys.ts';
import type { Modules } from './modules.ts';
import { type ErasureAsked, planErasure } from './plan-erasure.ts';

export type RunErasureInput = ErasureAsked & { readonly plan: Hex; readonly staff: Staff };
export type RunErasureOutput = { readonly erased: number };

/** What outlives a destroyed key, so that a copy of it that comes back is destroyed again. `done`: no file holds it. */
export type Erasure = KeyScope & { readonly at: number; readonly done: boolean };

export const erasureName = ({ consent, month }: KeyScope): string => `${consent ?? '-'}/${month ?? '-'}`;

/**
 * Destroys the keys of a plan that was looked at before. Each is an entry of the log (`erased`, tagged for the subject while its history key is still there) that is
 * durable before the key goes; a crash in between is finished by `resumeErasures`. Refuses with ERASURE_PLAN_CHANGED, and with what planErasure refuses with.
 */
export const runErasure = (modules: Modules, input: RunErasureInput): Promise<Result<RunErasureOutput>> =>
  modules.locks.run('erasure', () => run(modules, input));

const run = async (modules: Modules, { plan, staff, ...asked }: RunErasureInput): Promise<Result<RunErasureOutput>> => {
  const planned = await planErasure(modules, asked);
  if (!planned.ok) return planned;
  if (planned.value.plan !== plan) return refuse('ERASURE_PLAN_CHANGED', { plan: planned.value.plan });
  const { due } = planned.value;
  for (let from = 0; from < due.length; from += atOnce) {
    const logged = await Promise.all(due.slice(from, from + atOnce).map((scope) => logErasure(modules, scope, staff)));
    const refused = logged.find((result) => !result.ok);
    if (refused !== undefined && !refused.ok) return refused;
  }
  const { documents, clock } = modules;
  const noted = (done: boolean) =>
    inTurns(due, (scope) => documents.put<Erasure>('erasure', erasureName(scope), { ...scope, at: clock.now(), done }));
  await noted(false);
  await destroy(modules, due);
  await noted(true);
  return ok({ erased: due.length });
};

/** Well below what the store lets wait (OVERLOADED). */
const atOnce = 256;

const inTurns = async (scopes: readonly KeyScope[], work: (scope: KeyScope) => Promise<void>): Promise<void> => {
  for (let from = 0; from < scopes.length; from += atOnce) await Promise.all(scopes.slice(from, from + atOnce).map(work));
};

const logErasure = async (
  { audit, openings, ledger, clock, member }: Modules,
  scope: KeyScope,
  staff: Staff,
): Promise<Result<undefined>> => {
  const { consent, month } = scope;
  const opening = consent === undefined ? undefined : await openings.find(consent);
  const appended = await audit.append({
    draft: {
      step: 'erased',
      usage: erasureId(member, scope),
      time: clock.now(),
      block: ledger.head().block.number,
      outcome: 'ok',
      consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
      committed: { staff: staff.name, period: month ?? '-', ...(consent === undefined ? {} : { consent }) },
    },
    counters: [],
  });
  return appended.kind === 'refused' ? { ok: false, refusal: appended.refusal } : ok(undefined);
};

/** The same for the same scope: an erasure that is repeated after a failure is logged once. */
const erasureId = (member: string, scope: KeyScope): UsageId =>
  usageIdFrom(fromHex(sha256Hex(`xinshu-erasure/1/${member}/${erasureName(scope)}`)).subarray(0, 16));

const destroy = async ({ erasable, openings }: Pick<Modules, 'erasable' | 'openings'>, scopes: readonly KeyScope[]): Promise<void> => {
  await erasable.destroy(scopes);
  for (const { consent, month } of scopes) if (consent !== undefined && month === undefined) openings.forget(consent);
};

/** Finishes what a crash cut off, and destroys again what a restored copy of the keys brought back. To be done before anything is read. */
export const resumeErasures = async (modules: Pick<Modules, 'documents' | 'erasable' | 'openings'>): Promise<number> => {
  const { documents, erasable } = modules;
  const known = new Map<string, Erasure>();
  for await (const [name, erasure] of documents.list<Erasure>('erasure')) known.set(name, erasure);
  const back: Erasure[] = [...known.values()].filter(({ done }) => !done);
  for await (const scope of erasable.list()) {
    const erasure = known.get(erasureName(scope));
    if (erasure?.done === true) back.push(erasure);
  }
  if (back.length === 0) return 0;
  await destroy(modules, back);
  await inTurns(back, (scope) => documents.put('erasure', erasureName(scope), { ...scope, done: true }));
  return back.length;
};
