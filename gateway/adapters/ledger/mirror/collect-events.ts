import { XinshuError } from '../../../domain/errors.ts';
import type { Address } from '../../../domain/ids.ts';
import { contractInterfaces, isContractName, registryNames } from '../contract-interfaces.ts';
import { eventDecoder } from '../registry/decode-log.ts';
import type { ContractRef, RegistryEvent } from '../registry/entity.ts';
import { addressOf, codeOf, numberOf } from '../registry/read-event.ts';
import type { ChainLog, ChainReader } from '../rpc/chain-reader.ts';
import { RpcError } from '../rpc/rpc-client.ts';

/** `block` is where the event takes effect: its own block, or, for what a contract did before the Directory named it, the block that named it. */
export type PlacedEvent = { readonly block: number; readonly log: ChainLog; readonly event: RegistryEvent };

const decoders = new Map(
  [...(['directory', ...registryNames] as const)].map((name) => [name as string, eventDecoder(contractInterfaces[name])]),
);
/** Of the other contracts that the Directory names, the council for one, nothing is read. */
export const isFollowed = ({ name }: ContractRef): boolean => decoders.has(name);
export const directoryContract = (address: Address): ContractRef => ({ name: 'directory', generation: 1, address });

const lower = (address: string): string => address.toLowerCase();

/**
 * Events of the Directory and of every registry it names, in [from, to], in the order in which they take effect. `known` are the Directory
 * and the contracts it named before the range; of one that the range names first, the whole history is read.
 */
export const collectEvents = async (
  reader: ChainReader,
  known: readonly ContractRef[],
  from: number,
  to: number,
): Promise<readonly PlacedEvent[]> => {
  const followed = new Map(known.filter(isFollowed).map((contract) => [lower(contract.address), contract]));
  const logs = await logsOf(reader, [...followed.keys()], from, to);
  const placed = logs.map((log) => ({ log, block: log.block }));
  for (const { contract, block } of newContracts(logs, followed)) {
    const address = lower(contract.address);
    if (followed.has(address)) continue;
    followed.set(address, contract);
    const history = await logsOf(reader, [address], 0, to);
    placed.push(...history.map((log) => ({ log, block: Math.max(log.block, block) })));
  }
  placed.sort((a, b) => a.block - b.block || a.log.block - b.log.block || a.log.index - b.log.index);
  return placed.flatMap(({ log, block }) => {
    const event = decodeLog(log, followed);
    return event === undefined ? [] : [{ block, log, event }];
  });
};

const decodeLog = (log: ChainLog, followed: ReadonlyMap<string, ContractRef>): RegistryEvent | undefined => {
  const contract = followed.get(lower(log.address));
  if (contract === undefined) return undefined;
  try {
    const decoded = decoders.get(contract.name)?.(log.topics, log.data);
    return decoded === undefined ? undefined : { contract, ...decoded };
  } catch (cause) {
    throw new XinshuError('LEDGER_MISMATCH', { block: log.block, contract: contract.name }, { cause });
  }
};

function* newContracts(logs: readonly ChainLog[], followed: ReadonlyMap<string, ContractRef>) {
  for (const log of logs) {
    if (followed.get(lower(log.address))?.name !== 'directory') continue;
    const event = decodeLog(log, followed);
    if (event?.name !== 'ContractSet') continue;
    const name = codeOf(event.args, 'name');
    if (!isContractName(name) || !registryNames.includes(name)) continue;
    const contract: ContractRef = { name, generation: numberOf(event.args, 'version'), address: addressOf(event.args, 'target') };
    yield { contract, block: log.block };
  }
}

const blocksInRange = 5_000;

const logsOf = async (reader: ChainReader, addresses: readonly string[], from: number, to: number): Promise<ChainLog[]> => {
  const found: ChainLog[] = [];
  for (let at = from; at <= to; at += blocksInRange) {
    found.push(...(await splitting(reader, addresses, at, Math.min(to, at + blocksInRange - 1))));
  }
  return found;
};

/** Nodes bound the answer, each at its own size: what is refused as a whole is asked for in halves. */
const splitting = async (reader: ChainReader, addresses: readonly string[], from: number, to: number): Promise<readonly ChainLog[]> => {
  try {
    return await reader.logs(addresses, from, to);
  } catch (error) {
    if (!(error instanceof RpcError) || from === to) throw error;
    const middle = Math.floor((from + to) / 2);
    return [...(await splitting(reader, addresses, from, middle)), ...(await splitting(reader, addresses, middle + 1, to))];
  }
};
