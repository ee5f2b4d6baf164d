/**
 * Runs snarkjs for one job and ends. A process of its own, because snarkjs leaves threads open, tells the reasons of a refusal on standard output only, and so that
 * the secret of a contribution goes with the process's memory.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zKey } from 'snarkjs';
import type { Phase2Answer, Phase2Job } from './phase2-job.ts';

const template = fileURLToPath(new URL('../../node_modules/snarkjs/templates/verifier_groth16.sol.ejs', import.meta.url));
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

const verify = async ({ r1cs, powers, key }: Extract<Phase2Job, { kind: 'verify' }>): Promise<Phase2Answer> => {
  const told: string[] = [];
  const contributions: string[] = [];
  const note = (text: string): void => {
    told.push(text.trim());
  };
  // snarkjs gives the hashes to its logger alone, the last contribution first: a line with the name, then four lines of four words.
  const info = (text: string): void => {
    if (text.startsWith('contribution #')) contributions.unshift(`0x${text.split('\n').slice(-4).join('').replace(/\s/g, '')}`);
  };
  console.log = note;
  const holds = await zKey.verifyFromR1cs(r1cs, powers, key, { info, debug: () => {}, warn: () => {}, error: note });
  if (holds) return { kind: 'verified', contributions };
  const reason = told.at(-1) ?? 'no reason given';
  const place = /^INVALID\((\d+)\)/.exec(reason)?.[1];
  return { kind: 'refuted', reason, ...(place === undefined ? {} : { place: Number(place) }) };
};

const run = async (job: Phase2Job): Promise<Phase2Answer> => {
  switch (job.kind) {
    case 'begin':
      if ((await zKey.newZKey(job.r1cs, job.powers, job.to)) === -1)
        return { kind: 'failed', reason: 'the circuit does not fit the powers of tau' };
      return { kind: 'begun' };
    case 'contribute':
      return {
        kind: 'contributed',
        contribution: hex(await zKey.contribute(job.from, job.to, job.member, randomBytes(64).toString('hex'))),
      };
    case 'verify':
      return verify(job);
    case 'export':
      return {
        kind: 'exported',
        verificationKey: await zKey.exportVerificationKey(job.key),
        verifier: await zKey.exportSolidityVerifier(job.key, { groth16: readFileSync(template, 'utf8') }),
      };
  }
};

process.once('message', async (job: Phase2Job) => {
  const answer = await run(job).catch((error: unknown): Phase2Answer => ({ kind: 'failed', reason: String(error).split('\n')[0]! }));
  process.send?.(answer, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
