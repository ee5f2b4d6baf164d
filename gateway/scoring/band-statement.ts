import { askerElement, type Band, type BandAsker, type BandStatement, totalOffset } from '../domain/band-proof.ts';
import type { Hex } from '../domain/ids.ts';
import { type CircuitInputs, sessionElement } from '../domain/points-proof.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type CurvePoint, sumPoints, toScalar } from './babyjubjub.ts';
import type { Total } from './combine-sums.ts';
import { commit } from './pedersen.ts';

/** What a band is shown of. Whoever verifies takes all of it from where it trusts it: session, commitments and base from the certificate, the rest from its own question. */
export type BandFacts = {
  readonly session: Hex;
  /** Of all providers, parsed: on the curve and in the subgroup. */
  readonly commitments: readonly CurvePoint[];
  /** Of the model: score = base + points. */
  readonly base: number;
  readonly band: Band;
  readonly asker: BandAsker;
};

const isEnd = (end: number | null): boolean => end === null || Number.isSafeInteger(end);

/** The band in the circuit's numbers; an end past what any model gives is as good as the last one. Refuses with SCORE_BAND_INVALID. */
export const bandStatement = ({ session, commitments, base, band, asker }: BandFacts): Result<BandStatement> => {
  const { from, below } = band;
  const offset = (end: number): number => Math.min(Math.max(end - base + totalOffset, 0), 2 * totalOffset);
  const low = from === null ? 0 : offset(from);
  const high = below === null ? 2 * totalOffset : offset(below);
  if (!isEnd(from) || !isEnd(below) || (from === null && below === null) || low >= high)
    return refuse('SCORE_BAND_INVALID', { from: from ?? 'open', below: below ?? 'open' });
  return ok({
    commitment: sumPoints(commitments).toAffine(),
    low,
    high,
    session: sessionElement(session),
    context: askerElement(asker),
  });
};

export type PreparedBand = { readonly statement: BandStatement; readonly inputs: CircuitInputs };

/**
 * Lays out the circuit's inputs. Refuses with SCORE_BAND_INVALID, SCORE_OUTSIDE_BAND. Throws RangeError when the total doesn't open the commitments: who proves has
 * checked its certificate.
 */
export const prepareBandProof = (facts: BandFacts, { points, blinding }: Total): Result<PreparedBand> => {
  const stated = bandStatement(facts);
  if (!stated.ok) return stated;
  if (!commit(toScalar(BigInt(points)), blinding).equals(sumPoints(facts.commitments)))
    throw new RangeError('the total does not open the commitments');
  const statement = stated.value;
  const offsetTotal = points + totalOffset;
  if (offsetTotal < statement.low || offsetTotal >= statement.high) return refuse('SCORE_OUTSIDE_BAND');
  const inputs: CircuitInputs = {
    low: BigInt(statement.low),
    high: BigInt(statement.high),
    session: statement.session,
    context: statement.context,
    offsetTotal: BigInt(offsetTotal),
    blinding,
  };
  return ok({ statement, inputs });
};
