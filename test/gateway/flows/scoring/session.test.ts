import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { checkOpening, decodeLeaf } from '../../../../gateway/audit/leaf.ts';
import { type HistoryRequestMessage, historyRequestDomain, historyRequestTypes } from '../../../../gateway/domain/consent-typed-data.ts';
import type { Hex, UsageId } from '../../../../gateway/domain/ids.ts';
import { contributionUsage } from '../../../../gateway/domain/score-session.ts';
import { usageIdFrom } from '../../../../gateway/domain/usage-id.ts';
import type { Modules } from '../../../../gateway/flows/modules.ts';
import { readLeaf } from '../../../../gateway/flows/read-leaf.ts';
import { relayWithdrawal } from '../../../../gateway/flows/relay-withdrawal.ts';
import { explainScores } from '../../../../gateway/flows/scoring/explain-scores.ts';
import { requestScore } from '../../../../gateway/flows/scoring/request-score.ts';
import type { RequestScoreOutput } from '../../../../gateway/flows/scoring/score-query.ts';
import { findScore } from '../../../../gateway/flows/scoring/stored-score.ts';
import { signWithdrawal, stranger, subjects, type TestConsent } from '../../../helpers/electricity.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, good } from '../../../helpers/gateway-network.ts';
import { withLostMessages } from '../../../helpers/lying-peer.ts';
import { testAccount } from '../../../helpers/member-documents.ts';
import {
  asMember,
  plainScore,
  publishFacts,
  scoreConsent,
  scoreConsumer,
  scoredDataset,
  scoreProviders,
  scoreQuery,
  setUpModel,
  startScoredNetwork,
} from '../../../helpers/scored-network.ts';

const newScore = (): UsageId => usageIdFrom(randomBytes(16));

describe('a joint score of three gateways', () => {
  let network: GatewayNetwork;
  const bank = (): Modules => network.gateway(scoreConsumer).modules;
  const provider = (member: string): Modules => network.gateway(member).modules;
  const usageAt = ({ session }: Pick<RequestScoreOutput, 'session'>, member: string): UsageId =>
    contributionUsage(session, scoredDataset(member));
  const leafOf = async (modules: Modules, usage: UsageId, step: 'requested' | 'served' | 'refused' | 'received') => {
    const position = (await modules.audit.recall(usage, step))?.position;
    if (position === undefined) return undefined;
    const leaf = good(decodeLeaf(await readLeaf(modules.audit, position.index)));
    return { outcome: leaf.outcome, values: good(checkOpening(leaf, (await modules.audit.opening(position.index))!)) };
  };
  const uses = (consent: TestConsent): number[] =>
    scoreProviders.map((member) => provider(member).audit.count(`consent/${consent.id}/${scoredDataset(member)}`));
  /** A model of the same parts under another name: another family, so another budget. */
  let family = 0;
  const freshModel = async (choices: Parameters<typeof setUpModel>[1] = {}) => {
    family += 1;
    const id = `family-${family}` as NonNullable<typeof choices.id>;
    await setUpModel(network, { ...choices, id });
    return { model: id };
  };

  before(async () => {
    network = await startScoredNetwork();
  });
  after(() => network.remove());

  it('equals the plain computation for every subject, negative points too', async () => {
    for (const place of subjects.keys()) {
      const answer = good(await requestScore(bank(), scoreQuery(await scoreConsent(network, place))));
      expect(answer.result.score).to.equal(plainScore(place));
      expect(answer).to.include({ outcome: 'ok', proofs: 'unproven' });
      expect(answer.providers).to.deep.equal(scoreProviders);
      expect(answer.result.grade).to.equal(2);
    }
  });

  it('is logged by both sides with the same values, counted once and acknowledged', async () => {
    const consent = await scoreConsent(network, 0);
    const answer = good(await requestScore(bank(), scoreQuery(consent, await freshModel())));
    for (const member of scoreProviders) {
      const usage = usageAt(answer, member);
      const [requested, served, received] = [
        await leafOf(bank(), usage, 'requested'),
        await leafOf(provider(member), usage, 'served'),
        await leafOf(bank(), usage, 'received'),
      ];
      expect([requested?.outcome, served?.outcome, received?.outcome]).to.deep.equal(['ok', 'ok', 'ok']);
      for (const value of ['subject', 'staff', 'grant', 'consent', 'dataset', 'fields', 'purpose', 'operation', 'price'])
        expect([served?.values[value], received?.values[value]]).to.deep.equal([requested?.values[value], requested?.values[value]]);
      expect(served?.values.operation).to.equal('score');
      await eventually('the receipt', async () => (await provider(member).documents.get('receipt', usage)) !== undefined);
    }
    expect(uses(consent)).to.deep.equal([1, 1, 1]);
  });

  it('is the same again under its id, and nothing is counted or logged twice', async () => {
    const consent = await scoreConsent(network, 0);
    const query = scoreQuery(consent, { ...(await freshModel()), score: newScore() });
    const first = good(await requestScore(bank(), query));
    const sizes = [bank(), ...scoreProviders.map(provider)].map(({ audit }) => audit.size());
    expect(good(await requestScore(bank(), query))).to.deep.equal(first);
    expect([bank(), ...scoreProviders.map(provider)].map(({ audit }) => audit.size())).to.deep.equal(sizes);
    expect(codeOf(await requestScore(bank(), { ...query, purpose: 'loan-monitoring' }))).to.equal('USAGE_CONFLICT');
  });

  it('SCORE_BUDGET_SPENT for a second session of the subject, model family and month, whatever differs', async () => {
    const consent = await scoreConsent(network, 1);
    const model = await freshModel();
    good(await requestScore(bank(), scoreQuery(consent, model)));
    expect(codeOf(await requestScore(bank(), scoreQuery(consent, model)))).to.equal('SCORE_BUDGET_SPENT');
    // Another version of the model, with other points.
    await setUpModel(network, { id: model.model, version: 2 });
    expect(codeOf(await requestScore(bank(), scoreQuery(consent, { ...model, modelVersion: 2 })))).to.equal('SCORE_BUDGET_SPENT');
    // Another consent of the same subject.
    const other = await scoreConsent(network, 1);
    expect(codeOf(await requestScore(bank(), scoreQuery(other, model)))).to.equal('SCORE_BUDGET_SPENT');
    // Another version of one dataset that describes the same month.
    await publishFacts(network, 'fin-weihe');
    expect(codeOf(await requestScore(bank(), scoreQuery(consent, model)))).to.equal('SCORE_BUDGET_SPENT');
    expect(uses(consent)).to.deep.equal([1, 1, 1]);
    expect(uses(other)).to.deep.equal([0, 0, 0]);
  });

  it('goes on after each message was lost, on its way or on the way back, with one deal and one use', async () => {
    for (const protocol of ['score-proposals', 'score-commitments', 'score-openings'] as const)
      for (const when of ['before', 'after'] as const) {
        const consent = await scoreConsent(network, 2);
        const query = scoreQuery(consent, { ...(await freshModel()), score: newScore() });
        const lost = await requestScore(withLostMessages(bank(), 'fin-weihe', protocol, when), query);
        expect(codeOf(lost)).to.equal('PEER_TIMEOUT');
        if (!lost.ok) expect(lost.refusal.detail).to.include({ member: 'fin-weihe', score: query.score });
        expect(good(await requestScore(bank(), query)).result.score).to.equal(plainScore(2));
        expect(uses(consent)).to.deep.equal([1, 1, 1]);
      }
  });

  it('goes on after a provider, and the consumer, were restarted between any two rounds', async () => {
    for (const protocol of ['score-commitments', 'score-openings'] as const) {
      const consent = await scoreConsent(network, 3);
      const query = scoreQuery(consent, { ...(await freshModel()), score: newScore() });
      expect(codeOf(await requestScore(withLostMessages(bank(), 'grid-qinchuan', protocol, 'before'), query))).to.equal('PEER_TIMEOUT');
      for (const member of ['grid-qinchuan', scoreConsumer]) {
        await network.stop(member);
        await network.start(member);
      }
      expect(good(await requestScore(bank(), query)).result.score).to.equal(plainScore(3));
      expect(uses(consent)).to.deep.equal([1, 1, 1]);
    }
  });

  it('opens no share after a withdrawal, not even one that only a provider was handed', async () => {
    const consent = await scoreConsent(network, 0);
    const query = scoreQuery(consent, { ...(await freshModel()), score: newScore() });
    const refused = withLostMessages(bank(), 'grid-qinchuan', 'score-openings', 'before');
    expect(codeOf(await requestScore({ ...refused, peer: blockAll(refused, 'score-openings') }, query))).to.equal('PEER_TIMEOUT');
    const withdrawal = await signWithdrawal(network, consent);
    good(await relayWithdrawal(provider('gov-credit'), withdrawal));
    const ended = await requestScore(bank(), query);
    expect(codeOf(ended)).to.equal('CONSENT_WITHDRAWN');
    expect(uses(consent)[0]).to.equal(0);
    const stored = await findScore(bank(), query.score!);
    expect(stored?.certificate).to.equal(undefined);
    expect(stored?.failure?.refusal.detail.provider).to.be.a('string');
    expect(codeOf(await requestScore(bank(), query))).to.equal('CONSENT_WITHDRAWN');
  });

  it('tells reason codes to the consumer only under a model that says so', async () => {
    const consent = await scoreConsent(network, 2);
    const silent = good(await requestScore(bank(), scoreQuery(consent, await freshModel())));
    expect(silent.certificate.certificate.contributions.map(({ reasons }) => reasons)).to.deep.equal([null, null, null]);
    const told = good(await requestScore(bank(), scoreQuery(consent, await freshModel({ reasonsToConsumer: true }))));
    expect(told.certificate.certificate.contributions.map(({ reasons }) => reasons)).to.deep.equal([['POOR'], [], []]);
  });

  it('tells the subject the reasons of each provider, and nobody else', async () => {
    const consent = await scoreConsent(network, 2);
    const answer = good(await requestScore(bank(), scoreQuery(consent, await freshModel())));
    const ask = async (member: string, signer = consent.wallet, changes: Partial<HistoryRequestMessage> = {}) => {
      const deadline = Math.floor(Date.now() / 1000) + 60;
      const report = `0x${'00'.repeat(32)}` as const;
      const request: HistoryRequestMessage = {
        consent: consent.id,
        member: asMember(member),
        log: 0,
        from: 0,
        count: 10,
        report,
        since: 0,
        deadline,
        ...changes,
      };
      const { chainId } = bank().ledger;
      const signature = (await signer.signTypedData(historyRequestDomain(chainId), historyRequestTypes, request)) as Hex;
      return explainScores(provider(member), { request, signature });
    };
    const told = await Promise.all(scoreProviders.map(async (member) => good(await ask(member))));
    expect(told.map((scores) => scores.map(({ session, reasons }) => [session, reasons.map(({ en }) => en)]))).to.deep.equal([
      [[answer.session, ['Poor standing']]],
      [[answer.session, []]],
      [[answer.session, []]],
    ]);
    expect(codeOf(await ask('gov-credit', testAccount('bank-changan')))).to.equal('HISTORY_SIGNATURE_INVALID');
    expect(codeOf(await ask('gov-credit', consent.wallet, { deadline: 1 }))).to.equal('HISTORY_REQUEST_EXPIRED');
  });

  it('refuses at home what it need not ask anybody, and logs it', async () => {
    const consent = await scoreConsent(network, 0);
    const asked = async (changes: Parameters<typeof scoreQuery>[1]) => {
      const score = newScore();
      const code = codeOf(await requestScore(bank(), scoreQuery(consent, { score, ...changes })));
      expect((await leafOf(bank(), score, 'requested'))?.outcome).to.equal(code);
      expect(codeOf(await requestScore(bank(), scoreQuery(consent, { score, ...changes })))).to.equal(code);
      return code;
    };
    expect(await asked({ modelVersion: 9 })).to.equal('MODEL_UNKNOWN');
    expect(await asked({ subject: { type: 'enterprise', code: '1' } })).to.equal('USCC_LENGTH');
    expect(await asked({ purpose: 'loan-monitoring' })).to.equal('GRANT_PURPOSE_MISMATCH');
    expect(await asked({ subject: subjects[1]! })).to.equal('CONSENT_SUBJECT_MISMATCH');
    const raw = await scoreConsent(network, 0, { operations: ['raw'] });
    expect(codeOf(await requestScore(bank(), scoreQuery(raw)))).to.equal('CONSENT_OPERATION_MISMATCH');
  });

  it('SCORE_SUBJECT_UNKNOWN from a provider that holds nothing on the subject', async () => {
    const consent = await scoreConsent(network, 0, { subject: stranger });
    const ended = await requestScore(bank(), scoreQuery(consent, { subject: stranger }));
    expect(codeOf(ended)).to.equal('SCORE_SUBJECT_UNKNOWN');
    expect(uses(consent)).to.deep.equal([0, 0, 0]);
  });
});

const blockAll = (modules: Modules, protocol: string): Modules['peer'] => ({
  send: async (to, which, message) =>
    which === protocol ? { ok: false, refusal: { code: 'PEER_TIMEOUT', detail: { member: to } } } : modules.peer.send(to, which, message),
});
