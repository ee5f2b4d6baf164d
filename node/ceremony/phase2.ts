import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Phase2Answer, Phase2Job } from './phase2-job.ts';

const program = fileURLToPath(new URL('./phase2-process.ts', import.meta.url));

/** Does one job of phase 2 of Groth16 with snarkjs. */
export const runPhase2 = (job: Phase2Job): Promise<Phase2Answer> =>
  new Promise((resolve) => {
    const child = fork(program, { execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let answer: Phase2Answer = { kind: 'failed', reason: 'its process ended before it answered' };
    child.once('message', (given: Phase2Answer) => {
      answer = given;
    });
    child.once('close', () => resolve(answer)).once('error', () => resolve(answer));
    child.send(job);
  });
