import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { ZeroAddress } from 'ethers';
import { type History, proofOf, rootOf, SUITE } from './checkpoints.ts';
import { sign } from './signatures.ts';
import { ethers, idOf, type World } from './world.ts';

export type Statement = { size: number; root: string; account: string; signature: string };
export type Evidence = {
  member: string;
  log: number;
  suite: string;
  first: Statement;
  second: Statement;
  extendedRoot: string;
  consistency: string[];
};

/** A checkpoint of the bank's log 0 along one of its histories, signed by `by` in the name of `account`. */
export const signed = async (
  w: World,
  size: number,
  history: History,
  by: HardhatEthersSigner = w.by.bank,
  account: string = by.address,
): Promise<Statement> => {
  const checkpoint = { member: idOf('bank'), log: 0, suite: SUITE, size, root: rootOf(size, history) };
  const signature = await sign(by, 'checkpoint', w.contracts.anchor, checkpoint);
  return { size, root: checkpoint.root, account, signature };
};

export const anchored = (size: number, history: History): Statement => ({
  size,
  root: rootOf(size, history),
  account: ZeroAddress,
  signature: '0x',
});

/** The evidence that `second`, of the history `along`, makes against `first`. */
export const against = (first: Statement, second: Statement, along: History): Evidence => {
  const turned = first.size === second.size && first.root > second.root;
  const [low, high] = turned ? [second, first] : [first, second];
  const equal = low.size === high.size;
  return {
    member: idOf('bank'),
    log: 0,
    suite: SUITE,
    first: low,
    second: high,
    extendedRoot: equal ? high.root : rootOf(low.size, along),
    consistency: equal ? [] : proofOf(low.size, high.size, along),
  };
};

export const idOfFork = ({ member, log, suite, first, second }: Evidence): string =>
  ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(
      ['bytes32', 'uint32', 'bytes32', 'uint64', 'bytes32', 'uint64', 'bytes32'],
      [member, log, suite, first.size, first.root, second.size, second.root],
    ),
  );

/** As ethers shows the struct in an event. */
export const asArray = ({ member, log, suite, first, second, extendedRoot, consistency }: Evidence): unknown[] => {
  const side = ({ size, root, account, signature }: Statement): unknown[] => [BigInt(size), root, account, signature];
  return [member, BigInt(log), suite, side(first), side(second), extendedRoot, consistency];
};
