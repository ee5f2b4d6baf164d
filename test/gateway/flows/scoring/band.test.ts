import { expect } from 'chai';
import { openProver } from '../../../../gateway/adapters/prover/open-prover.ts';
import { totalOffset } from '../../../../gateway/domain/band-proof.ts';
import type { Groth16Proof } from '../../../../gateway/domain/points-proof.ts';
import { proveBand } from '../../../../gateway/flows/scoring/prove-band.ts';
import { verifyBand } from '../../../../gateway/flows/scoring/verify-band.ts';
import type { Prover } from '../../../../gateway/ports/prover.ts';
import { sumPoints } from '../../../../gateway/scoring/babyjubjub.ts';
import { type BandFacts, prepareBandProof } from '../../../../gateway/scoring/band-statement.ts';
import { bandCase } from '../../../helpers/band-case.ts';
import { codeOf, valueIn } from '../../../helpers/refusal.ts';

describe('flows/scoring: showing a band', () => {
  let prover: Prover;
  let proof: Groth16Proof;
  const { facts, total } = bandCase();

  before(async function () {
    this.timeout(60_000);
    prover = openProver({ circuit: 'score-band', accept: 'trial keys too', maxWaiting: 8, idleMs: 60_000 });
    proof = valueIn(await proveBand(prover, facts, total));
  });
  after(() => prover.close());

  it('convinces the asker', async () => {
    expect(valueIn(await verifyBand(prover, facts, proof))).to.equal(true);
  });

  it('convinces nobody else, of no other band, score, model base or session', async () => {
    const foreign: Record<string, BandFacts> = {
      audience: { ...facts, asker: { ...facts.asker, audience: 'auditor-two' } },
      challenge: { ...facts, asker: { ...facts.asker, challenge: `0x${'5b'.repeat(32)}` } },
      narrower: { ...facts, band: { from: 561, below: 640 } },
      wider: { ...facts, band: { from: 560, below: 641 } },
      base: { ...facts, base: 651 },
      session: { ...facts, session: `0x${'c4'.repeat(32)}` },
      commitments: { ...facts, commitments: facts.commitments.slice(1) },
    };
    for (const [what, other] of Object.entries(foreign))
      expect(codeOf(await verifyBand(prover, other, proof)), what).to.equal('SCORE_BAND_UNPROVEN');
    const { a, b, c } = proof;
    expect(codeOf(await verifyBand(prover, facts, { a: c, b, c: a }))).to.equal('SCORE_BAND_UNPROVEN');
  });

  it('is no proof of the points circuit, nor the other way round', async () => {
    const other = openProver({ accept: 'trial keys too', maxWaiting: 1, idleMs: 0 });
    expect(codeOf(await verifyBand(other, facts, proof))).to.equal('SCORE_BAND_UNPROVEN');
    await other.close();
  });

  it('is not made for a band that the score is not in', async () => {
    for (const band of [
      { from: 601, below: null },
      { from: null, below: 600 },
      { from: 700, below: 800 },
    ]) {
      expect(codeOf(await proveBand(prover, { ...facts, band }, total))).to.equal('SCORE_OUTSIDE_BAND');
    }
  });

  it('takes no band without ends, upside down, in fractions or out of reach', async () => {
    const { base } = facts;
    for (const band of [
      { from: null, below: null },
      { from: 640, below: 560 },
      { from: 600, below: 600 },
      { from: 560.5, below: 640 },
      { from: Number.NaN, below: 640 },
      { from: base + totalOffset, below: null },
      { from: null, below: base - totalOffset },
    ]) {
      expect(codeOf(await proveBand(prover, { ...facts, band }, total))).to.equal('SCORE_BAND_INVALID');
      expect(codeOf(await verifyBand(prover, { ...facts, band }, proof))).to.equal('SCORE_BAND_INVALID');
    }
  });

  it('says the same of an end past the range as of the last one', () => {
    const open = valueIn(prepareBandProof({ ...facts, band: { from: 560, below: null } }, total));
    const far = valueIn(prepareBandProof({ ...facts, band: { from: 560, below: Number.MAX_SAFE_INTEGER } }, total));
    expect(far.statement).to.deep.equal(open.statement);
    expect(open.statement).to.deep.include({ low: 560 - 650 + totalOffset, high: 2 * totalOffset });
    expect(open.statement.commitment).to.deep.equal(sumPoints(facts.commitments).toAffine());
  });

  it('throws for a total that is not what the commitments hide', () => {
    expect(() => prepareBandProof(facts, { ...total, points: total.points + 1 })).to.throw(RangeError);
    expect(() => prepareBandProof(facts, { ...total, blinding: total.blinding + 1n })).to.throw(RangeError);
  });
});
