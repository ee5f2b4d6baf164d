import { type HistoryRequestMessage, recoverHistorySigner } from '../domain/consent-typed-data.ts';
import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Modules } from './modules.ts';

export type HistoryAsked = { readonly request: HistoryRequestMessage; readonly signature: Hex };

/** Longest time ahead, in seconds, for which a subject may sign a request: a captured one is of no use for longer. */
export const longestHistoryDeadline = 600;
export const mostHistoryEntries = 100;

/**
 * That a request about what this log holds under a consent is in time, within bounds, and signed by the consent's key. Refuses with HISTORY_REQUEST_EXPIRED, LOG_RANGE_INVALID,
 * CONSENT_UNKNOWN, HISTORY_SIGNATURE_INVALID.
 */
export const checkHistoryOwner = (modules: Modules, { request, signature }: HistoryAsked): Result<void> => {
  const { member, ledger, audit, clock } = modules;
  const now = Math.floor(clock.now() / 1000);
  if (request.member !== member || request.deadline <= now || request.deadline > now + longestHistoryDeadline)
    return refuse('HISTORY_REQUEST_EXPIRED', { member: request.member, deadline: request.deadline });
  const size = audit.size();
  if (request.log !== audit.log || request.count > mostHistoryEntries || request.since > size)
    return refuse('LOG_RANGE_INVALID', { log: request.log, count: request.count, since: request.since, size });
  const consent = ledger.head().consent(request.consent);
  if (consent === undefined) return refuse('CONSENT_UNKNOWN', { consent: request.consent });
  return recoverHistorySigner(ledger.chainId, request, signature)?.toLowerCase() === consent.key.toLowerCase()
    ? ok(undefined)
    : refuse('HISTORY_SIGNATURE_INVALID', { consent: request.consent });
};
