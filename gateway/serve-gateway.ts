import { XinshuError } from './domain/errors.ts';
import { startGateway } from './start-gateway.ts';

const describe = (error: unknown): { readonly code: string; readonly error: string } =>
  error instanceof XinshuError
    ? { code: error.code, error: error.message }
    : { code: 'INTERNAL', error: error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : 'unknown' };

const fail = (error: unknown): void => {
  process.stderr.write(`${JSON.stringify(describe(error))}\n`);
  process.exitCode = 1;
};

/**
 * Runs the gateway of this data folder in this process, for the life of the process: prints one line of JSON on standard output once it serves, its log goes to
 * standard error. SIGTERM and SIGINT stop it cleanly with status 0; a start that fails, or a broken invariant, ends it with status 1 and the error's code.
 */
export const serveGateway = async (folder: string): Promise<void> => {
  let stop: (status: number) => void = (status) => process.exit(status);
  try {
    const gateway = await startGateway({
      folder,
      onFatal: (error) => {
        fail(error);
        stop(1);
      },
    });
    let stopping = false;
    stop = (status) => {
      if (stopping) return;
      stopping = true;
      gateway.close().then(
        () => process.exit(status),
        (error: unknown) => {
          fail(error);
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', () => stop(0));
    process.once('SIGINT', () => stop(0));
    const { modules, clientUrl, peerUrl } = gateway;
    const ready = { ready: true, member: modules.member, client: clientUrl, peer: peerUrl, block: modules.ledger.head().block.number };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (error) {
    fail(error);
    process.exit();
  }
};
