import type { Ask, Authorization } from '../domain/ask.ts';
import type { AppendOutcome, AppendRequest } from '../ports/audit-store.ts';
import { authorizeHere } from './asked-usage.ts';
import { countersOf } from './count-uses.ts';
import type { Modules } from './modules.ts';

/** `moved`: what the use would be counted under changed since it was decided; nothing was logged, and it must be decided again at the newest block. */
export type ServingOutcome = AppendOutcome | { readonly kind: 'moved' };

/** The terms that a count and a price rest on. A narrowed maximum, or another grant of the same consumer, is another decision. */
export const countedTerms = (authorization: Authorization): string => {
  const { dataset, version, priceFen } = authorization;
  const common = [authorization.basis, dataset.id, version.version, priceFen.toString()];
  if (authorization.basis === 'open') return common.join('/');
  const { grant, consent } = authorization;
  return [...common, grant.id, grant.version, consent.id, consent.revision].join('/');
};

/**
 * Counts a use and logs it in one durable write, with one more look at the authorization inside the store's critical section: whatever block or withdrawal came in
 * since it was decided counts (design.md §5).
 */
export const logServing = async (
  { audit, ledger, held }: Pick<Modules, 'audit' | 'ledger' | 'held'>,
  ask: Ask,
  authorization: Authorization,
  entry: Pick<AppendRequest, 'draft' | 'attachment'>,
): Promise<ServingOutcome> => {
  let moved = false;
  const appended = await audit.append({
    ...entry,
    counters: countersOf(authorization),
    lastCheck: () => {
      const last = authorizeHere({ held }, ledger.head(), ask);
      if (!last.ok) return last.refusal;
      moved = countedTerms(last.value) !== countedTerms(authorization);
      return moved ? { code: 'LEDGER_BEHIND', detail: { block: ledger.head().block.number } } : undefined;
    },
  });
  return moved ? { kind: 'moved' } : appended;
};
