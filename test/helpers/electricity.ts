import { randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import {
  type ConsentMessage,
  consentDigest,
  consentDomain,
  consentTypes,
  keyCertificateDomain,
  keyCertificateTypes,
  withdrawalTypes,
} from '../../gateway/domain/consent-typed-data.ts';
import type { ConsentOpening } from '../../gateway/domain/credential.ts';
import type { DatasetSchema } from '../../gateway/domain/dataset-schema.ts';
import type { Address, ConsentId, CredentialId, DatasetId, Hex, MemberId } from '../../gateway/domain/ids.ts';
import { keysInForce } from '../../gateway/domain/member-keys.ts';
import type { SubjectRef } from '../../gateway/domain/subject.ts';
import { commitSubject, saltFromBytes, saltToHex } from '../../gateway/domain/subject-commitment.ts';
import type { Grade } from '../../gateway/domain/vocabulary.ts';
import { declareDataset } from '../../gateway/flows/declare-dataset.ts';
import { importDataset } from '../../gateway/flows/import-dataset.ts';
import { issueCredential } from '../../gateway/flows/issue-credential.ts';
import type { Modules } from '../../gateway/flows/modules.ts';
import type { RequestRecordInput } from '../../gateway/flows/record-query.ts';
import { relayConsent } from '../../gateway/flows/relay-consent.ts';
import { requestAccess } from '../../gateway/flows/request-access.ts';
import { seal, sealEntropyLength } from '../../gateway/sealing/jwe.ts';
import { sealTypes } from '../../gateway/sealing/messages.ts';
import { makeUscc } from '../../scripts/generate/codes.ts';
import { randomStream } from '../../scripts/generate/random.ts';
import { type GatewayNetwork, good } from './gateway-network.ts';

/** One provider's dataset, one consumer with a grant for it, one issuer: what a query needs around it. */
export const consumer = 'bank-changan';
export const provider = 'grid-qinchuan';
export const issuer = 'gov-credit';
export const dataset = 'grid-qinchuan.test' as DatasetId;
export const members = [issuer, provider, consumer] as const;

export const subjects: readonly SubjectRef[] = Array.from({ length: 4 }, (_, seed) => ({
  type: 'enterprise',
  code: makeUscc(randomStream(`electricity ${seed}`), '91'),
}));
/** Nothing is known about this one. */
export const stranger: SubjectRef = { type: 'enterprise', code: makeUscc(randomStream('stranger'), '91') };

export const schema = (grade: Grade): DatasetSchema => ({
  id: dataset,
  kind: 'electricity',
  title: 'Electricity',
  titleZh: '用电',
  grade,
  shareClass: 'conditional',
  operations: ['raw', 'score'],
  priceFen: 50,
  updateCycle: 'monthly',
  fields: [
    {
      name: 'subjectType',
      zh: '主体类型',
      en: 'Subject type',
      type: 'enum',
      grade: 1,
      required: true,
      role: 'subjectType',
      values: ['enterprise'],
    },
    { name: 'subjectId', zh: '主体标识', en: 'Subject', type: 'string', grade: 1, required: true, role: 'subject' },
    { name: 'period', zh: '账期', en: 'Period', type: 'month', grade: 1, required: true },
    { name: 'kWh', zh: '用电量', en: 'Energy', type: 'integer', grade: 1, required: true },
    { name: 'billFen', zh: '账单', en: 'Bill', type: 'fen', grade, required: true },
  ],
});
export const fields = ['period', 'kWh'] as const;

const csv = (): string =>
  [
    'subjectType,subjectId,period,kWh,billFen',
    ...subjects.flatMap(({ code }, place) =>
      ['2025-11', '2025-12'].map((month, row) => `enterprise,${code},${month},${1000 * (place + 1) + row},${5000 + row}`),
    ),
    '',
  ].join('\n');

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}

/** Config of the three: the provider believes the issuer. */
export const believes = (member: string): Readonly<Record<string, unknown>> =>
  member === provider ? { acceptedIssuers: [{ issuer, maxGrade: 3 }] } : {};

/** Declares and publishes the dataset, and lets the consumer have a grant by policy. */
export const publish = async (network: GatewayNetwork, { grade = 2 as Grade, quota = 0 } = {}): Promise<void> => {
  const owner = network.gateway(provider).modules;
  const policy = {
    active: true,
    sectors: ['finance' as const],
    purposes: ['loan-approval'],
    operations: ['raw' as const],
    maxDuration: 365 * 86_400,
    quota,
  };
  const declared = good(await declareDataset(owner, { schema: schema(grade), policy }));
  if (declared.kind !== 'declared') throw new Error(JSON.stringify(declared.faults));
  const imported = good(await importDataset(owner, { dataset, file: bytesOf(csv()) }));
  if (imported.kind !== 'published') throw new Error(JSON.stringify(imported.faults));
  await network.settled();
  const bank = network.gateway(consumer).modules;
  const now = bank.ledger.head().block.time;
  const scope = {
    fields: [...fields, 'billFen'],
    purposes: ['loan-approval'],
    operations: ['raw' as const],
    notBefore: now - 60,
    notAfter: now + 30 * 86_400,
    quota,
  };
  const asked = good(await requestAccess(bank, { dataset, scope }));
  if (asked.grant === undefined) throw new Error('not granted by policy');
  await network.settled();
};

export type TestConsent = {
  readonly id: ConsentId;
  readonly wallet: Wallet;
  readonly message: ConsentMessage;
  readonly signature: Hex;
  readonly openings: Readonly<Record<MemberId, string>>;
  readonly opening: ConsentOpening;
};
export type ConsentChoices = {
  readonly subject?: SubjectRef;
  readonly maxUses?: number;
  readonly fields?: readonly string[];
  /** Instead of `fields` of the one dataset. */
  readonly scopes?: ConsentMessage['scopes'];
  readonly operations?: ConsentMessage['operations'];
  /** Providers that get the opening. */
  readonly providers?: readonly string[];
  readonly purpose?: string;
  /** Seconds from the newest block. */
  readonly validSeconds?: number;
  readonly credentialOf?: string;
};

const sealKeyOf = (modules: Modules, member: string): Hex => {
  const view = modules.ledger.head();
  const key = keysInForce(view.member(member as MemberId)?.keys ?? [], 'seal', view.block.number).at(-1);
  if (key === undefined) throw new Error(`${member} has no seal key`);
  return key.data;
};

/** Everything a subject does to consent: gets a credential, signs, certifies its fresh key, seals the openings. Nothing is sent yet. */
export const makeConsent = async (network: GatewayNetwork, choices: ConsentChoices = {}): Promise<TestConsent> => {
  const { subject = subjects[0]!, maxUses = 10, purpose = 'loan-approval', validSeconds = 86_400 } = choices;
  const authority = network.gateway(choices.credentialOf ?? issuer).modules;
  const [subjectWallet, wallet] = [new Wallet(`0x${randomBytes(32).toString('hex')}`), new Wallet(`0x${randomBytes(32).toString('hex')}`)];
  const staff = { name: 'Clerk', roles: ['steward' as const] };
  const asked = { staff, subject, key: subjectWallet.address as Address, grade: 3 as const, method: 'in person', validDays: 30 };
  const issued = good(await issueCredential(authority, asked));
  const { ledger } = network.gateway(consumer).modules;
  const salt = saltFromBytes(randomBytes(48));
  const now = ledger.head().block.time;
  const message: ConsentMessage = {
    subject: commitSubject(subject, salt),
    key: wallet.address as Address,
    grantee: consumer as MemberId,
    scopes: choices.scopes ?? [{ dataset, fields: choices.fields ?? fields }],
    purpose,
    operations: choices.operations ?? ['raw'],
    notBefore: now - 60,
    notAfter: now + validSeconds,
    maxUses,
    renews: `0x${'00'.repeat(32)}`,
    nonce: `0x${randomBytes(32).toString('hex')}`,
    deadline: now + 3600,
  };
  const domain = consentDomain(ledger.chainId, ledger.address('consent-registry'));
  const id = consentDigest(domain, message);
  const certificate = { subjectKey: subjectWallet.address as Address, consentKey: message.key, credential: issued.id as CredentialId };
  const signed = await subjectWallet.signTypedData(keyCertificateDomain(ledger.chainId), keyCertificateTypes, certificate);
  const opening: ConsentOpening = {
    v: 1,
    consent: id,
    subject,
    salt: saltToHex(salt),
    credential: issued.credential,
    certificate: { ...certificate, signature: signed as Hex },
    historyKey: `0x${randomBytes(32).toString('hex')}`,
  };
  const sealed = [consumer, ...(choices.providers ?? [provider])].map((member) => {
    const text = Buffer.from(JSON.stringify(opening));
    const jwe = seal(
      sealKeyOf(network.gateway(consumer).modules, member),
      text,
      { typ: sealTypes.opening, context: id },
      randomBytes(sealEntropyLength),
    );
    return [member, good(jwe)] as const;
  });
  const signature = (await wallet.signTypedData(domain, consentTypes, message)) as Hex;
  return { id, wallet, message, signature, openings: Object.fromEntries(sealed), opening };
};

/** Makes a consent, has the consumer relay it, and waits until every mirror shows it. */
export const giveConsent = async (network: GatewayNetwork, choices: ConsentChoices = {}): Promise<TestConsent> => {
  const consent = await makeConsent(network, choices);
  good(
    await relayConsent(network.gateway(consumer).modules, {
      consent: consent.message,
      signature: consent.signature,
      openings: consent.openings,
    }),
  );
  await network.settled();
  return consent;
};

export const signWithdrawal = async (
  network: GatewayNetwork,
  consent: TestConsent,
): Promise<{ consent: ConsentId; key: Address; signature: Hex }> => {
  const { ledger } = network.gateway(consumer).modules;
  const domain = consentDomain(ledger.chainId, ledger.address('consent-registry'));
  const signature = (await consent.wallet.signTypedData(domain, withdrawalTypes, { consent: consent.id })) as Hex;
  return { consent: consent.id, key: consent.message.key, signature };
};

export const query = (consent: TestConsent | undefined, changes: Partial<RequestRecordInput> = {}): RequestRecordInput => ({
  subject: subjects[0]!,
  dataset,
  fields,
  purpose: 'loan-approval',
  operation: 'raw',
  ...(consent === undefined ? {} : { consent: consent.id }),
  staff: { name: 'Li Na', roles: ['requester'] },
  ...changes,
});
