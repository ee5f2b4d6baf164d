import { bandPublicInputs } from '../../domain/band-proof.ts';
import type { Groth16Proof } from '../../domain/points-proof.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Prover } from '../../ports/prover.ts';
import { type BandFacts, prepareBandProof } from '../../scoring/band-statement.ts';
import type { Total } from '../../scoring/combine-sums.ts';

/** Proves to an asker that a score lies in a band, and nothing else of it. `prover` is that of the circuit score-band. Refuses with SCORE_BAND_INVALID, SCORE_OUTSIDE_BAND. */
export const proveBand = async (prover: Prover, facts: BandFacts, total: Total): Promise<Result<Groth16Proof>> => {
  const prepared = prepareBandProof(facts, total);
  if (!prepared.ok) return prepared;
  const { proof, publicInputs } = await prover.prove(prepared.value.inputs);
  if (bandPublicInputs(prepared.value.statement).some((input, place) => input !== publicInputs[place]))
    throw new RangeError('the proof states something else');
  return ok(proof);
};
