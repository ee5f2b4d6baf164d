import { expect } from 'chai';
import { checkTerms } from '../../../gateway/domain/check-terms.ts';
import type { Address, ConsentId, DatasetId, GrantId, Hex, MemberId, ModelId, SubjectCommitment } from '../../../gateway/domain/ids.ts';
import type { Consent, Dataset, DatasetVersion, Member, Model } from '../../../gateway/domain/registry-state.ts';
import type { RegistryView } from '../../../gateway/domain/registry-view.ts';
import type { SessionTerms } from '../../../gateway/domain/score-session.ts';
import { codeOf } from '../../helpers/gateway-network.ts';

const hex = (byte: string): Hex => `0x${byte.repeat(32)}`;
const members = ['gov', 'fin', 'grid'] as MemberId[];
const dataset = (member: string): DatasetId => `${member}.facts` as DatasetId;
const december = Date.parse('2025-12-31T00:00:00+08:00') / 1000;

const model: Model = {
  id: 'm' as ModelId,
  version: 1,
  owner: 'owner' as MemberId,
  documentHash: hex('aa'),
  output: 'score',
  reasonsToConsumer: false,
  minContributors: 3,
  notBefore: 100,
  notAfter: 2000,
  parts: members.map((member, place) => ({ dataset: dataset(member), derivation: hex('bb'), partHash: hex(`c${place}`) })),
  block: 1,
  reports: [{ auditor: 'auditor' as MemberId, pinned: 50, attainable: 1000, reportHash: hex('dd'), block: 2 }],
  approvedByCouncil: false,
  approvedParts: members.map(dataset),
  retired: false,
};

type World = {
  readonly model?: Partial<Model>;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly owners?: readonly string[];
  readonly asOf?: readonly number[];
  readonly version?: number;
  readonly features?: string;
  readonly time?: number;
};

/** The registries as far as terms rest on them. */
const view = (world: World = {}): RegistryView => {
  const parameters: Readonly<Record<string, number>> = {
    'model-approval': 1,
    'min-contributors': 3,
    'max-leak-ppm': 50_000,
    ...world.parameters,
  };
  const at = (id: string): number => members.findIndex((member) => dataset(member) === id);
  return {
    block: { number: 5, hash: hex('05'), time: world.time ?? 1000 },
    member: (id: MemberId) => ({ id, roles: ['auditor'], status: 'active', forks: 0 }) as unknown as Member,
    model: () => ({ ...model, ...world.model }),
    dataset: (id: DatasetId) =>
      at(id) < 0 ? undefined : ({ id, owner: (world.owners ?? members)[at(id)], version: world.version ?? 1 } as Dataset),
    datasetVersion: (id: DatasetId, version: number) =>
      ({
        dataset: id,
        version,
        commitments: [{ name: world.features ?? 'features', suite: 'poseidon-bn254-4x10', root: hex(`e${at(id)}`), size: 4 }],
        asOf: world.asOf?.[at(id)] ?? december,
      }) as unknown as DatasetVersion,
    consent: () => ({ subject: hex('77') as SubjectCommitment }) as Consent,
    parameter: (name: string) => parameters[name] ?? 0,
  } as unknown as RegistryView;
};

const terms: SessionTerms = {
  suite: 'xinshu-score-1',
  verifier: `0x${'11'.repeat(20)}` as Address,
  verificationKey: hex('22'),
  consumer: 'bank' as MemberId,
  oneTimeKey: hex('33'),
  subject: hex('77') as SubjectCommitment,
  authorization: hex('44') as ConsentId,
  model: 'm' as ModelId,
  modelVersion: 1,
  contributions: members.map((member, place) => ({
    dataset: dataset(member),
    version: 1,
    grant: hex('55') as GrantId,
    root: hex(`e${place}`),
  })),
  epoch: Date.parse('2025-12-01T00:00:00+08:00') / 1000,
  blockNumber: 5,
  blockHash: hex('05'),
  nonce: hex('66'),
};
const judged = (world: World = {}, changes: Partial<SessionTerms> = {}): string => {
  const result = checkTerms(view(world), { ...terms, ...changes });
  return result.ok ? 'ok' : [result.refusal.code, result.refusal.detail.what].filter(Boolean).join(' ');
};

describe('domain/check-terms', () => {
  it('takes terms that are what the chain holds', () => {
    expect(judged()).to.equal('ok');
  });

  it('refuses a model that is not registered, retired, out of its time, or not approved', () => {
    const unknown = { ...view(), model: () => undefined } as unknown as RegistryView;
    expect(codeOf(checkTerms(unknown, terms))).to.equal('MODEL_UNKNOWN');
    expect(judged({ model: { retired: true } })).to.equal('MODEL_RETIRED');
    expect(judged({ time: 99 })).to.equal('MODEL_OUT_OF_TIME');
    expect(judged({ time: 2000 })).to.equal('MODEL_OUT_OF_TIME');
    expect(judged({ model: { approvedParts: members.slice(1).map(dataset) } })).to.equal('MODEL_NOT_APPROVED');
    expect(judged({ parameters: { 'model-approval': 0 } })).to.equal('MODEL_NOT_APPROVED');
    expect(judged({ parameters: { 'model-approval': 0 }, model: { approvedByCouncil: true, approvedParts: [] } })).to.equal('ok');
  });

  it("refuses fewer contributors than the model or the network wants, and a model that leaks more than the network's bound", () => {
    expect(judged({ model: { minContributors: 4 } })).to.equal('MODEL_TOO_FEW_CONTRIBUTORS');
    expect(judged({ parameters: { 'min-contributors': 4 } })).to.equal('MODEL_TOO_FEW_CONTRIBUTORS');
    const report = model.reports[0]!;
    expect(judged({ model: { reports: [] } })).to.equal('MODEL_UNREPORTED');
    expect(
      judged({
        model: {
          reports: [
            { ...report, auditor: 'owner' as MemberId },
            { ...report, auditor: 'bank' as MemberId },
          ],
        },
      }),
    ).to.equal('MODEL_UNREPORTED');
    expect(judged({ model: { reports: [report, { ...report, auditor: 'other' as MemberId, pinned: 51 }] } })).to.equal('MODEL_LEAKS');
  });

  it('refuses a dataset without features, another month, a provider twice, and the consumer as a provider', () => {
    expect(judged({ features: 'records' })).to.equal('FEATURES_UNCOMMITTED');
    expect(judged({ asOf: [december, december, december + 86_400] })).to.equal('SCORE_EPOCHS_DIFFER');
    expect(judged({ owners: ['gov', 'fin', 'gov'] })).to.equal('SCORE_PROVIDER_REPEATED');
    expect(judged({ owners: ['gov', 'fin', 'bank'] })).to.equal('SCORE_PROVIDER_REPEATED');
  });

  it('SCORE_TERMS_MISMATCH for each thing that the chain holds otherwise', () => {
    const changed = (place: number, change: object) =>
      terms.contributions.map((contribution, at) => (at === place ? { ...contribution, ...change } : contribution));
    expect(judged({}, { contributions: terms.contributions.slice(1) })).to.equal('SCORE_TERMS_MISMATCH contributions');
    expect(judged({}, { contributions: [...terms.contributions].reverse() })).to.equal('SCORE_TERMS_MISMATCH dataset');
    expect(judged({ version: 2 })).to.equal('SCORE_TERMS_MISMATCH version');
    expect(judged({}, { contributions: changed(1, { root: hex('ff') }) })).to.equal('SCORE_TERMS_MISMATCH root');
    expect(judged({}, { epoch: terms.epoch + 1 })).to.equal('SCORE_TERMS_MISMATCH epoch');
    expect(judged({}, { subject: hex('78') as SubjectCommitment })).to.equal('SCORE_TERMS_MISMATCH subject');
  });
});
