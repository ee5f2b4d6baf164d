import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NodeError } from '../errors.ts';
import type { Phase2Answer, Phase2Job } from './phase2-job.ts';

const program = fileURLToPath(new URL('./phase2-process.ts', import.meta.url));

/**
 * Does one job of phase 2 of Groth16 with snarkjs. Errors: NODE_CEREMONY_STOPPED when its process ends without an answer (killed, or without memory): that says nothing
 * of the files.
 */
export const runPhase2 = (job: Phase2Job): Promise<Phase2Answer> =>
  new Promise((resolve, reject) => {
    const child = fork(program, { execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let answer: Phase2Answer | undefined;
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-4000);
    });
    child.once('message', (given: Phase2Answer) => {
      answer = given;
    });
    const stopped = (how: string): void => {
      const reason = complaint.match(/^.*(?:Error|error): .*$/m)?.[0] ?? how;
      reject(new NodeError('NODE_CEREMONY_STOPPED', { reason }));
    };
    child.once('error', (error) => stopped(error.message));
    child.once('close', (code, signal) => (answer === undefined ? stopped(`ended with ${signal ?? code}`) : resolve(answer)));
    child.send(job);
  });
