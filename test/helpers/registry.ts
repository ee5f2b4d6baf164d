import type { Ask } from '../../gateway/domain/ask.ts';
import type { CheckedOpening } from '../../gateway/domain/credential.ts';
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
} from '../../gateway/domain/ids.ts';
import type { Consent, Dataset, DatasetVersion, Grant, Member, MemberKey } from '../../gateway/domain/registry-state.ts';
import type { RegistryView } from '../../gateway/domain/registry-view.ts';

/** A small consortium in which one usage is authorized; tests change one thing at a time. */
export const now = 1_780_000_000;
export const bytes32 = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const account = (byte: number): Address => `0x${byte.toString(16).padStart(2, '0').repeat(20)}` as Address;

export const bank = 'bank-changan' as MemberId;
export const provider = 'fin-weihe' as MemberId;
export const issuer = 'gov-credit' as MemberId;
export const loan = 'fin-weihe.loan' as DatasetId;

export const signKey: MemberKey = { index: 0, purpose: 'sign', suite: 'ed25519', data: bytes32(0x51), fromBlock: 1, untilBlock: 0 };

const member = (id: MemberId, roles: Member['roles'], keys: readonly MemberKey[] = []): Member => ({
  id,
  sector: 'finance',
  roles,
  status: 'active',
  account: account(9),
  formerAccounts: [],
  name: id,
  endpoint: 'https://127.0.0.1:1',
  keys,
  forks: 0,
});

export const grant: Grant = {
  id: bytes32(0xa1) as GrantId,
  request: bytes32(0xa2) as RequestId,
  dataset: loan,
  provider,
  consumer: bank,
  scope: {
    fields: ['balanceFen', 'overdueDays'],
    purposes: ['loan-approval', 'loan-monitoring'],
    operations: ['raw', 'score'],
    notBefore: now - 100,
    notAfter: now + 100,
    quota: 0,
  },
  priceFen: 200n,
  termsHash: bytes32(1),
  version: 1,
  state: 'live',
  byPolicy: true,
};

export const consent: Consent = {
  id: bytes32(0xc1) as ConsentId,
  subject: bytes32(0x11) as SubjectCommitment,
  key: account(0xab),
  grantee: bank,
  scopes: [{ dataset: loan, fields: ['balanceFen', 'overdueDays'] }],
  purpose: 'loan-approval',
  operations: ['raw'],
  notBefore: now - 50,
  notAfter: now + 50,
  maxUses: 3,
  revision: 0,
  state: 'given',
  renews: undefined,
  renewedBy: undefined,
};

const subject = { type: 'enterprise', code: '914403001922038216' } as const;
export const opening: CheckedOpening = {
  consent: consent.id,
  subject,
  commitment: consent.subject,
  credential: {
    v: 1,
    id: bytes32(0xd1) as CredentialId,
    iss: issuer,
    subject,
    key: account(0xcd),
    grade: 3,
    iat: now - 1000,
    nbf: now - 1000,
    exp: now + 1000,
    method: 'in person',
  },
  issuerKey: signKey.data,
  certificate: { subjectKey: account(0xcd), consentKey: account(0xab), credential: bytes32(0xd1) as CredentialId, signature: '0x' },
  historyKey: bytes32(0xee),
};

export type World = {
  readonly members: readonly Member[];
  readonly datasets: readonly Dataset[];
  readonly versions: readonly DatasetVersion[];
  readonly grants: readonly Grant[];
  readonly consents: readonly Consent[];
  readonly barred: readonly string[];
  readonly revokedCredentials: readonly string[];
  readonly refuseForked: number;
  readonly time: number;
  readonly block: number;
};

export const world: World = {
  members: [member(bank, ['consumer']), member(provider, ['provider']), member(issuer, ['issuer', 'provider'], [signKey])],
  datasets: [
    {
      id: loan,
      owner: provider,
      title: 'Loans',
      kind: 'loan',
      shareClass: 'conditional',
      operations: ['raw', 'score'],
      schemaHash: bytes32(2),
      termsHash: bytes32(1),
      priceFen: 250n,
      grade: 3,
      fields: [
        { name: 'balanceFen', grade: 3 },
        { name: 'overdueDays', grade: 3 },
        { name: 'product', grade: 2 },
      ],
      version: 2,
      retired: false,
      registrationCode: bytes32(3),
    },
  ],
  versions: [{ dataset: loan, version: 2, schemaHash: bytes32(2), commitments: [], asOf: now - 9, block: 5 }],
  grants: [grant],
  consents: [consent],
  barred: [],
  revokedCredentials: [],
  refuseForked: 1,
  time: now,
  block: 10,
};

export const ask: Ask = {
  consumer: bank,
  dataset: loan,
  fields: ['balanceFen'],
  purpose: 'loan-approval',
  operation: 'raw',
  subject,
  requester: '王芳',
  reviewer: '李强',
  grant: grant.id,
  consent: consent.id,
  opening,
  issuersAccepted: [{ issuer, maxGrade: 3 }],
};

/** The registries of a world; reads that no decision makes are left out on purpose, so that a new one is noticed. */
export const viewOf = (of: World): RegistryView => {
  const absent = (): never => {
    throw new Error('authorize() is not expected to read this');
  };
  return {
    block: { number: of.block, hash: bytes32(0xbb), time: of.time },
    member: (id) => of.members.find((one) => one.id === id),
    dataset: (id) => of.datasets.find((one) => one.id === id),
    datasetVersion: (id, version) => of.versions.find((one) => one.dataset === id && one.version === version),
    grant: (id) => of.grants.find((one) => one.id === id),
    grantsOf: (dataset, consumer) => of.grants.filter((one) => one.dataset === dataset && one.consumer === consumer),
    consent: (id) => of.consents.find((one) => one.id === id),
    consentBarred: (id, key) => of.barred.includes(`${id}/${key}`),
    credentialRevoked: (by, id) => of.revokedCredentials.includes(`${by}/${id}`),
    members: absent,
    memberByPin: absent,
    memberByAccount: absent,
    datasets: absent,
    request: absent,
    requests: absent,
    grants: absent,
    model: absent,
    models: () => [],
    latestAnchor: absent,
    anchors: absent,
    parameter: (name) => (name === 'refuse-forked' ? of.refuseForked : absent()),
  };
};

export const changeMember = (id: MemberId, change: Partial<Member>): Partial<World> => ({
  members: world.members.map((one) => (one.id === id ? { ...one, ...change } : one)),
});
export const changeDataset = (change: Partial<Dataset>): Partial<World> => ({
  datasets: world.datasets.map((one) => ({ ...one, ...change })),
});
export const changeGrant = (change: Partial<Omit<Grant, 'scope'>> & { scope?: Partial<Grant['scope']> }): Partial<World> => ({
  grants: [{ ...grant, ...change, scope: { ...grant.scope, ...change.scope } }],
});
export const changeConsent = (change: Partial<Consent>): Partial<World> => ({ consents: [{ ...consent, ...change }] });
