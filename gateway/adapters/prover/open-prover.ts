import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { XinshuError } from '../../domain/errors.ts';
import type { Prover } from '../../ports/prover.ts';
import { type AcceptedKeys, type CircuitName, readArtefacts, shippedArtefacts } from './artefacts.ts';
import type { ProverAnswer, ProverJob } from './prover-job.ts';

export type ProverOptions = {
  /** Default: points. */
  readonly circuit?: CircuitName;
  /** Folder of `artefacts.json`. Default: what the repository ships. */
  readonly folder?: string;
  /** What the network's manifest takes. */
  readonly accept: AcceptedKeys;
  /** Jobs that may wait; beyond it OVERLOADED. */
  readonly maxWaiting: number;
  /** How long the process is kept without work: starting it again costs half a second. */
  readonly idleMs: number;
};

type Task = { readonly job: ProverJob; resolve(answer: ProverAnswer): void; reject(error: XinshuError): void };

const program = fileURLToPath(new URL('./prover-process.ts', import.meta.url));

/**
 * ports/prover.ts over snarkjs in a process of its own, which is started by the first job.
 * @throws ARTEFACT_UNREADABLE, ARTEFACT_ALTERED, ARTEFACTS_FOR_TRIAL
 */
export const openProver = ({
  circuit = 'points',
  folder = shippedArtefacts[circuit],
  accept,
  maxWaiting,
  idleMs,
}: ProverOptions): Prover => {
  const { verificationKeyHash } = readArtefacts(folder, circuit, accept);
  const waiting: Task[] = [];
  let running: Task | undefined;
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  const start = (): ChildProcess => {
    // `advanced` carries bigints. No environment: the process needs nothing of it.
    const started = fork(program, [folder, circuit], {
      serialization: 'advanced',
      execArgv: [],
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    started.on('message', (answer: ProverAnswer) => {
      const task = running;
      running = undefined;
      task?.resolve(answer);
      next();
    });
    let complaint = '';
    started.stderr?.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-4000);
    });
    const ended = (): void => {
      if (child !== started) return;
      child = undefined;
      const task = running;
      running = undefined;
      const reason = complaint.match(/^\w*Error: .*$/m)?.[0];
      task?.reject(new XinshuError('PROVER_FAILED', reason === undefined ? {} : { reason }));
      next();
    };
    started.once('close', ended).once('error', ended);
    return started;
  };

  const release = (): void => {
    const ending = child;
    child = undefined;
    ending?.disconnect();
  };

  const next = (): void => {
    clearTimeout(idle);
    if (running !== undefined) return;
    running = waiting.shift();
    if (running !== undefined) {
      child ??= start();
      // With a callback, a process that is gone is no unhandled error here: its end is told by `close`.
      child.send(running.job, () => {});
    } else if (child !== undefined) {
      idle = setTimeout(release, idleMs).unref();
    }
  };

  const ask = (job: ProverJob): Promise<ProverAnswer> => {
    if (closed) return Promise.reject(new XinshuError('PROVER_FAILED', { reason: 'closed' }));
    if (waiting.length >= maxWaiting) return Promise.reject(new XinshuError('OVERLOADED', { waiting: waiting.length }));
    return new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      next();
    });
  };

  return {
    verificationKey: verificationKeyHash,
    prove: async (inputs) => {
      const answer = await ask({ kind: 'prove', inputs });
      if (answer.kind !== 'proved')
        throw new XinshuError('PROOF_IMPOSSIBLE', answer.kind === 'impossible' ? { reason: answer.reason } : {});
      return answer.proved;
    },
    verify: async (publicInputs, proof) => {
      const answer = await ask({ kind: 'verify', publicInputs, proof });
      return answer.kind === 'verified' && answer.holds;
    },
    close: async () => {
      closed = true;
      clearTimeout(idle);
      for (const task of waiting.splice(0)) task.reject(new XinshuError('PROVER_FAILED', { reason: 'closed' }));
      const ending = child;
      if (ending === undefined) return;
      const ended = new Promise((resolve) => ending.once('close', resolve));
      ending.kill('SIGKILL');
      await ended;
    },
  };
};
