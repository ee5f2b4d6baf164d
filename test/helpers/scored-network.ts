import { randomBytes } from 'node:crypto';
import { type DatasetSchema, derivationHash } from '../../gateway/domain/dataset-schema.ts';
import type { Feature } from '../../gateway/domain/feature.ts';
import type { DatasetId, Hex, MemberId, ModelId } from '../../gateway/domain/ids.ts';
import { type ModelDocument, type ModelPartDocument, modelDocumentHash } from '../../gateway/domain/model-document.ts';
import { saltFromBytes, saltToHex } from '../../gateway/domain/subject-commitment.ts';
import { declareDataset } from '../../gateway/flows/declare-dataset.ts';
import { importDataset } from '../../gateway/flows/import-dataset.ts';
import { requestAccess } from '../../gateway/flows/request-access.ts';
import type { RequestScoreInput } from '../../gateway/flows/scoring/score-query.ts';
import { registerModel, reportLeakage, setPartApproval } from '../../gateway/ports/ledger-calls.ts';
import { compilePart } from '../../gateway/scoring/compile-part.ts';
import { encodePart, hashPart } from '../../gateway/scoring/encode-part.ts';
import { consumer, giveConsent, issuer, subjects, type TestConsent } from './electricity.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from './gateway-network.ts';
import { testAccount } from './member-documents.ts';

/** Three providers with a small dataset each, a bank, and a model over all three. */
export const scoreProviders = ['gov-credit', 'fin-weihe', 'grid-qinchuan'] as const;
export const scoreModel = 'trial-model' as ModelId;
export const scoreConsumer = consumer;
export const purpose = 'loan-approval';
export const scoredDataset = (member: string): DatasetId => `${member}.facts` as DatasetId;

const features: Feature[] = [
  {
    name: 'largest',
    zh: '最大金额',
    en: 'Largest amount',
    kind: 'numeric',
    least: 0,
    most: 1000,
    derivation: { fn: 'max/1', field: 'amount' },
  },
  {
    name: 'standing',
    zh: '最近状态',
    en: 'Latest standing',
    kind: 'category',
    words: ['good', 'fair', 'poor'],
    derivation: { fn: 'latest/1', field: 'standing', by: 'period' },
  },
];

const schemaOf = (member: string): DatasetSchema => ({
  id: scoredDataset(member),
  kind: 'electricity',
  title: 'Facts',
  titleZh: '事实',
  grade: 2,
  shareClass: 'conditional',
  operations: ['raw', 'score'],
  priceFen: 30,
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
    { name: 'amount', zh: '金额', en: 'Amount', type: 'integer', grade: 2, required: true },
    { name: 'standing', zh: '状态', en: 'Standing', type: 'enum', grade: 1, required: true, values: ['good', 'fair', 'poor'] },
  ],
  features,
});
export const scoredFields = ['period', 'amount', 'standing'];

/** Points by provider: bins of `largest` below 100, below 500 and from 500 on; then good, fair, poor. Negative ones too. */
const points: Readonly<
  Record<string, { readonly largest: readonly [number, number, number]; readonly standing: readonly [number, number, number] }>
> = {
  'gov-credit': { largest: [20, -5, -60], standing: [30, 0, -25] },
  'fin-weihe': { largest: [-10, 15, 40], standing: [25, 5, -70] },
  'grid-qinchuan': { largest: [0, 12, 24], standing: [10, 4, -18] },
};
export const base = 500;

/** Of subject `place` at the provider at `at`: amounts and standings that put different subjects into different bins. */
const facts = (place: number, at: number) => ({
  amount: (place * 170 + at * 90) % 700,
  standing: (['good', 'fair', 'poor'] as const)[(place + at) % 3]!,
});

/** The score computed plainly. */
export const plainScore = (place: number): number =>
  scoreProviders.reduce((sum, member, at) => {
    const { amount, standing } = facts(place, at);
    const { largest, standing: standings } = points[member]!;
    const bin = amount < 100 ? 0 : amount < 500 ? 1 : 2;
    return sum + largest[bin]! + standings[['good', 'fair', 'poor'].indexOf(standing)]!;
  }, base);

async function* csvOf(at: number, month = '2025-12'): AsyncGenerator<Uint8Array> {
  const rows = subjects.map(({ code }, place) => `enterprise,${code},${month},${facts(place, at).amount},${facts(place, at).standing}`);
  yield Buffer.from(['subjectType,subjectId,period,amount,standing', ...rows, ''].join('\n'), 'utf8');
}

export const publishFacts = async (network: GatewayNetwork, member: string, month?: string): Promise<void> => {
  const at = scoreProviders.indexOf(member as (typeof scoreProviders)[number]);
  const imported = good(await importDataset(network.gateway(member).modules, { dataset: scoredDataset(member), file: csvOf(at, month) }));
  if (imported.kind !== 'published') throw new Error(JSON.stringify(imported.faults));
  await network.settled();
};

const publishAll = async (network: GatewayNetwork): Promise<void> => {
  for (const member of scoreProviders) {
    const owner = network.gateway(member).modules;
    const policy = {
      active: true,
      sectors: ['finance' as const],
      purposes: [purpose],
      operations: ['raw' as const, 'score' as const],
      maxDuration: 365 * 86_400,
      quota: 0,
    };
    const declared = good(await declareDataset(owner, { schema: schemaOf(member), policy }));
    if (declared.kind !== 'declared') throw new Error(JSON.stringify(declared.faults));
    await publishFacts(network, member);
    const bank = network.gateway(consumer).modules;
    const now = bank.ledger.head().block.time;
    const scope = {
      fields: scoredFields,
      purposes: [purpose],
      operations: ['raw' as const, 'score' as const],
      notBefore: now - 60,
      notAfter: now + 30 * 86_400,
      quota: 0,
    };
    const asked = good(await requestAccess(bank, { dataset: scoredDataset(member), scope }));
    if (asked.grant === undefined) throw new Error('not granted by policy');
    await network.settled();
  }
};

export type ModelChoices = {
  readonly id?: ModelId;
  readonly version?: number;
  readonly report?: { readonly pinned: number; readonly attainable: number } | undefined;
  readonly approve?: boolean;
  readonly notAfter?: number;
  readonly reasonsToConsumer?: boolean;
  readonly minContributors?: number;
  readonly derivation?: Hex;
};

export const modelDocumentOf = (choices: ModelChoices = {}): ModelDocument => ({
  v: 1,
  id: choices.id ?? scoreModel,
  title: 'Trial',
  titleZh: '试用',
  base,
  output: {
    kind: 'band',
    bands: [
      { name: 'low', from: null },
      { name: 'middle', from: 480 },
      { name: 'high', from: 560 },
    ],
  },
  reasonsToConsumer: choices.reasonsToConsumer ?? false,
  minContributors: choices.minContributors ?? 3,
  notBefore: 0,
  notAfter: choices.notAfter ?? 4_000_000_000,
  reasons: [{ code: 'POOR', zh: '状态差', en: 'Poor standing' }],
  parts: scoreProviders.map((member) => ({ dataset: scoredDataset(member), features })),
});

export const partOf = (member: string): ModelPartDocument => {
  const [low, middle, high] = points[member]!.largest;
  const [good, fair, poor] = points[member]!.standing;
  return {
    v: 1,
    dataset: scoredDataset(member),
    salt: saltToHex(saltFromBytes(randomBytes(48))),
    features: [
      {
        name: 'largest',
        kind: 'numeric',
        missing: { points: 0 },
        bins: [{ below: 100, points: low }, { below: 500, points: middle }, { points: high }],
      },
      {
        name: 'standing',
        kind: 'category',
        bins: [
          { words: ['good'], points: good },
          { words: ['fair', null], points: fair },
          { words: ['poor'], points: poor, reason: 'POOR' },
        ],
      },
    ],
  };
};

export const hashOfPart = ({ features: bins, salt }: ModelPartDocument) =>
  saltToHex(hashPart(good(encodePart(good(compilePart(features, bins)).part)), BigInt(salt)));

/** Registers a model of the bank's, hands out its parts, has the auditor report and the providers approve. */
export const setUpModel = async (network: GatewayNetwork, choices: ModelChoices = {}): Promise<void> => {
  const { version = 1, report = { pinned: 1, attainable: 1000 }, approve = true } = choices;
  const document = modelDocumentOf(choices);
  const id = document.id as ModelId;
  const parts = scoreProviders.map((member) => ({ member, part: partOf(member) }));
  const bank = network.gateway(consumer).modules;
  const registration = {
    documentHash: modelDocumentHash(document),
    output: document.output.kind,
    reasonsToConsumer: document.reasonsToConsumer,
    minContributors: document.minContributors,
    notBefore: document.notBefore,
    notAfter: document.notAfter,
    parts: parts.map(({ member, part }) => ({
      dataset: scoredDataset(member),
      derivation: choices.derivation ?? derivationHash(features),
      partHash: hashOfPart(part),
    })),
  };
  good(await bank.writer.submit(registerModel(id, version, registration)));
  for (const member of [consumer, ...scoreProviders])
    await network.gateway(member).modules.documents.put('modelDocument', modelDocumentHash(document), document);
  for (const { member, part } of parts) await network.gateway(member).modules.documents.put('modelPart', hashOfPart(part), part);
  if (report !== undefined) {
    const { method, args } = reportLeakage(id, version, report.pinned, report.attainable, `0x${'11'.repeat(32)}`);
    await network.chain.send(testAccount('audit-office'), 'model-registry', method, args);
  }
  if (approve)
    await Promise.all(
      parts.map(async ({ member }) =>
        good(await network.gateway(member).modules.writer.submit(setPartApproval(id, version, scoredDataset(member), true))),
      ),
    );
  await network.settled();
};

/** Gateways of three providers and a bank, with data, grants and an approved model; scores without proofs are allowed. */
export const startScoredNetwork = async (
  overrides: (member: string) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<GatewayNetwork> => {
  const network = await startGatewayNetwork([...scoreProviders, consumer], (member) => ({
    acceptedIssuers: member === consumer ? [] : [{ issuer, maxGrade: 3 }],
    ...overrides(member),
  }));
  await publishAll(network);
  await setUpModel(network);
  return network;
};

export const scoreConsent = (
  network: GatewayNetwork,
  place = 0,
  choices: Partial<Parameters<typeof giveConsent>[1]> = {},
): Promise<TestConsent> =>
  giveConsent(network, {
    subject: subjects[place]!,
    scopes: scoreProviders.map((member) => ({ dataset: scoredDataset(member), fields: scoredFields })),
    operations: ['raw', 'score'],
    providers: scoreProviders,
    purpose,
    ...choices,
  });

export const scoreQuery = (consent: TestConsent, changes: Partial<RequestScoreInput> = {}): RequestScoreInput => ({
  subject: consent.opening.subject,
  model: scoreModel,
  modelVersion: 1,
  purpose,
  consent: consent.id,
  unproven: true,
  staff: { name: 'Li Na', roles: ['requester'] },
  ...changes,
});

export const asMember = (member: string): MemberId => member as MemberId;
