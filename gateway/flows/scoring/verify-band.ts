import { bandPublicInputs } from '../../domain/band-proof.ts';
import type { Groth16Proof } from '../../domain/points-proof.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import type { Prover } from '../../ports/prover.ts';
import { type BandFacts, bandStatement } from '../../scoring/band-statement.ts';

/**
 * Whether a proof shows what `facts` say. That the commitments are the providers' own, of this session, is the certificate's part. `prover` is that of the circuit
 * score-band. Refuses with SCORE_BAND_INVALID, SCORE_BAND_UNPROVEN.
 */
export const verifyBand = async (prover: Prover, facts: BandFacts, proof: Groth16Proof): Promise<Result<true>> => {
  const statement = bandStatement(facts);
  if (!statement.ok) return statement;
  const holds = await prover.verify(bandPublicInputs(statement.value), proof);
  return holds ? ok(true) : refuse('SCORE_BAND_UNPROVEN');
};
