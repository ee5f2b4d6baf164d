import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { UsageId } from '../../../../gateway/domain/ids.ts';
import { certificateTypes } from '../../../../gateway/domain/score-session.ts';
import { usageIdFrom } from '../../../../gateway/domain/usage-id.ts';
import type { Modules } from '../../../../gateway/flows/modules.ts';
import { factsOnChain } from '../../../../gateway/flows/scoring/facts-on-chain.ts';
import { finishSession } from '../../../../gateway/flows/scoring/finish-session.ts';
import { recordScore } from '../../../../gateway/flows/scoring/record-score.ts';
import { requestScore } from '../../../../gateway/flows/scoring/request-score.ts';
import { scoreDomainOf } from '../../../../gateway/flows/scoring/score-domain.ts';
import { findScore } from '../../../../gateway/flows/scoring/stored-score.ts';
import { verifyCertificate } from '../../../../gateway/flows/scoring/verify-certificate.ts';
import { certificateHash, type ScoreCertificate } from '../../../../gateway/sealing/score-certificate.ts';
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
type Path = readonly (string | number)[];
const leavesOf = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name])) : [path];
const changed = (value: unknown, path: Path, change: (leaf: unknown) => unknown): unknown => {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (Array.isArray(value)) return value.map((inner, at) => (String(at) === String(name) ? changed(inner, rest, change) : inner));
  const object = value as Record<string, unknown>;
  return { ...object, [name]: changed(object[name], rest, change) };
};
/** Bits by place: some of every field, by its length only in the words that are long. */
const flipsOf = (path: Path): readonly number[] => (path.at(-1) === 'signature' ? [0, 1, 2, 3, 4, 5, 6, 7] : [0, 5]);
const withFlip = (value: object, path: Path, bit: number): unknown =>
  changed(value, path, (leaf) => {
    if (typeof leaf === 'number') return leaf ^ (1 << bit);
    if (typeof leaf === 'boolean') return !leaf;
    if (leaf === null) return '';
    const text = Buffer.from(leaf as string, 'utf8');
    const hex = /^0x[0-9a-f]+$/.test(leaf as string);
    // Of a hexadecimal value the bit is the value's, so that it stays one of the form.
    if (hex) {
      const bytes = Buffer.from((leaf as string).slice(2), 'hex');
      bytes[bytes.length - 1]! ^= 1 << bit;
      return `0x${bytes.toString('hex')}`;
    }
    text[text.length - 1]! ^= 1;
    return text.toString('utf8');
  });
const without = (value: object, path: Path): unknown => {
  const name = path.at(-1);
  return changed(value, path.slice(0, -1), (parent) =>
    Array.isArray(parent)
      ? parent.filter((_, at) => String(at) !== String(name))
      : Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== name)),
  );
};
const proofOf = (opening: string | null): ScoreOpening['proof'] => claimsOf<ScoreOpening>(opening!).proof;

describe('a joint score with proofs', () => {
  let network: GatewayNetwork;
  const bank = (): Modules => network.gateway(scoreConsumer).modules;
  const openings = async (score: UsageId) => (await findScore(bank(), score))!.progress.openings;

  before(async () => {
    // One provider does not wait for its proof at all: it has to be asked again.
    network = await startScoredNetwork((member) => ({
      limits: { proofWaitMs: member === 'grid-qinchuan' ? 0 : 3_000, peerTimeoutMs: 60_000, redeliverySeconds: 3_600 },
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

  it('SCORE_CERTIFICATE_INVALID for one flipped bit in any field', async () => {
    const prover = bank().prover!;
    const { certificate } = (await findScore(bank(), first))!;
    const plain = JSON.parse(JSON.stringify(certificate)) as object;
    expect(codeOf(await verifyCertificate(prover, plain))).to.equal('ok');
    const paths = leavesOf(plain);
    expect(paths.length).to.be.greaterThan(80);
    for (const path of paths)
      for (const flip of flipsOf(path))
        expect(codeOf(await verifyCertificate(prover, withFlip(plain, path, flip))), path.join('/')).to.equal('SCORE_CERTIFICATE_INVALID');
    for (const path of paths)
      expect(codeOf(await verifyCertificate(prover, without(plain, path))), path.join('/')).to.equal('SCORE_CERTIFICATE_INVALID');
  });

  it('names what does not hold, even where the consumer signs it anew', async () => {
    const prover = bank().prover!;
    const signed = (await findScore(bank(), first))!.certificate!;
    const resigned = async (changes: Partial<ScoreCertificate>): Promise<string> => {
      const certificate = { ...signed.certificate, ...changes };
      const message = { session: certificate.session, certificate: certificateHash(certificate) };
      const signature = await bank().keys.signTypedData(scoreDomainOf(bank()), certificateTypes, message);
      const result = await verifyCertificate(prover, { certificate, signature });
      return result.ok ? 'ok' : [result.refusal.detail.what, result.refusal.detail.member].filter(Boolean).join(' of ');
    };
    const { contributions, result, total, terms } = signed.certificate;
    const at = (place: number, change: object) => contributions.map((one, index) => (index === place ? { ...one, ...change } : one));
    expect(await resigned({})).to.equal('ok');
    expect(await resigned({ result: { ...result, score: result.score + 1 } })).to.equal('result');
    expect(await resigned({ total: { ...total, points: total.points + 1 }, result: { ...result, score: result.score + 1 } })).to.equal(
      'total',
    );
    expect(await resigned({ contributions: at(1, { partHash: contributions[0]!.partHash }) })).to.equal(`proof of ${liar}`);
    expect(await resigned({ contributions: at(1, { proof: contributions[0]!.proof }) })).to.equal(`proof of ${liar}`);
    expect(await resigned({ contributions: at(1, { proof: null }) })).to.equal(`proof of ${liar}`);
    expect(await resigned({ contributions: at(1, { commitment: contributions[0]!.commitment }) })).to.equal(
      `commitment signature of ${liar}`,
    );
    expect(await resigned({ contributions: at(1, { commitment: `0x${'ff'.repeat(32)}` }) })).to.equal(`commitment of ${liar}`);
    expect(await resigned({ contributions: at(1, { member: 'gov-credit' }) })).to.equal('members');
    expect(await resigned({ terms: { ...terms, epoch: terms.epoch + 1 } })).to.equal('session');
    expect(await resigned({ proofs: 'unproven' })).to.equal('proofs');
    expect(await resigned({ model: { ...signed.certificate.model, parts: [...signed.certificate.model.parts].reverse() } })).to.equal(
      'model',
    );
    const facts = factsOnChain(bank().ledger.at(terms.blockNumber)!, signed.certificate);
    expect(facts.filter(({ holds }) => !holds)).to.deep.equal([]);
    const forged = { ...signed.certificate, contributions: at(1, { account: contributions[0]!.account }) } as ScoreCertificate;
    expect(factsOnChain(bank().ledger.at(terms.blockNumber)!, forged).filter(({ holds }) => !holds)).to.deep.equal([
      { what: `account of ${liar}`, holds: false },
    ]);
  });

  it('is recorded on chain with its proofs, once; a stranger’s score is SCORE_UNKNOWN', async () => {
    const recorded = good(await recordScore(bank(), { score: first }));
    expect(recorded.proofs).to.equal(3);
    const registry = network.chain.contract('score-registry');
    expect(await registry.getFunction('recordedAt')(recorded.session)).to.equal(BigInt(recorded.block));
    for (const place of [0, 1, 2]) expect(await registry.getFunction('isProved')(recorded.session, place)).to.equal(true);
    expect(good(await recordScore(bank(), { score: first })).proofs).to.equal(3);
    expect(codeOf(await recordScore(bank(), { score: newScore() }))).to.equal('SCORE_UNKNOWN');
  });
});
