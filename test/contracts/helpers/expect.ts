import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import type { BaseContract } from 'ethers';
import { provider, send, type World } from './world.ts';

type Call = Readonly<{ to: BaseContract; by: HardhatEthersSigner; call: readonly [string, ...unknown[]] }>;
/** A custom error with its arguments, declared by `of` (default: the called contract's ABI). */
type Refusal = Readonly<{ error: readonly [string, ...unknown[]]; of?: BaseContract }>;

/** Root hash of the storage of every contract: equal before and after means that nothing changed. */
const storageRoots = ({ contracts, authority }: World): Promise<unknown[]> =>
  Promise.all(
    [authority, ...Object.values(contracts)].map(async (contract) => {
      const proof = (await provider.request({ method: 'eth_getProof', params: [await contract.getAddress(), [], 'latest'] })) as {
        storageHash: string;
      };
      return proof.storageHash;
    }),
  );

/** The call reverts with exactly this custom error, and no contract's storage changed. */
export const expectRefused = async (world: World, { to, by, call, error, of = to }: Call & Refusal): Promise<void> => {
  const before = await storageRoots(world);
  const [method, ...args] = call;
  const [name, ...expected] = error;
  const reverted = expect(send(to, by, method, ...args)).to.be.revertedWithCustomError(of, name);
  await (expected.length === 0 ? reverted : reverted.withArgs(...expected));
  expect(await storageRoots(world)).to.deep.equal(before);
};

/** The call succeeds, changes storage, and emits exactly this event; structs as arrays. */
export const expectEvent = async (
  world: World,
  { to, by, call, event, of = to }: Call & { event: readonly [string, ...unknown[]]; of?: BaseContract },
): Promise<void> => {
  const before = await storageRoots(world);
  const [method, ...args] = call;
  const [name, ...expected] = event;
  const emitted = expect(send(to, by, method, ...args)).to.emit(of, name);
  await (expected.length === 0 ? emitted : emitted.withArgs(...expected));
  expect(await storageRoots(world)).to.not.deep.equal(before);
};
