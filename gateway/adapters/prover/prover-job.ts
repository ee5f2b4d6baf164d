import type { CircuitInputs, Groth16Proof } from '../../domain/points-proof.ts';
import type { Proved } from '../../ports/prover.ts';

/** What the gateway asks of its prover process, and what it answers: one answer for each job, in order. */
export type ProverJob =
  | { readonly kind: 'prove'; readonly inputs: CircuitInputs }
  | { readonly kind: 'verify'; readonly publicInputs: readonly bigint[]; readonly proof: Groth16Proof };

export type ProverAnswer =
  | { readonly kind: 'proved'; readonly proved: Proved }
  | { readonly kind: 'verified'; readonly holds: boolean }
  /** The inputs are not what the circuit asks for: the place in its source where a constraint doesn't hold, or what is missing. */
  | { readonly kind: 'impossible'; readonly reason: string };
