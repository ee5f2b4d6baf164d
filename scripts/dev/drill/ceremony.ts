/** `npm run drill:ceremony`: a ceremony of the real circuit with three members, one of whom is killed while it contributes; then a forged key is refused. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CircuitName, shippedArtefacts } from '../../../gateway/adapters/prover/artefacts.ts';
import { ceremonyFolder, hashFile } from '../../../node/ceremony/folder.ts';
import { readTranscript } from '../../../node/ceremony/transcript.ts';
import { writeJsonFile } from '../../../node/json-file.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { compileCircuit, shippedCircuits } from '../../circuits/compile-circuit.ts';
import { trialPowers } from '../../circuits/trial-keys.ts';

const usage = `Usage: npm run drill:ceremony -- [options]

Makes proving keys with three members of the demo consortium. The second is killed while it contributes and is passed over. The powers of tau are those of the
trial keys (made once, nine minutes of CPU), so the keys are for trial use.

  --circuit NAME   points or score-band (default points)
  --cache DIR      where the powers of tau are kept (default: xinshu/circuits in the user's cache folder)
  --keep           leave the folder in place
  --help           this text

Exit status: 0 all as it should be, 1 not.`;

const { values } = parseArgs({
  options: {
    circuit: { type: 'string', default: 'points' },
    cache: { type: 'string', default: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'xinshu', 'circuits') },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const circuit: CircuitName = values.circuit === 'score-band' ? 'score-band' : 'points';
const [first, second, third] = ['gov-credit', 'bank-changan', 'grid-qinchuan'] as const;
const nodeCli = fileURLToPath(new URL('../../../node/cli.ts', import.meta.url));
const gatewayCli = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));

const root = await mkdtemp(join(tmpdir(), 'xinshu-ceremony-'));
const ceremony = join(root, 'ceremony');
const { key, part, transcript } = ceremonyFolder(ceremony);
const artefacts = shippedArtefacts[circuit];
const folders = [first, second, third].map((id) => join(root, id));

const begin = (program: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
/** Runs a command to its end; what it complains of, if it fails. */
const run = async (program: string, args: readonly string[]): Promise<string | undefined> => {
  const child = begin(program, args);
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return code === 0 ? undefined : complaint;
};
const step = async (what: string, args: readonly string[], expected?: string): Promise<void> => {
  const from = performance.now();
  const complaint = await run(nodeCli, ['ceremony', ...args, '--ceremony', ceremony, '--artefacts', artefacts, '--members', ...folders]);
  const asExpected = expected === undefined ? complaint === undefined : complaint?.includes(expected) === true;
  console.log(`${((performance.now() - from) / 1000).toFixed(1).padStart(7)} s  ${what}${expected === undefined ? '' : `: ${expected}`}`);
  if (!asExpected) throw new Error(`${what}: ${complaint ?? `was not refused with ${expected}`}`);
};

try {
  const compiled = await compileCircuit(shippedCircuits[circuit], join(root, 'compiled'));
  const powers = await trialPowers(values.cache, (text) => console.error(text));
  for (const member of demoManifest().members.filter(({ id }) => [first, second, third].some((one) => one === id))) {
    const { id, name, nameZh, sector, roles, host, ports } = member;
    const identity = ['--name', name, '--name-zh', nameZh, '--sector', sector, '--roles', roles.join()];
    const addresses = ['--endpoint', `https://${host}:${ports.peer}`];
    const complaint = await run(gatewayCli, ['gateway', 'init', '--dir', join(root, id), '--member', id, ...identity, ...addresses]);
    if (complaint !== undefined) throw new Error(complaint);
  }
  await step('start', ['start', '--r1cs', compiled.r1cs, '--powers', powers, '--least', '2', '--trial']);
  await step(`${first} contributes`, ['contribute', '--as', folders[0]!]);

  const args = ['ceremony', 'contribute', '--as', folders[1]!, '--ceremony', ceremony, '--artefacts', artefacts, '--members', ...folders];
  const leaving = begin(nodeCli, args);
  while (!existsSync(part) && leaving.exitCode === null) await delay(20);
  leaving.kill('SIGKILL');
  await new Promise((resolve) => leaving.once('close', resolve));
  if (existsSync(key(2))) throw new Error(`${second} was done before it could be killed`);
  console.log(`           ${second} is killed while it writes its key`);

  await step(`${third} contributes out of turn`, ['contribute', '--as', folders[2]!], 'NODE_CEREMONY_TURN');
  await step(`${third} contributes, passing over ${second}`, ['contribute', '--as', folders[2]!, '--pass-over', second]);
  await step('verify', ['verify']);
  await step('finalize', ['finalize', '--out', join(root, 'keys')]);

  const kept = readFileSync(key(2));
  const forged = Buffer.from(kept);
  forged[Math.floor(forged.length / 2)]! ^= 1;
  writeFileSync(key(2), forged);
  await step('verify, one bit of the key flipped', ['verify'], 'NODE_CEREMONY_KEY');
  writeFileSync(key(2), kept);
  const closed = readTranscript(transcript);
  const contribution = `0x${randomBytes(64).toString('hex')}`;
  writeJsonFile(transcript, { ...closed, contributions: closed.contributions.map((one) => ({ ...one, contribution })) });
  await step('verify, another contribution in the transcript', ['verify'], 'NODE_CEREMONY_SIGNATURE');
  writeJsonFile(transcript, closed);
  await step('verify, all as it was', ['verify']);
  console.log(`proving key ${statSync(key(2)).size} bytes, ${hashFile(key(2))}`);
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
} finally {
  if (values.keep) console.log(root);
  else await rm(root, { recursive: true });
}
// snarkjs leaves threads open where the powers of tau had to be made.
process.exit();
