import type { Hex } from '../domain/ids.ts';
import type { CircuitInputs, Groth16Proof } from '../domain/points-proof.ts';

export type Proved = { readonly proof: Groth16Proof; readonly publicInputs: readonly bigint[] };

/**
 * Makes and checks the proofs of one circuit (docs/protocol/circuit.md), with keys that were checked against their manifest when it was opened. Fit for
 * a native prover: it is given the circuit's inputs, not a witness. Proofs are made one after another; calls may come at any time.
 */
export interface Prover {
  /** SHA-256 of the verification key: sessions name it. */
  readonly verificationKey: Hex;
  /**
   * Seconds of CPU. What it returns is of these inputs: compare `publicInputs` with the statement. Rejects with PROOF_IMPOSSIBLE when a constraint doesn't hold or an input is missing,
   * OVERLOADED when too much waits, PROVER_FAILED when it ended before the answer; after the last two the same call may be tried again.
   */
  prove(inputs: CircuitInputs): Promise<Proved>;
  /** False for anything that is no proof of these public inputs, whatever the numbers are. Rejects with OVERLOADED or PROVER_FAILED. */
  verify(publicInputs: readonly bigint[], proof: Groth16Proof): Promise<boolean>;
  /** Ends what is under way with PROVER_FAILED and leaves no process behind. */
  close(): Promise<void>;
}
