/**
 * Builds the artefacts of the circuit: witness program, proving and verification key for trial use, the verifier contract and the manifest of hashes.
 * `--check` builds them anew and compares instead. The powers of tau are kept in `--cache DIR` (default: xinshu/circuits in the user's cache folder).
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zKey } from 'snarkjs';
import { compileCircuit, shippedCircuit } from './compile-circuit.ts';
import { trialPowers, trialProvingKey } from './trial-keys.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const template = join(root, 'node_modules', 'snarkjs', 'templates', 'verifier_groth16.sol.ejs');

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    cache: { type: 'string', default: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'xinshu', 'circuits') },
  },
});
const report = (text: string): void => console.error(text);
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const described = (path: string): { sha256: string; bytes: number } => ({ sha256: sha256(path), bytes: statSync(path).size });

const work = mkdtempSync(join(tmpdir(), 'xinshu-circuits-'));
mkdirSync(values.cache, { recursive: true });

report('compiling');
const compiled = await compileCircuit(shippedCircuit, work);
const powers = await trialPowers(values.cache, report);
report('proving key: half a minute of CPU');
const provingKey = await trialProvingKey(compiled.r1cs, powers, work);
const verificationKey = join(work, 'verification-key.json');
writeFileSync(verificationKey, `${JSON.stringify(await zKey.exportVerificationKey(provingKey), null, 2)}\n`);
const verifier = join(work, 'Groth16Verifier.sol');
writeFileSync(verifier, await zKey.exportSolidityVerifier(provingKey, { groth16: readFileSync(template, 'utf8') }));
const manifest = join(work, 'artefacts.json');
const contents = {
  circuit: 'points',
  use: 'trial',
  r1cs: described(compiled.r1cs),
  powersOfTau: described(powers),
  files: {
    'points.wasm': described(compiled.witness),
    'points.zkey': described(provingKey),
    'verification-key.json': described(verificationKey),
  },
};
writeFileSync(manifest, `${JSON.stringify(contents, null, 2)}\n`);

const places: readonly (readonly [built: string, shipped: string])[] = [
  [compiled.witness, 'gateway/circuits/artefacts/points.wasm'],
  [provingKey, 'gateway/circuits/artefacts/points.zkey'],
  [verificationKey, 'gateway/circuits/artefacts/verification-key.json'],
  [verifier, 'contracts/verifiers/Groth16Verifier.sol'],
  [manifest, 'gateway/circuits/artefacts.json'],
];
const different = places.filter(([built, shipped]) => values.check && sha256(built) !== sha256(join(root, shipped)));
if (!values.check) {
  for (const folder of ['gateway/circuits/artefacts', 'contracts/verifiers']) mkdirSync(join(root, folder), { recursive: true });
  for (const [built, shipped] of places) copyFileSync(built, join(root, shipped));
}
rmSync(work, { recursive: true });
for (const [, shipped] of different) console.error(`${shipped} is not what the sources give`);
if (different.length === 0) console.log(values.check ? 'every artefact is what the sources give' : JSON.stringify(contents, null, 2));
// snarkjs leaves its worker threads open.
process.exit(different.length === 0 ? 0 : 1);
