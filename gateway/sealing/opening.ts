import { recoverCertificateSigner } from '../domain/consent-typed-data.ts';
import { type CheckedOpening, type CheckedShown, type ConsentOpening, credentialType, type ShownOpening } from '../domain/credential.ts';
import type { MemberId } from '../domain/ids.ts';
import type { MemberKey } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { parseSubject, sameSubject } from '../domain/subject.ts';
import { commitSubject, saltFromHex } from '../domain/subject-commitment.ts';
import { peekClaims, verifyJws } from './jws.ts';
import { parseCredentialClaims } from './messages.ts';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The subject key certified the consent key; where both are one key, its signature on chain says it already. */
const isCertified = (opening: ShownOpening, chainId: number): boolean => {
  const { subjectKey, consentKey, credential, signature } = opening.certificate;
  if (same(subjectKey, consentKey)) return true;
  const signer = recoverCertificateSigner(chainId, { subjectKey, consentKey, credential }, signature);
  return signer !== undefined && same(signer, subjectKey);
};

/**
 * Checks once what can't change about an opening, so that authorize() needs no cryptography. `keysOf` gives an issuer's keys in force now. About 3 ms, mostly
 * Poseidon and ECDSA: keep the result. Refuses with CREDENTIAL_INVALID, CONSENT_OPENING_INVALID, or a code of the subject's number.
 */
export const checkShownOpening = (
  opening: ShownOpening,
  chainId: number,
  keysOf: (issuer: MemberId) => readonly MemberKey[],
): Result<CheckedShown> => {
  const subject = parseSubject(opening.subject.type, opening.subject.code);
  if (!subject.ok) return subject;
  const salt = saltFromHex(opening.salt);
  if (salt === undefined || !sameSubject(subject.value, opening.subject))
    return refuse('CONSENT_OPENING_INVALID', { consent: opening.consent });
  const claimed = parseCredentialClaims(peekClaims(opening.credential));
  if (!claimed.ok) return refuse('CREDENTIAL_INVALID', { reason: claimed.refusal.code });
  const verified = verifyJws(opening.credential, keysOf(claimed.value.iss), credentialType);
  if (!verified.ok) return refuse('CREDENTIAL_INVALID', { issuer: claimed.value.iss, reason: verified.refusal.code });
  const credential = claimed.value;
  const { certificate } = opening;
  const fits =
    sameSubject(credential.subject, subject.value) &&
    same(credential.key, certificate.subjectKey) &&
    credential.id === certificate.credential;
  if (!fits || !isCertified(opening, chainId)) return refuse('CREDENTIAL_INVALID', { issuer: credential.iss });
  return ok({
    consent: opening.consent,
    subject: subject.value,
    commitment: commitSubject(subject.value, salt),
    credential,
    issuerKey: verified.value.key,
    certificate,
  });
};

/** The same of the whole opening, as a member is given it. */
export const checkConsentOpening = (
  opening: ConsentOpening,
  chainId: number,
  keysOf: (issuer: MemberId) => readonly MemberKey[],
): Result<CheckedOpening> => {
  const checked = checkShownOpening(opening, chainId, keysOf);
  return checked.ok ? ok({ ...checked.value, historyKey: opening.historyKey }) : checked;
};
