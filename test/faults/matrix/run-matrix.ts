import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../gateway/adapters/store/database.ts';
import { XinshuError } from '../../../gateway/domain/errors.ts';
import { startAdministeredChain } from '../../helpers/administered-chain.ts';
import { type Fault, faults, faultyDatabases } from '../../helpers/faulty-database.ts';
import { type PausableProxy, startPausableProxy } from '../../helpers/pausable-proxy.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import type { Cell } from './cell-process.ts';
import { ledgerOptions, openWorld, type Place, registeredKeys, type Said, type Say, type World } from './world.ts';
import { contradictions, type DurableWrite, durableWrites } from './writes.ts';

/** One cell: what is wrong after the recovery; nothing when it is green. */
export type CellOutcome = { readonly write: string; readonly fault: Fault; readonly wrong: readonly string[] };

const cellProcess = fileURLToPath(new URL('./cell-process.ts', import.meta.url));
const sending = 'eth_sendRawTransaction';

/** The same faults at the node's door: the transaction is not taken, or taken and the answer lost, until `met`. */
const strikeNode = (proxy: PausableProxy, fault: Fault) => {
  proxy.methods.length = 0;
  const struck = fault === 'fails' || fault === 'dies before' ? proxy.cut : proxy.deaf;
  struck.add(sending);
  return {
    met: async (): Promise<void> => {
      while (!proxy.methods.includes(sending)) await pause(5);
      // Let the node take it in the one case.
      if (struck === proxy.deaf) await pause(300);
    },
    end: (): void => {
      struck.delete(sending);
    },
  };
};

/** What is wrong with a world once everyone has tried again; the world is closed. */
const judged = async (world: World, write: DurableWrite, said: readonly Said[]): Promise<string[]> => {
  try {
    return [...(await write.settle(world, said)), ...(await contradictions(world, said))];
  } catch (error) {
    return [String(error)];
  } finally {
    await world.close();
  }
};

/** The write is struck in this process, which lives on. */
const struckHere = async (
  place: Place,
  write: DurableWrite,
  fault: Fault,
  proxy: PausableProxy,
  said: Said[],
  say: Say,
): Promise<string[]> => {
  const databases = faultyDatabases();
  const world = await openWorld(place, databases.open, say);
  const node = write.at === 'node' ? strikeNode(proxy, fault) : undefined;
  if (write.at !== 'node') databases.strike(fault, write.at, write.skip);
  const wrong: string[] = [];
  const acting = write.act(world, say).catch((error: unknown) => {
    if (!(error instanceof XinshuError) || error.code !== 'STORE_WRITE_FAILED') wrong.push(`unexpected: ${error}`);
  });
  await node?.met();
  node?.end();
  await acting;
  if (node === undefined && databases.struck() !== 1) wrong.push('the fault met no write');
  wrong.push(...(await judged(world, write, said)));
  return wrong;
};

/** The write is struck in a process that dies of it by SIGKILL. */
const struckThere = async (cell: Cell, write: DurableWrite, proxy: PausableProxy, say: Say): Promise<string[]> => {
  const node = write.at === 'node' ? strikeNode(proxy, cell.fault) : undefined;
  const argument = Buffer.from(JSON.stringify(cell)).toString('base64url');
  const child = spawn(process.execPath, [cellProcess, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stdout })) say(JSON.parse(line) as Said);
  })();
  if (node !== undefined) {
    await Promise.race([node.met(), ended]);
    child.kill('SIGKILL');
  }
  const [, signal] = await ended;
  await listening;
  node?.end();
  return signal === 'SIGKILL' ? [] : ['the process lived on'];
};

const runCell = async (place: Place, write: DurableWrite, fault: Fault, proxy: PausableProxy): Promise<CellOutcome> => {
  const said: Said[] = [];
  const say = (each: Said): void => {
    said.push(each);
  };
  const before = await openWorld(place, openDatabase, say);
  await write.prepare(before);
  await before.close();
  const wrong = fault.startsWith('dies')
    ? await struckThere({ place, write: write.name, fault }, write, proxy, say)
    : await struckHere(place, write, fault, proxy, said, say);
  wrong.push(...(await judged(await openWorld(place, openDatabase, say), write, said)));
  return { write: write.name, fault, wrong };
};

/** Every durable write of the log × every fault, each on a store of its own and a real chain. */
export const runMatrix = async (done: (outcome: CellOutcome) => void = () => undefined): Promise<readonly CellOutcome[]> => {
  const chain = await startAdministeredChain();
  const proxy = await startPausableProxy(chain.endpoint);
  const outcomes: CellOutcome[] = [];
  try {
    const material = await registeredKeys(chain, 'gov-credit');
    const witnessed = await registeredKeys(chain, 'bank-changan');
    const ledger = ledgerOptions(chain, proxy.endpoint);
    const cells = durableWrites.flatMap((write) => faults.map((fault) => ({ write, fault })));
    for (const [log, { write, fault }] of cells.entries()) {
      const folder = await temporaryFolder();
      try {
        const outcome = await runCell({ folder: folder.path, log, material, witnessed, ledger }, write, fault, proxy);
        outcomes.push(outcome);
        done(outcome);
      } finally {
        await folder.remove();
      }
    }
  } finally {
    await proxy.close();
    await chain.remove();
  }
  return outcomes;
};
