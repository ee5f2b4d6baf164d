import type { AmendmentMessage } from '../domain/consent-typed-data.ts';
import type { ConsentId, Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { amendConsent } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

export type RelayAmendmentInput = { readonly amendment: AmendmentMessage; readonly signature: Hex };
export type RelayAmendmentOutput = { readonly consent: ConsentId; readonly revision: number; readonly block: number };

/** Puts a subject's narrowing of its consent on chain, which alone judges it. Refuses with CONSENT_UNKNOWN or what the chain says. */
export const relayAmendment = async (modules: Modules, input: RelayAmendmentInput): Promise<Result<RelayAmendmentOutput>> => {
  const { ledger, writer } = modules;
  const { amendment, signature } = input;
  const known = ledger.head().consent(amendment.consent);
  if (known === undefined) return refuse('CONSENT_UNKNOWN');
  // The same amendment again, after an answer was lost.
  if (known.revision === amendment.revision && known.notAfter === amendment.notAfter && known.maxUses === amendment.maxUses)
    return ok({ consent: amendment.consent, revision: known.revision, block: ledger.head().block.number });
  const included = await writer.submit(amendConsent(amendment, signature));
  if (!included.ok) return included;
  return ok({ consent: amendment.consent, revision: amendment.revision, block: included.value.block });
};
