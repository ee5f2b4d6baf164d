import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curves, powersOfTau } from 'snarkjs';
import { sha256Hex } from '../../gateway/domain/hash.ts';
import { compileCircuit } from '../../scripts/circuits/compile-circuit.ts';

/** Six public inputs as the real one has, so that the gateway's own prover takes its keys; a constraint for each. */
const source = `pragma circom 2.1.6;
template Small() {
    signal input low;
    signal input high;
    signal input session;
    signal input context;
    signal input offsetTotal;
    signal input blinding;
    signal output commitment[2];
    commitment[0] <== offsetTotal * offsetTotal;
    commitment[1] <== blinding * offsetTotal;
    signal first <== low * high;
    signal second <== session * context + first;
}
component main {public [low, high, session, context]} = Small();
`;

export type SmallCircuit = {
  /** As a gateway's circuits folder: artefacts.json and the witness program. */
  readonly artefacts: string;
  readonly r1cs: string;
  readonly powers: string;
  readonly trialPowers: string;
};

/** Powers of tau from this machine's randomness, 2^6 at most: two seconds. */
const makePowers = async (file: string): Promise<string> => {
  const curve = await curves.getCurveFromName('bn128');
  await powersOfTau.newAccumulator(curve, 6, `${file}.new`);
  await powersOfTau.beacon(`${file}.new`, `${file}.beacon`, 'test', randomBytes(32).toString('hex'), 10);
  await powersOfTau.preparePhase2(`${file}.beacon`, file);
  await curve.terminate();
  return file;
};

const hashed = (file: string): { sha256: string } => ({ sha256: sha256Hex(readFileSync(file)).slice(2) });

/** A circuit of a few constraints that calls itself score-band, with all that a ceremony of it begins with. */
export const makeSmallCircuit = async (folder: string): Promise<SmallCircuit> => {
  mkdirSync(join(folder, 'source'), { recursive: true });
  writeFileSync(join(folder, 'source', 'score-band.circom'), source);
  const compiled = await compileCircuit(
    { root: folder, source: 'source/score-band.circom', libraries: '.', simplify: '--O2' },
    join(folder, 'compiled'),
  );
  const artefacts = join(folder, 'circuit');
  const program = join(artefacts, 'artefacts', 'score-band.wasm');
  mkdirSync(join(artefacts, 'artefacts'), { recursive: true });
  copyFileSync(compiled.witness, program);
  const trialPowers = await makePowers(join(folder, 'trial.ptau'));
  const powers = await makePowers(join(folder, 'powers.ptau'));
  const manifest = {
    circuit: 'score-band',
    use: 'trial',
    r1cs: hashed(compiled.r1cs),
    powersOfTau: hashed(trialPowers),
    files: { 'score-band.wasm': hashed(program) },
  };
  writeFileSync(join(artefacts, 'artefacts.json'), JSON.stringify(manifest));
  return { artefacts, r1cs: compiled.r1cs, powers, trialPowers };
};
