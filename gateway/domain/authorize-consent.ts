import type { AcceptedIssuer, Ask } from './ask.ts';
import type { CheckedShown } from './credential.ts';
import { sameAddress } from './ids.ts';
import { keysInForce } from './member-keys.ts';
import { checkMember } from './membership.ts';
import type { Consent, Dataset } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';
import { sameSubject } from './subject.ts';

/** The consent itself, as it stands on chain: state, time, and each thing it binds (rule 3). */
const checkConsent = (view: RegistryView, dataset: Dataset, ask: Ask): Result<Consent> => {
  if (ask.consent === undefined) return refuse('CONSENT_MISSING');
  const facts = { consent: ask.consent };
  const consent = view.consent(ask.consent);
  if (consent === undefined) {
    const key = ask.opening?.certificate.consentKey;
    return key !== undefined && view.consentBarred(ask.consent, key)
      ? refuse('CONSENT_WITHDRAWN', facts)
      : refuse('CONSENT_UNKNOWN', facts);
  }
  if (consent.state === 'withdrawn') return refuse('CONSENT_WITHDRAWN', facts);
  if (consent.state === 'renewed') return refuse('CONSENT_RENEWED', { ...facts, renewedBy: consent.renewedBy ?? '' });
  if (view.block.time >= consent.notAfter) return refuse('CONSENT_EXPIRED', { ...facts, notAfter: consent.notAfter });
  if (view.block.time < consent.notBefore) return refuse('CONSENT_NOT_YET_VALID', { ...facts, notBefore: consent.notBefore });
  if (consent.grantee !== ask.consumer) return refuse('CONSENT_GRANTEE_MISMATCH', facts);
  const scopes = consent.scopes.filter((scope) => scope.dataset === dataset.id);
  if (scopes.length === 0) return refuse('CONSENT_DATASET_MISMATCH', { ...facts, dataset: dataset.id });
  const outside = ask.fields.find((field) => !scopes.some((scope) => scope.fields.includes(field)));
  if (outside !== undefined) return refuse('CONSENT_FIELD_MISMATCH', { ...facts, field: outside });
  if (consent.purpose !== ask.purpose) return refuse('CONSENT_PURPOSE_MISMATCH', { ...facts, purpose: ask.purpose });
  if (!consent.operations.includes(ask.operation)) return refuse('CONSENT_OPERATION_MISMATCH', { ...facts, operation: ask.operation });
  return ok(consent);
};

/** That the opening belongs to this consent and to the subject that was asked about. */
const checkBinding = (consent: Consent, opening: CheckedShown, ask: Ask): Result<void> => {
  const bound =
    opening.consent === consent.id &&
    opening.commitment === consent.subject &&
    sameAddress(opening.certificate.consentKey, consent.key) &&
    sameSubject(opening.subject, opening.credential.subject);
  if (!bound) return refuse('CONSENT_OPENING_INVALID', { consent: consent.id });
  return sameSubject(opening.subject, ask.subject) ? ok(undefined) : refuse('CONSENT_SUBJECT_MISMATCH', { consent: consent.id });
};

const accepts = (accepted: readonly AcceptedIssuer[], issuer: string, dataset: Dataset): boolean =>
  accepted.some((entry) => entry.issuer === issuer && entry.maxGrade >= dataset.grade);

/** That the credential holds at this block, and that its issuer may speak for this grade (rule 2: never the grantee itself). */
const checkCredential = (view: RegistryView, dataset: Dataset, consent: Consent, opening: CheckedShown, ask: Ask): Result<void> => {
  const { credential, certificate } = opening;
  const facts = { credential: credential.id, issuer: credential.iss };
  if (!sameAddress(certificate.subjectKey, credential.key) || certificate.credential !== credential.id)
    return refuse('CREDENTIAL_INVALID', facts);
  if (credential.iss === consent.grantee) return refuse('CREDENTIAL_ISSUER_IS_GRANTEE', facts);
  const issuer = checkMember(view, credential.iss, 'issuer');
  if (!issuer.ok) return issuer;
  // A retired key may have been stolen, so what it signed must be signed anew.
  const signed = keysInForce(issuer.value.keys, 'sign', view.block.number).some((key) => key.data === opening.issuerKey);
  if (!signed || view.block.time < credential.nbf) return refuse('CREDENTIAL_INVALID', facts);
  if (view.block.time >= credential.exp) return refuse('CREDENTIAL_EXPIRED', { ...facts, exp: credential.exp });
  if (view.credentialRevoked(credential.iss, credential.id)) return refuse('CREDENTIAL_REVOKED', facts);
  if (ask.issuersAccepted !== null && !accepts(ask.issuersAccepted, credential.iss, dataset)) {
    return refuse('CREDENTIAL_ISSUER_NOT_ACCEPTED', { ...facts, grade: dataset.grade });
  }
  return ok(undefined);
};

/** The consent that covers an ask at the view's block, proved to be the subject's own. Uses are counted where they are served, not here. */
export const coveringConsent = (view: RegistryView, dataset: Dataset, ask: Ask): Result<Consent> => {
  const consent = checkConsent(view, dataset, ask);
  if (!consent.ok) return consent;
  if (ask.opening === undefined) return refuse('CONSENT_OPENING_MISSING', { consent: consent.value.id });
  const bound = checkBinding(consent.value, ask.opening, ask);
  if (!bound.ok) return bound;
  const credential = checkCredential(view, dataset, consent.value, ask.opening, ask);
  return credential.ok ? consent : credential;
};
