import { createHash } from 'node:crypto';
import { getAddress } from 'ethers';
import type { CheckedOpening } from '../../../gateway/domain/credential.ts';
import type {
  Address,
  ConsentId,
  CredentialId,
  DatasetId,
  GrantId,
  Hex,
  MemberId,
  RequestId,
  SubjectCommitment,
} from '../../../gateway/domain/ids.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';
import { makeUscc } from '../../../scripts/generate/codes.ts';
import { randomStream } from '../../../scripts/generate/random.ts';
import { briefUntil, type ConsentPlan, type CredentialName, type DatasetName, type MemberName } from './schedule.ts';

/** Ids that stand for the places of one schedule, the same for the same salt and different for every other. */
export const memberIds: Readonly<Record<MemberName, MemberId>> = {
  bank: 'bank-changan' as MemberId,
  rival: 'bank-rival' as MemberId,
  grid: 'grid-qinchuan' as MemberId,
  authority: 'gov-credit' as MemberId,
  bureau: 'tax-bureau' as MemberId,
};
export const subjectRefs: readonly [SubjectRef, SubjectRef] = [0, 1].map((seed) => ({
  type: 'enterprise',
  code: makeUscc(randomStream(`schedules ${seed}`), '91'),
})) as unknown as readonly [SubjectRef, SubjectRef];

export const secondsOfTick = 60;
export const startOfTicks = 1_780_000_000;
export const secondsAt = (tick: number): number => startOfTicks + tick * secondsOfTick;

export const digest = (...parts: readonly (string | number)[]): Hex => `0x${createHash('sha256').update(parts.join('/')).digest('hex')}`;
export const addressOf = (...parts: readonly (string | number)[]): Address => getAddress(digest(...parts).slice(0, 42)) as Address;
export const datasetIdOf = (name: DatasetName | 'nowhere'): DatasetId => `grid-qinchuan.${name}` as DatasetId;
export const signKeyOf = (member: MemberName): Hex => digest('sign', member);

export class Ids {
  readonly #salt: string;
  readonly #plans: readonly ConsentPlan[];
  constructor(salt: string, plans: readonly ConsentPlan[]) {
    this.#salt = salt;
    this.#plans = plans;
  }

  consent(place: number | 'unknown'): ConsentId {
    return digest(this.#salt, 'consent', place) as ConsentId;
  }
  grant(place: number | 'unknown'): GrantId {
    return digest(this.#salt, 'grant', place) as GrantId;
  }
  request(place: number): RequestId {
    return digest(this.#salt, 'request', place) as RequestId;
  }
  credential(name: CredentialName): CredentialId {
    return digest(this.#salt, 'credential', name) as CredentialId;
  }
  /** A consent that renews another has its key. */
  key(place: number): Address {
    const renewed = this.#plans[place]?.renews;
    return renewed === undefined ? addressOf(this.#salt, 'key', place) : this.key(renewed);
  }
  commitment(place: number): SubjectCommitment {
    return digest(this.#salt, 'commitment', place) as SubjectCommitment;
  }

  opening(place: number): CheckedOpening | undefined {
    const plan = this.#plans[place] as ConsentPlan;
    if (plan.opening === 'missing') return undefined;
    const issuers = { plain: 'authority', brief: 'authority', bureau: 'bureau', own: plan.grantee } as const;
    const [subject, subjectKey] = [subjectRefs[plan.subject], addressOf(this.#salt, 'subject', plan.subject)];
    const [issuer, credential] = [issuers[plan.credential], this.credential(plan.credential)];
    return {
      consent: this.consent(place),
      subject,
      commitment: plan.opening === 'foreign' ? (digest(this.#salt, 'foreign') as SubjectCommitment) : this.commitment(place),
      credential: {
        v: 1,
        id: credential,
        iss: memberIds[issuer],
        subject,
        key: subjectKey,
        grade: 3,
        iat: secondsAt(-9),
        nbf: secondsAt(-9),
        exp: plan.credential === 'brief' ? secondsAt(briefUntil) : secondsAt(1000),
        method: 'in person',
      },
      issuerKey: signKeyOf(issuer),
      certificate: { subjectKey, consentKey: this.key(place), credential, signature: '0x' },
      historyKey: digest(this.#salt, 'history', place),
    };
  }
}
