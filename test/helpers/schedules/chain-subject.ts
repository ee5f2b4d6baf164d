import { randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import {
  type AmendmentMessage,
  amendmentTypes,
  type ConsentMessage,
  consentDigest,
  consentDomain,
  consentTypes,
  keyCertificateDomain,
  keyCertificateTypes,
  withdrawalTypes,
} from '../../../gateway/domain/consent-typed-data.ts';
import { type ConsentOpening, credentialType } from '../../../gateway/domain/credential.ts';
import type { Address, ConsentId, CredentialId, DatasetId, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { commitSubject, saltFromBytes, saltToHex } from '../../../gateway/domain/subject-commitment.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { messageTypes, sealTypes } from '../../../gateway/sealing/messages.ts';
import { memberIds, subjectRefs } from './chain-words.ts';
import { briefUntil, type ConsentPlan, type DatasetName, type Scope } from './schedule.ts';
import { sealFor } from './seal-for.ts';

const newWallet = (): Wallet => new Wallet(`0x${randomBytes(32).toString('hex')}`);
const newBytes32 = (): Hex => `0x${randomBytes(32).toString('hex')}`;

/** The subjects of one schedule: credentials, signed consents, amendments, withdrawals and openings, as the parties of a real network take them. */
export class ChainSubjects {
  readonly #plans: readonly ConsentPlan[];
  readonly #authority: Modules;
  readonly #secondsAt: (tick: number) => number;
  readonly #datasets: Readonly<Partial<Record<DatasetName, DatasetId>>>;
  readonly #subjectKeys = [newWallet(), newWallet()] as const;
  readonly #credentialIds = new Map<string, CredentialId>();
  readonly #keys: Wallet[] = [];
  readonly #salts = [0, 1, 2].map(() => saltFromBytes(randomBytes(48)));
  readonly #messages: ConsentMessage[] = [];

  constructor(
    plans: readonly ConsentPlan[],
    authority: Modules,
    secondsAt: (tick: number) => number,
    datasets: Readonly<Partial<Record<DatasetName, DatasetId>>>,
  ) {
    this.#plans = plans;
    this.#authority = authority;
    this.#secondsAt = secondsAt;
    this.#datasets = datasets;
    for (const [place, plan] of plans.entries()) {
      this.#keys.push(plan.renews === undefined ? newWallet() : (this.#keys[plan.renews] as Wallet));
      this.#messages.push(this.#compose(place, plan));
    }
  }

  get #domain() {
    const { ledger } = this.#authority;
    return consentDomain(ledger.chainId, ledger.address('consent-registry'));
  }
  scopes(scopes: readonly Scope[]): ConsentMessage['scopes'] {
    return scopes.map(({ dataset, fields }) => ({ dataset: this.#datasets[dataset] as string, fields }));
  }
  id(place: number): ConsentId {
    return consentDigest(this.#domain, this.#messages[place] as ConsentMessage);
  }
  key(place: number): Address {
    return (this.#keys[place] as Wallet).address as Address;
  }
  /** Both credentials of a schedule name both subjects: one id each, since that is what is revoked. */
  credential(name: string): CredentialId {
    const known = this.#credentialIds.get(name) ?? (newBytes32() as CredentialId);
    this.#credentialIds.set(name, known);
    return known;
  }

  async consent(place: number): Promise<{ readonly message: ConsentMessage; readonly signature: Hex }> {
    const message = this.#messages[place] as ConsentMessage;
    return { message, signature: await this.#sign(place, consentTypes, message) };
  }
  async amendment(message: AmendmentMessage, place: number): Promise<Hex> {
    return this.#sign(place, amendmentTypes, message);
  }
  async withdrawal(place: number): Promise<{ readonly consent: ConsentId; readonly key: Address; readonly signature: Hex }> {
    const consent = this.id(place);
    return { consent, key: this.key(place), signature: await this.#sign(place, withdrawalTypes, { consent }) };
  }

  /** What the grantee hands a provider: its signed message around the opening that the subject sealed. */
  async opening(place: number, grantee: Modules, to: MemberId): Promise<string> {
    const plan = this.#plans[place] as ConsentPlan;
    const consent = this.id(place);
    const [subject, wallet] = [subjectRefs[plan.subject], this.#subjectKeys[plan.subject]];
    const { ledger, keys, clock } = this.#authority;
    const credential = this.credential(plan.credential);
    const from = this.#secondsAt(0) - 1000;
    const claims = {
      v: 1,
      id: credential,
      iss: memberIds.authority,
      subject,
      key: wallet.address,
      grade: 3,
      iat: from,
      nbf: from,
      exp: this.#secondsAt(plan.credential === 'brief' ? briefUntil : 100_000),
      method: 'in person',
    };
    const certificate = { subjectKey: wallet.address as Address, consentKey: this.key(place), credential };
    const opening: ConsentOpening = {
      v: 1,
      consent,
      subject,
      salt: saltToHex(this.#salts[place] as Parameters<typeof saltToHex>[0]),
      credential: await keys.sign(credentialType, claims),
      certificate: {
        ...certificate,
        signature: (await wallet.signTypedData(keyCertificateDomain(ledger.chainId), keyCertificateTypes, certificate)) as Hex,
      },
      historyKey: newBytes32(),
    };
    const iat = Math.floor(clock.now() / 1000);
    return grantee.keys.sign(messageTypes.opening, {
      v: 1,
      chain: ledger.chainId,
      iss: grantee.member,
      aud: to,
      iat,
      exp: iat + 600,
      consent,
      sealed: sealFor(ledger.head(), to, opening, { typ: sealTypes.opening, context: consent }),
    });
  }

  #compose(place: number, plan: ConsentPlan): ConsentMessage {
    return {
      subject: commitSubject(subjectRefs[plan.subject], this.#salts[place] as Parameters<typeof saltToHex>[0]),
      key: this.key(place),
      grantee: memberIds[plan.grantee],
      scopes: this.scopes(plan.scopes),
      purpose: plan.purpose,
      operations: plan.operations,
      notBefore: this.#secondsAt(plan.from),
      notAfter: this.#secondsAt(plan.until),
      maxUses: plan.maxUses,
      renews: plan.renews === undefined ? `0x${'00'.repeat(32)}` : this.id(plan.renews),
      nonce: newBytes32(),
      deadline: this.#secondsAt(100_000),
    };
  }
  async #sign(place: number, types: typeof consentTypes, message: object): Promise<Hex> {
    return (await (this.#keys[place] as Wallet).signTypedData(this.#domain, types, message)) as Hex;
  }
}
