import { AbiCoder, dataSlice, encodeBytes32String, getAddress, keccak256, toBeHex } from 'ethers';
import { logSuite } from '../../../audit/checkpoint.ts';
import type { Address, Hex, MemberId } from '../../../domain/ids.ts';

/* Where the contracts keep what evidence rests on (Solidity's layout of storage); test/gateway/cli/evidence.test.ts holds it against their own views. */

const slots = { directoryVersions: 1, memberKeys: 3, lastAnchor: 3 } as const;
const encode = (types: string[], values: unknown[]): string => AbiCoder.defaultAbiCoder().encode(types, values);
const slotIn = (key: string, slot: number): Hex => keccak256(encode(['bytes32', 'uint256'], [key, slot])) as Hex;
const plus = (slot: Hex, offset: number): Hex => toBeHex((BigInt(slot) + BigInt(offset)) % 2n ** 256n, 32) as Hex;
/** First slot of what is too long to stand in its own. */
const contentOf = (slot: Hex): Hex => keccak256(slot) as Hex;
/** 64 bits, the first from the low end. */
const word64 = (value: Hex, place: number): number => Number((BigInt(value) >> BigInt(64 * place)) & (2n ** 64n - 1n));

/** Reads one proven slot; throws RangeError where the file proves no such slot. */
export type ReadSlot = (slot: Hex) => Hex;

/** Slots of the Directory's newest address for a name: how many there were, and the last of them. */
export const contractSlots = (name: string, versions: number): readonly Hex[] => {
  const list = slotIn(encodeBytes32String(name), slots.directoryVersions);
  return [list, plus(contentOf(list), versions - 1)];
};
export const readContract = (name: string, read: ReadSlot): Address | undefined => {
  const versions = word64(read(contractSlots(name, 1)[0] as Hex), 0);
  return versions === 0 ? undefined : (getAddress(dataSlice(read(contractSlots(name, versions)[1] as Hex), 12)) as Address);
};

export const anchorSlots = (member: MemberId, log: number): readonly Hex[] => {
  const key = keccak256(encode(['bytes32', 'uint32', 'bytes32'], [encodeBytes32String(member), log, encodeBytes32String(logSuite)]));
  const first = slotIn(key, slots.lastAnchor);
  return [first, plus(first, 1)];
};
export type ProvenAnchor = { readonly size: number; readonly root: Hex; readonly block: number; readonly time: number };
/** The last checkpoint on chain; of size 0 where there is none. */
export const readAnchor = (member: MemberId, log: number, read: ReadSlot): ProvenAnchor => {
  const [root, rest] = anchorSlots(member, log).map(read) as [Hex, Hex];
  return { root, size: word64(rest, 0), block: word64(rest, 1), time: word64(rest, 2) };
};

const keySlots = 4;
const noteNumber = 3;
/** A member's key by its place in the registry: purpose, suite, length, validity, and the 32 bytes of an Ed25519 key. */
export const noteKeySlots = (member: MemberId, index: number): readonly Hex[] => {
  const first = plus(contentOf(slotIn(encodeBytes32String(member), slots.memberKeys)), index * keySlots);
  return [first, plus(first, 1), plus(first, 2), plus(first, 3), contentOf(plus(first, 2))];
};
/** The key, if it is an Ed25519 key for notes that holds at this block. */
export const readNoteKey = (member: MemberId, index: number, block: number, read: ReadSlot): Hex | undefined => {
  const [purpose, suite, length, validity, data] = noteKeySlots(member, index).map(read) as [Hex, Hex, Hex, Hex, Hex];
  const [from, until] = [word64(validity, 0), word64(validity, 1)];
  // Bytes of 32 and more stand apart, with twice their length and one in their slot.
  const isNoteKey = BigInt(purpose) === BigInt(noteNumber) && suite === encodeBytes32String('ed25519') && BigInt(length) === 65n;
  return isNoteKey && from <= block && (until === 0 || block < until) ? data : undefined;
};
