/**
 * The process that proves, started by open-prover.ts with the folder of the artefacts and the name of the circuit. Apart from the gateway because snarkjs takes 300 MB for a proof, blocks
 * for parts of a second, and leaves threads of its own open; this way all of it goes back when the process ends.
 */
import { groth16 } from 'snarkjs';
import { type CircuitName, readArtefacts } from './artefacts.ts';
import type { ProverAnswer, ProverJob } from './prover-job.ts';
import { fromJsonProof, isWellFormed, toJsonProof } from './snarkjs-proof.ts';

// Whether the network takes trial keys was settled when the prover was opened; here only the hashes are checked again.
const artefacts = readArtefacts(process.argv[2]!, process.argv[3] as CircuitName, 'trial keys too');

const prove = async ({ inputs }: Extract<ProverJob, { kind: 'prove' }>): Promise<ProverAnswer> => {
  const [program, key] = [artefacts.witnessProgram, artefacts.provingKey];
  try {
    const { proof, publicSignals } = await groth16.fullProve(inputs, { type: 'mem', data: program }, { type: 'mem', data: key });
    return { kind: 'proved', proved: { proof: fromJsonProof(proof), publicInputs: publicSignals.map(BigInt) } };
  } catch (error) {
    return { kind: 'impossible', reason: String(error).trim().replace(/\s+/g, ' ') };
  }
};

const verify = async ({ publicInputs, proof }: Extract<ProverJob, { kind: 'verify' }>): Promise<ProverAnswer> => {
  if (publicInputs.length !== artefacts.verificationKey.nPublic || !isWellFormed(publicInputs, proof))
    return { kind: 'verified', holds: false };
  const holds = await groth16.verify(artefacts.verificationKey, publicInputs.map(String), toJsonProof(proof));
  return { kind: 'verified', holds };
};

process.on('message', async (job: ProverJob) => {
  const answer = job.kind === 'prove' ? await prove(job) : await verify(job);
  if (process.connected) process.send?.(answer);
});
process.on('disconnect', () => process.exit(0));
