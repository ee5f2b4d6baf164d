import type { MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { messageTypes, parseOpeningMessage } from '../sealing/messages.ts';
import type { Modules } from './modules.ts';
import { openConsent } from './open-consent.ts';
import { readMessage } from './read-message.ts';

export type AcceptOpeningInput = { readonly from: MemberId; readonly message: string };

const form = { typ: messageTypes.opening, parse: parseOpeningMessage };

/**
 * Takes the opening of a consent that names datasets of this member, from the consent's grantee only, and keeps it after every check of openConsent. Refuses with
 * LEDGER_BEHIND while the consent is not mirrored here, OPENING_SENDER_MISMATCH, CONSENT_DATASET_MISMATCH, or the codes of a bad message or opening.
 */
export const acceptOpening = async (modules: Modules, input: AcceptOpeningInput): Promise<Result<undefined>> => {
  const { ledger, member, openings } = modules;
  const read = readMessage(modules, input.from, input.message, form);
  if (!read.ok) return read;
  if (ledger.head().consent(read.value.consent) === undefined) await ledger.freshen();
  const view = ledger.head();
  const consent = view.consent(read.value.consent);
  if (consent === undefined) return refuse('LEDGER_BEHIND', { consent: read.value.consent });
  if (consent.grantee !== input.from) return refuse('OPENING_SENDER_MISMATCH', { consent: consent.id });
  if (!consent.scopes.some((scope) => view.dataset(scope.dataset)?.owner === member))
    return refuse('CONSENT_DATASET_MISMATCH', { consent: consent.id });
  if ((await openings.find(consent.id)) !== undefined) return ok(undefined);
  const opened = await openConsent(modules, read.value.sealed, consent);
  if (!opened.ok) return opened;
  await openings.keep(opened.value.opening, opened.value.checked);
  return ok(undefined);
};
