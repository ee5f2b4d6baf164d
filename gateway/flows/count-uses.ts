import type { Authorization } from '../domain/ask.ts';
import type { Counter } from '../ports/audit-store.ts';

/** Uses are counted here and nowhere else: one for the consent and dataset, one for the grant, both or neither. */
export const countersOf = (authorization: Authorization): Counter[] => {
  if (authorization.basis === 'open') return [];
  const { consent, grant, dataset } = authorization;
  const unlimited = grant.scope.quota === 0;
  return [
    {
      key: `consent/${consent.id}/${dataset.id}`,
      limit: consent.maxUses,
      onLimit: { code: 'CONSENT_USED_UP', detail: { consent: consent.id, maxUses: consent.maxUses } },
    },
    {
      key: `grant/${grant.id}`,
      limit: unlimited ? Number.MAX_SAFE_INTEGER : grant.scope.quota,
      onLimit: { code: 'GRANT_QUOTA_USED', detail: { grant: grant.id, quota: grant.scope.quota } },
    },
  ];
};
