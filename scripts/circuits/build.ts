/**
 * Builds the artefacts of the circuits: witness program, proving and verification key for trial use and the manifest of hashes of each, and the verifier contract.
 * `--check` builds them anew and compares instead; `--r1cs DIR` only puts the constraint systems there, for a ceremony. The powers of tau are kept in `--cache DIR` (default: xinshu/circuits in the user's cache folder).
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zKey } from 'snarkjs';
import { type CircuitName, circuitNames, shippedArtefacts } from '../../gateway/adapters/prover/artefacts.ts';
import { compileCircuit, shippedCircuits } from './compile-circuit.ts';
import { trialPowers, trialProvingKey } from './trial-keys.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const template = join(root, 'node_modules', 'snarkjs', 'templates', 'verifier_groth16.sol.ejs');

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    r1cs: { type: 'string' },
    cache: { type: 'string', default: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'xinshu', 'circuits') },
  },
});
const report = (text: string): void => console.error(text);
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const described = (path: string): { sha256: string; bytes: number } => ({ sha256: sha256(path), bytes: statSync(path).size });

const work = mkdtempSync(join(tmpdir(), 'xinshu-circuits-'));
mkdirSync(values.cache, { recursive: true });

if (values.r1cs !== undefined) {
  mkdirSync(values.r1cs, { recursive: true });
  for (const circuit of circuitNames) {
    const { r1cs } = await compileCircuit(shippedCircuits[circuit], join(work, circuit));
    copyFileSync(r1cs, join(values.r1cs, `${circuit}.r1cs`));
  }
  rmSync(work, { recursive: true });
  process.exit(0);
}
const powers = await trialPowers(values.cache, report);

type Place = readonly [built: string, shipped: string];

/** Builds the artefacts of a circuit into a folder, and says which file of the repository each of them is. */
const build = async (circuit: CircuitName): Promise<readonly Place[]> => {
  const folder = join(work, circuit);
  report(`compiling ${circuit}`);
  const compiled = await compileCircuit(shippedCircuits[circuit], folder);
  report('proving key: half a minute of CPU at most');
  const provingKey = await trialProvingKey(compiled.r1cs, powers, folder);
  const verificationKey = join(folder, 'verification-key.json');
  writeFileSync(verificationKey, `${JSON.stringify(await zKey.exportVerificationKey(provingKey), null, 2)}\n`);
  const manifest = join(folder, 'artefacts.json');
  const contents = {
    circuit,
    use: 'trial',
    r1cs: described(compiled.r1cs),
    powersOfTau: described(powers),
    files: {
      [`${circuit}.wasm`]: described(compiled.witness),
      [`${circuit}.zkey`]: described(provingKey),
      'verification-key.json': described(verificationKey),
    },
  };
  writeFileSync(manifest, `${JSON.stringify(contents, null, 2)}\n`);
  report(JSON.stringify(contents, null, 2));
  const home = shippedArtefacts[circuit];
  const artefacts: readonly Place[] = [
    [compiled.witness, join(home, 'artefacts', `${circuit}.wasm`)],
    [provingKey, join(home, 'artefacts', `${circuit}.zkey`)],
    [verificationKey, join(home, 'artefacts', 'verification-key.json')],
    [manifest, join(home, 'artefacts.json')],
  ];
  if (circuit !== 'points') return artefacts;
  const verifier = join(folder, 'Groth16Verifier.sol');
  writeFileSync(verifier, await zKey.exportSolidityVerifier(provingKey, { groth16: readFileSync(template, 'utf8') }));
  return [...artefacts, [verifier, join(root, 'contracts/verifiers/Groth16Verifier.sol')]];
};

const places: Place[] = [];
for (const circuit of circuitNames) places.push(...(await build(circuit)));
const different = places.filter(([built, shipped]) => values.check && sha256(built) !== sha256(shipped));
if (!values.check) {
  for (const [built, shipped] of places) {
    mkdirSync(dirname(shipped), { recursive: true });
    copyFileSync(built, shipped);
  }
}
rmSync(work, { recursive: true });
for (const [, shipped] of different) console.error(`${relative(root, shipped)} is not what the sources give`);
if (different.length === 0) console.log(values.check ? 'every artefact is what the sources give' : 'every artefact is in its place');
// snarkjs leaves its worker threads open.
process.exit(different.length === 0 ? 0 : 1);
