import type { CheckedOpening, ConsentOpening } from '../domain/credential.ts';
import { XinshuError } from '../domain/errors.ts';
import type { Address, ConsentId, MemberId, SubjectCommitment } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { checkSeal } from '../sealing/jwe.ts';
import { parseConsentOpening, parseSealedJson, sealTypes } from '../sealing/messages.ts';
import { checkConsentOpening } from '../sealing/opening.ts';
import type { Modules } from './modules.ts';

/** What the opening must fit: the consent as it stands, or is about to stand, on chain. */
export type ConsentHead = { readonly id: ConsentId; readonly subject: SubjectCommitment; readonly key: Address };

/** Opens a sealed text of this member's key for this context. Refuses with the SEAL_ codes. */
export const unseal = async ({ keys }: Pick<Modules, 'keys'>, jwe: string, typ: string, context: string): Promise<Result<Uint8Array>> => {
  const checked = checkSeal(jwe, { typ, context });
  if (!checked.ok) return checked;
  try {
    return ok(await keys.open(jwe));
  } catch (error) {
    if (error instanceof XinshuError && error.code === 'SEAL_UNOPENABLE') return refuse('SEAL_UNOPENABLE');
    throw error;
  }
};

/**
 * Opens what a subject sealed to this member and checks all of it against the consent: Poseidon commitment, credential by a Sign key of its issuer in force now,
 * certificate of the consent's key. Refuses with the SEAL_, CREDENTIAL_ and CONSENT_OPENING_INVALID codes.
 */
export const openConsent = async (
  modules: Pick<Modules, 'keys' | 'ledger'>,
  sealed: string,
  consent: ConsentHead,
): Promise<Result<{ readonly opening: ConsentOpening; readonly checked: CheckedOpening }>> => {
  const plaintext = await unseal(modules, sealed, sealTypes.opening, consent.id);
  if (!plaintext.ok) return plaintext;
  const opening = parseSealedJson(plaintext.value, parseConsentOpening);
  if (!opening.ok) return opening;
  const view = modules.ledger.head();
  const keysOf = (issuer: MemberId) => keysInForce(view.member(issuer)?.keys ?? [], 'sign', view.block.number);
  const checked = checkConsentOpening(opening.value, modules.ledger.chainId, keysOf);
  if (!checked.ok) return checked;
  const bound =
    checked.value.consent === consent.id &&
    checked.value.commitment === consent.subject &&
    checked.value.certificate.consentKey.toLowerCase() === consent.key.toLowerCase();
  return bound ? ok({ opening: opening.value, checked: checked.value }) : refuse('CONSENT_OPENING_INVALID', { consent: consent.id });
};
