import type { AmendmentMessage, ConsentMessage } from '../../domain/consent-typed-data.ts';
import type { CredentialClaims } from '../../domain/credential.ts';
import type { Address, ConsentId, Hex, MemberId } from '../../domain/ids.ts';
import type { SubjectRef } from '../../domain/subject.ts';
import { meansId } from '../table.ts';

/**
 * How far a step that changes the chain has come. 'made' is written before anything leaves this machine, 'given' after the chain has it; whatever stops in
 * between is taken up by the next run. 'lapsed': its deadline passed before it was recorded, it can never be.
 */
export type ConsentState = 'made' | 'given' | 'lapsed' | 'withdrawing' | 'withdrawn' | 'renewed';

export type WalletConsent = {
  readonly id: ConsentId;
  readonly state: ConsentState;
  /** Private key of this consent alone. */
  readonly privateKey: Hex;
  readonly message: ConsentMessage;
  readonly signature: Hex;
  readonly salt: Hex;
  readonly historyKey: Hex;
  /** Sealed by member id, until handed over. */
  readonly openings: Readonly<Record<string, string>>;
  /** Grantee and providers: whose logs hold usages under it. */
  readonly parties: readonly string[];
  /** Signed, and perhaps not on chain yet. */
  readonly amendment: { readonly message: AmendmentMessage; readonly signature: Hex } | undefined;
};

/** How a member's log ended for a consent when the subject last asked, in the member's own signed words: a later answer must not say less. */
export type SeenEnd = {
  readonly consent: ConsentId;
  readonly member: MemberId;
  readonly log: number;
  readonly count: number;
  readonly size: number;
  readonly root: Hex;
  /** SHA-256 over the leaf hashes of these entries, in order. */
  readonly entries: Hex;
  readonly statement: string;
};

export type WalletCredential = { readonly jws: string; readonly claims: CredentialClaims };

/** Everything a subject owns: lives in subjects/NAME.jwe only. */
export type Wallet = {
  readonly version: 1;
  readonly name: string;
  readonly subject: SubjectRef;
  readonly privateKey: Hex;
  readonly address: Address;
  readonly credentials: readonly WalletCredential[];
  readonly consents: readonly WalletConsent[];
  /** Absent before the first history was read. */
  readonly ends?: readonly SeenEnd[];
};

export const withConsent = (wallet: Wallet, consent: WalletConsent): Wallet => ({
  ...wallet,
  consents: wallet.consents.some(({ id }) => id === consent.id)
    ? wallet.consents.map((known) => (known.id === consent.id ? consent : known))
    : [...wallet.consents, consent],
});

/** With what was seen now in the place of what was seen before of the same log and consent. */
export const withEnds = (wallet: Wallet, seen: readonly SeenEnd[]): Wallet => {
  const name = ({ consent, member, log }: SeenEnd): string => `${consent}/${member}/${log}`;
  const now = new Set(seen.map(name));
  return { ...wallet, ends: [...(wallet.ends ?? []).filter((end) => !now.has(name(end))), ...seen] };
};

/** The consent whose id begins so, or is shown so in a table; undefined when there is none or more than one. */
export const findConsent = (wallet: Wallet, beginning: string): WalletConsent | undefined => {
  const found = wallet.consents.filter(({ id }) => meansId(id, beginning));
  return found.length === 1 ? found[0] : undefined;
};

/** The newest credential in force at this moment (seconds of block time). */
export const credentialInForce = (wallet: Wallet, at: number): WalletCredential | undefined =>
  wallet.credentials.filter(({ claims }) => claims.nbf <= at && at < claims.exp).at(-1);
