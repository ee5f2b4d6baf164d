import type { Hex } from '../../../domain/ids.ts';
import type { BlockRef } from '../../../domain/registry-state.ts';
import type { Change } from '../registry/entity.ts';

/** Raise when what `apply` makes of the same events, or how it is written, changes: the mirror is then rebuilt from the chain. */
export const mirrorFormat = 2;

/** Keys of the mirror's namespace, an append-only register. `// key -> value` */
const kinds = {
  head: 0, // -> {format, chainId, directory, head}
  block: 1, // block -> hash, time
  change: 2, // block, position in the block -> change
} as const;

export type StoredHead = { readonly format: number; readonly chainId: number; readonly directory: string; readonly head: number };

const numberBytes = 6;
const key = (kind: number, ...numbers: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(1 + numbers.length * numberBytes);
  bytes.writeUInt8(kind);
  numbers.forEach((number, at) => {
    bytes.writeUIntBE(number, 1 + at * numberBytes, numberBytes);
  });
  return bytes;
};
export const headKey = key(kinds.head);
export const blockKey = (block: number): Uint8Array => key(kinds.block, block);
export const changeKey = (block: number, position: number): Uint8Array => key(kinds.change, block, position);
export const blockRange = { gte: key(kinds.block), lt: key(kinds.change) };
export const changeRange = { gte: key(kinds.change), lt: key(kinds.change + 1) };
export const blockOfKey = (bytes: Uint8Array): number => Buffer.from(bytes).readUIntBE(1, numberBytes);

const hashBytes = 32;
export const encodeBlock = ({ hash, time }: BlockRef): Uint8Array => {
  const bytes = Buffer.alloc(hashBytes + numberBytes);
  bytes.write(hash.slice(2), 'hex');
  bytes.writeUIntBE(time, hashBytes, numberBytes);
  return bytes;
};
export const decodeBlock = (number: number, value: Uint8Array): BlockRef => {
  const bytes = Buffer.from(value);
  return { number, hash: `0x${bytes.toString('hex', 0, hashBytes)}` as Hex, time: bytes.readUIntBE(hashBytes, numberBytes) };
};

const bigintMark = '$bigint';
const toJson = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? { [bigintMark]: value.toString() } : value);
const fromJson = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && bigintMark in value ? BigInt(value[bigintMark] as string) : value;

export const encodeJson = (value: Change | StoredHead): Uint8Array => Buffer.from(JSON.stringify(value, toJson));
export const decodeJson = <T extends Change | StoredHead>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString(), fromJson) as T;
