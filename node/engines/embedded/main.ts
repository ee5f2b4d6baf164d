import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { NodeError } from '../../errors.ts';
import { systemClock } from '../../system-clock.ts';
import { type ServedLedger, serveEmbeddedLedger } from './serve.ts';

/**
 * The embedded engine as a process of its own: `main.ts --data DIR --port N [--with-parent]`.
 * Standard output holds one line of JSON: {"event":"ready","endpoint"} or {"event":"failed","code","detail"}. Logs go to standard error.
 * Ends by SIGTERM or SIGINT (status 0), when a block can't be written (status 1), and with `--with-parent` when standard input closes.
 */
const { values } = parseArgs({
  options: { data: { type: 'string' }, port: { type: 'string', default: '0' }, 'with-parent': { type: 'boolean', default: false } },
});
const log = pino({ name: 'xinshu-engine' }, pino.destination({ fd: 2, sync: true }));

function announce(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function stop(ledger: ServedLedger, status: number): Promise<void> {
  await ledger.stop();
  process.exit(status);
}

try {
  let served: ServedLedger | undefined;
  served = await serveEmbeddedLedger({
    dataDir: values.data ?? '.',
    port: Number(values.port),
    clock: systemClock,
    report: (error) => log.error({ err: error }, 'fault while answering'),
    onFailure: (error) => {
      log.fatal({ err: error, code: error.code }, 'the ledger stops');
      // A turn of the event loop, so that the answers to those who waited leave first.
      setImmediate(() => (served === undefined ? process.exit(1) : void stop(served, 1)));
    },
  });
  const ledger = served;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(ledger, 0));
  if (values['with-parent']) process.stdin.resume().on('end', () => void stop(ledger, 0));
  announce({ event: 'ready', endpoint: ledger.endpoint });
} catch (error) {
  log.fatal({ err: error }, 'did not start');
  const known = error instanceof NodeError;
  announce({ event: 'failed', code: known ? error.code : 'NODE_ENGINE_FAILED', detail: known ? error.detail : {} });
  process.exitCode = 1;
}
