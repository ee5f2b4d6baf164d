import { isDeepStrictEqual } from 'node:util';
import { XinshuError } from '../../../domain/errors.ts';
import type { Address, Hex } from '../../../domain/ids.ts';
import { contractInterfaces } from '../contract-interfaces.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { decodeOutputs } from '../registry/decode-log.ts';
import type { EventValue } from '../registry/entity.ts';
import type { TablesView } from '../registry/view.ts';
import { hexNumber } from '../rpc/chain-reader.ts';
import type { RpcCall, RpcClient } from '../rpc/rpc-client.ts';
import { anchorChecks, parameterChecks } from './check-anchors.ts';
import { catalogChecks } from './check-catalog.ts';
import { consentChecks } from './check-consents.ts';
import { grantChecks } from './check-grants.ts';
import { memberChecks } from './check-members.ts';
import { modelChecks } from './check-models.ts';
import type { RegistryCheck } from './registry-check.ts';

/** Where the mirror and the contracts' own views differ at one block: values as JSON, bigint in decimals. */
export type MirrorDifference = { readonly what: string; readonly mirror: string; readonly chain: string };
export type MirrorCheck = { readonly block: number; readonly checked: number; readonly differences: readonly MirrorDifference[] };

const callsInBatch = 100;

/**
 * Compares everything the view holds with the contracts' own views at its block. The node must still have the state of that block.
 * Throws RpcUnreachable or RpcError. What the chain holds and the mirror never saw shows where the contracts list it: members, datasets, grants of a pair, anchors.
 */
export const checkMirror = async (rpc: RpcClient, view: TablesView, directory: Address): Promise<MirrorCheck> => {
  const checks = [
    ...memberChecks(view),
    ...catalogChecks(view),
    ...grantChecks(view),
    ...consentChecks(view),
    ...anchorChecks(view),
    ...modelChecks(view),
    ...parameterChecks(view),
  ];
  const differences: MirrorDifference[] = [];
  for (let at = 0; at < checks.length; at += callsInBatch) {
    const some = checks.slice(at, at + callsInBatch);
    const answers = await ask(rpc, view, directory, some);
    some.forEach((check, index) => {
      const difference = compare(check, answers[index] ?? []);
      if (difference !== undefined) differences.push(difference);
    });
  }
  return { block: view.block.number, checked: checks.length, differences };
};

/** Throws LEDGER_UNREACHABLE. */
export const checkMirrorAtHead = async (rpc: RpcClient, mirror: Mirror): Promise<MirrorCheck> => {
  try {
    return await checkMirror(rpc, mirror.head(), mirror.address('directory'));
  } catch (cause) {
    throw new XinshuError('LEDGER_UNREACHABLE', { block: mirror.head().block.number }, { cause });
  }
};

/** The answers of each check's contracts that know of it, the oldest contract first. */
const ask = async (rpc: RpcClient, view: TablesView, directory: Address, checks: readonly RegistryCheck[]): Promise<EventValue[][]> => {
  const calls: RpcCall[] = [];
  const owners: number[] = [];
  checks.forEach((check, index) => {
    const data = contractInterfaces[check.contract].encodeFunctionData(check.method, check.args);
    for (const to of addressesOf(view, directory, check)) {
      calls.push({ method: 'eth_call', params: [{ to, data }, hexNumber(view.block.number)] });
      owners.push(index);
    }
  });
  const answers: EventValue[][] = checks.map(() => []);
  const outcomes = await rpc.batch(calls);
  outcomes.forEach((outcome, at) => {
    if (!outcome.ok) throw outcome.error;
    const owner = owners[at] as number;
    const check = checks[owner] as RegistryCheck;
    const outputs = contractInterfaces[check.contract].getFunction(check.method)?.outputs ?? [];
    const [answer] = decodeOutputs(outputs, outcome.result as Hex);
    if (answer !== undefined && check.isAbsent?.(answer) !== true) answers[owner]?.push(answer);
  });
  return answers;
};

const addressesOf = (view: TablesView, directory: Address, { contract, of }: RegistryCheck): readonly string[] => {
  if (contract === 'directory') return [directory];
  const served = view.all('contracts').find(({ name }) => name === contract)?.served ?? [];
  const addresses = of === 'current' ? served.slice(-1) : served;
  return [...new Set(addresses.map(({ address }) => address))];
};

const compare = (check: RegistryCheck, answers: readonly EventValue[]): MirrorDifference | undefined => {
  const answer = answers.at(-1);
  const found = answer === undefined ? undefined : check.found(answer);
  if (isDeepStrictEqual(check.expected, found)) return undefined;
  return { what: check.what, mirror: show(check.expected), chain: show(found) };
};

const show = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? 'absent';
