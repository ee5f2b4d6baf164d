import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { UsageId } from '../../../../gateway/domain/ids.ts';
import { usageIdFrom } from '../../../../gateway/domain/usage-id.ts';
import type { Modules } from '../../../../gateway/flows/modules.ts';
import { finishSession } from '../../../../gateway/flows/scoring/finish-session.ts';
import { requestScore } from '../../../../gateway/flows/scoring/request-score.ts';
import { findScore } from '../../../../gateway/flows/scoring/stored-score.ts';
import type { ScoreOpening } from '../../../../gateway/sealing/score-messages.ts';
import { codeOf, type GatewayNetwork, good } from '../../../helpers/gateway-network.ts';
import { amongLiars, claimsOf } from '../../../helpers/lying-peer.ts';
import {
  plainScore,
  scoreConsent,
  scoreConsumer,
  scoredDataset,
  scoreProviders,
  scoreQuery,
  startScoredNetwork,
} from '../../../helpers/scored-network.ts';

const liar = 'fin-weihe';
const newScore = (): UsageId => usageIdFrom(randomBytes(16));
const proofOf = (opening: string | null): ScoreOpening['proof'] => claimsOf<ScoreOpening>(opening!).proof;

describe('a joint score with proofs', () => {
  let network: GatewayNetwork;
  const bank = (): Modules => network.gateway(scoreConsumer).modules;
  const openings = async (score: UsageId) => (await findScore(bank(), score))!.progress.openings;

  before(async () => {
    // One provider does not wait for its proof at all: it has to be asked again.
    network = await startScoredNetwork((member) => ({
      limits: { proofWaitMs: member === 'grid-qinchuan' ? 0 : 3_000, peerTimeoutMs: 60_000 },
    }));
  });
  after(() => network.remove());

  const untilProved = async (modules: Modules, query: ReturnType<typeof scoreQuery>) => {
    for (;;) {
      const result = await requestScore(modules, query);
      if (codeOf(result) !== 'SCORE_PROOF_PENDING') return result;
      if (!result.ok) expect(result.refusal.detail).to.include({ member: 'grid-qinchuan' });
    }
  };

  let first: UsageId;
  it('equals the plain computation, every proof verified; a proof that is not there yet is asked for again', async () => {
    first = newScore();
    const consent = await scoreConsent(network, 0);
    const query = scoreQuery(consent, { score: first, unproven: false });
    const told = new Set<string>();
    const listening: Modules = {
      ...bank(),
      peer: {
        send: async (to, protocol, message) => {
          const answered = await bank().peer.send(to, protocol, message);
          if (!answered.ok) told.add(`${to} ${answered.refusal.code}`);
          return answered;
        },
      },
    };
    const answer = good(await untilProved(listening, query));
    expect([...told]).to.include('grid-qinchuan SCORE_PROOF_PENDING');
    expect(answer.result.score).to.equal(plainScore(0));
    expect(answer.proofs).to.equal('verified');
    expect(answer.certificate.certificate.contributions.every(({ proof }) => proof !== null)).to.equal(true);
    for (const member of scoreProviders)
      expect(network.gateway(member).modules.audit.count(`consent/${consent.id}/${scoredDataset(member)}`)).to.equal(1);
  });

  it('SCORE_PROOF_INVALID names whose proof is altered, missing, or of another session, subject or provider', async () => {
    const before = await openings(first);
    const score = newScore();
    const query = scoreQuery(await scoreConsent(network, 1), { score, unproven: false });
    // A provider that answers with the proof it made for another subject in another session.
    const replayed = await untilProved(
      amongLiars(network, bank(), {
        member: liar,
        protocol: 'score-openings',
        alter: (claims) => ({ ...claims, proof: proofOf(before[1]!) }),
      }),
      query,
    );
    expect(codeOf(replayed)).to.equal('SCORE_PROOF_INVALID');
    if (!replayed.ok) expect(replayed.refusal.detail).to.include({ member: liar });
    expect((await findScore(bank(), score))?.failure?.evidence).to.have.length(3);

    // The same answers judged again with other forgeries: what a consumer sees is all that counts.
    const stored = (await findScore(bank(), first))!;

    const withProof = async (place: number, proof: ScoreOpening['proof']) => {
      const claims = claimsOf<ScoreOpening & Record<string, unknown>>(before[place]!);
      const text = await network.gateway(claims.iss).modules.keys.sign('xinshu-score-opening+jws', { ...claims, proof });
      const forged = before.map((opening, at) => (at === place ? text : opening));
      return finishSession(bank(), { ...stored, progress: { ...stored.progress, openings: forged } });
    };
    const own = proofOf(before[1]!)!;
    const shifted = { ...own, a: [(BigInt(own.a[0]) + 1n).toString(), own.a[1]] } as ScoreOpening['proof'];
    for (const proof of [null, shifted, proofOf(before[0]!)]) {
      const judged = await withProof(1, proof);
      expect(codeOf(judged)).to.equal('SCORE_PROOF_INVALID');
      if (!judged.ok) expect(judged.refusal.detail).to.include({ member: liar });
    }
    expect((await withProof(1, own)).ok).to.equal(true);
  });
});
