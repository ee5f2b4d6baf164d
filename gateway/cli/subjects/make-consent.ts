import { Wallet as EthersWallet, SigningKey } from 'ethers';
import {
  type ConsentMessage,
  consentDigest,
  consentDomain,
  consentTypes,
  keyCertificateDomain,
  keyCertificateTypes,
} from '../../domain/consent-typed-data.ts';
import type { ConsentOpening } from '../../domain/credential.ts';
import type { Address, DatasetId, Hex, MemberId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { commitSubject, saltFromBytes, saltToHex } from '../../domain/subject-commitment.ts';
import type { Randomness } from '../../ports/clock.ts';
import { seal, sealEntropyLength } from '../../sealing/jwe.ts';
import { sealTypes } from '../../sealing/messages.ts';
import type { Chain } from '../chain.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import type { Wallet, WalletConsent, WalletCredential } from './wallet.ts';

export type ConsentTerms = Pick<ConsentMessage, 'grantee' | 'scopes' | 'purpose' | 'operations' | 'notBefore' | 'notAfter' | 'maxUses'>;

/** What is drawn before the text is shown: the message names the fresh key and the commitment. */
export type DraftConsent = { readonly message: ConsentMessage; readonly privateKey: Hex; readonly salt: Hex };

const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;

/** A message with a fresh key, or the old one's key for a renewal, and a fresh salt. `deadline` in seconds of block time. */
export const draftConsent = (
  wallet: Wallet,
  terms: ConsentTerms,
  renews: WalletConsent | undefined,
  deadline: number,
  randomness: Randomness,
): DraftConsent => {
  const privateKey = renews?.privateKey ?? freshKey(randomness);
  const salt = saltFromBytes(randomness.bytes(48));
  return {
    privateKey,
    salt: saltToHex(salt),
    message: {
      subject: commitSubject(wallet.subject, salt),
      key: new EthersWallet(privateKey).address as Address,
      ...terms,
      renews: renews?.id ?? hex(new Uint8Array(32)),
      nonce: hex(randomness.bytes(32)),
      deadline,
    },
  };
};

/** A secp256k1 private key; the chance that 32 random bytes are none is below 2^-127. */
export const freshKey = (randomness: Randomness): Hex => {
  const key = hex(randomness.bytes(32));
  return new SigningKey(key).privateKey as Hex;
};

/** The grantee and the owners of the datasets named. */
export const partiesOf = (message: Pick<ConsentMessage, 'grantee' | 'scopes'>, view: RegistryView): MemberId[] => {
  const owners = message.scopes.map(({ dataset }) => {
    const found = view.dataset(dataset as DatasetId);
    if (found === undefined) throw usageFailure(`no dataset ${dataset} on chain`);
    return found.owner;
  });
  return [...new Set([message.grantee, ...owners])];
};

const sealKeyOf = (member: MemberId, view: RegistryView): Hex => {
  const key = keysInForce(view.member(member)?.keys ?? [], 'seal', view.block.number).at(-1);
  if (key === undefined) throw new CliFailure(exitStatus.refused, 'MEMBER_UNKNOWN', `${member} has no Seal key on chain`);
  return key.data;
};

/** Signs the draft, certifies its key and seals the opening to every party, by the keys the chain shows. Nothing is sent. */
export const signConsent = async (
  draft: DraftConsent,
  wallet: Wallet,
  credential: WalletCredential,
  chain: Chain,
  randomness: Randomness,
): Promise<WalletConsent> => {
  const view = chain.head();
  const { message, privateKey } = draft;
  const domain = consentDomain(chain.chainId, chain.address('consent-registry'));
  const id = consentDigest(domain, message);
  const certificate = { subjectKey: wallet.address, consentKey: message.key, credential: credential.claims.id };
  const opening: ConsentOpening = {
    v: 1,
    consent: id,
    subject: wallet.subject,
    salt: draft.salt,
    credential: credential.jws,
    certificate: {
      ...certificate,
      signature: (await new EthersWallet(wallet.privateKey).signTypedData(
        keyCertificateDomain(chain.chainId),
        keyCertificateTypes,
        certificate,
      )) as Hex,
    },
    historyKey: hex(randomness.bytes(32)),
  };
  const parties = partiesOf(message, view);
  const openings = Object.fromEntries(
    parties.map((party) => {
      const sealed = seal(
        sealKeyOf(party, view),
        Buffer.from(JSON.stringify(opening)),
        { typ: sealTypes.opening, context: id },
        randomness.bytes(sealEntropyLength),
      );
      if (!sealed.ok) throw new CliFailure(exitStatus.refused, sealed.refusal.code, `the Seal key of ${party} is not usable`);
      return [party, sealed.value];
    }),
  );
  return {
    id,
    state: 'made',
    privateKey,
    message,
    signature: (await new EthersWallet(privateKey).signTypedData(domain, consentTypes, message)) as Hex,
    salt: draft.salt,
    historyKey: opening.historyKey,
    openings,
    parties,
    amendment: undefined,
  };
};
