import type { Address, ConsentId, CredentialId, Hex, MemberId, SubjectCommitment } from './ids.ts';
import type { SubjectRef } from './subject.ts';

/** How firmly the issuer checked who stands behind the key: 1 by documents sent in, 2 by an official register, 3 in person. */
export type Assurance = 1 | 2 | 3;

/**
 * An issuer states that a subject key belongs to a subject code. Signed as JWS (`typ` below) by the issuer's Sign key; off chain for ever, since it names the
 * subject. Times in seconds; `exp` exclusive.
 */
export type CredentialClaims = {
  readonly v: 1;
  readonly id: CredentialId;
  readonly iss: MemberId;
  readonly subject: SubjectRef;
  readonly key: Address;
  readonly grade: Assurance;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly method: string;
};
export const credentialType = 'xinshu-credential+jws';

/** EIP-712 signature of the subject key over the fresh key of one consent. */
export type KeyCertificate = {
  readonly subjectKey: Address;
  readonly consentKey: Address;
  readonly credential: CredentialId;
  readonly signature: Hex;
};

/** What shows whose a consent is and why it counts: all of its opening but the history key, with which entries of other logs could be found. */
export type ShownOpening = {
  readonly v: 1;
  readonly consent: ConsentId;
  readonly subject: SubjectRef;
  readonly salt: Hex;
  /** Compact JWS of CredentialClaims. */
  readonly credential: string;
  readonly certificate: KeyCertificate;
};

/** What a subject hands, sealed, to the grantee and to the providers its consent names; nobody else can tie the consent to the subject. */
export type ConsentOpening = ShownOpening & {
  /** 32 bytes: tags of the consent's leaves are made with it (gateway/audit/tag.ts). */
  readonly historyKey: Hex;
};

/**
 * An opening of which everything that can't change has been checked once (gateway/sealing/opening.ts): the issuer's signature, the certificate's signature,
 * that key, credential and subject agree. What can change (time, revocation, members, the consent) authorize() asks of the registry each time.
 */
export type CheckedShown = {
  readonly consent: ConsentId;
  readonly subject: SubjectRef;
  /** Poseidon commitment computed from subject and salt. */
  readonly commitment: SubjectCommitment;
  readonly credential: CredentialClaims;
  /** Public Ed25519 key that signed the credential: must be the issuer's at the deciding block. */
  readonly issuerKey: Hex;
  readonly certificate: KeyCertificate;
};
export type CheckedOpening = CheckedShown & Pick<ConsentOpening, 'historyKey'>;
