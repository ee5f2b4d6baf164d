import type { Clock } from '../../clock.ts';
import { dataFolder } from '../../data-folder.ts';
import type { NodeError } from '../../errors.ts';
import { openEmbeddedLedger } from './embedded-ledger.ts';
import { readGenesisFile } from './genesis-file.ts';
import type { ProducerLimits } from './producer.ts';
import { createRpcServer, listenOnLoopback } from './rpc/rpc-server.ts';

export interface ServeOptions {
  /** The network's data folder, made by `xinshu-node init`. */
  readonly dataDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly limits?: Partial<ProducerLimits>;
  /** Hears of faults that no caller is to blame for. */
  readonly report: (error: unknown) => void;
  /** Called once when a block could not be written. Everyone waiting has been answered; the process is to stop. */
  readonly onFailure: (error: NodeError) => void;
}

export interface ServedLedger {
  readonly endpoint: string;
  /** Finishes the block under way, answers everyone, closes the port, then the database. */
  stop(): Promise<void>;
}

/** Opens the ledger and answers JSON-RPC for it, in this process. Errors: NODE_DATA_* and NODE_PORT_IN_USE; then nothing is left open. */
export async function serveEmbeddedLedger(options: ServeOptions): Promise<ServedLedger> {
  const folder = dataFolder(options.dataDir);
  const ledger = await openEmbeddedLedger({ ...options, location: folder.ledger, genesis: readGenesisFile(folder.genesis) });
  const server = createRpcServer(ledger, options.report);
  try {
    const endpoint = await listenOnLoopback(server, options.port);
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      // The producer first: it answers whoever still waits, so that the server has no open request left to close on.
      await ledger.producer.close();
      await server.close();
      await ledger.close();
    };
    return {
      endpoint,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await server.close();
    await ledger.close();
    throw error;
  }
}
