import { createMPTFromProof } from '@ethereumjs/mpt';
import { decodeRlp, encodeRlp, keccak256, toBeHex } from 'ethers';
import { fromHex } from '../../../domain/hash.ts';
import type { Hex } from '../../../domain/ids.ts';
import type { BlockRef } from '../../../domain/registry-state.ts';

/** A block header as it is hashed (RLP); its hash, number, time and state root follow from it. */
export type ProvenHeader = BlockRef & { readonly stateRoot: Hex };

/** What `eth_getProof` gives (EIP-1186): the account's way to the state root, and each slot's to the account's storage root. */
export type AccountProof = {
  readonly address: Hex;
  readonly proof: readonly Hex[];
  readonly storage: readonly { readonly slot: Hex; readonly proof: readonly Hex[] }[];
};

const isText = (value: unknown): value is Hex => typeof value === 'string';
const listOf = (rlp: Hex): readonly unknown[] | undefined => {
  try {
    const decoded = decodeRlp(rlp);
    return Array.isArray(decoded) && encodeRlp(decoded) === rlp ? decoded : undefined;
  } catch {
    // ethers throws for what is no RLP.
    return undefined;
  }
};

/** Yellow Paper 4.4: the fields of a header in their order. undefined for what is no header. */
export const headerOf = (rlp: Hex): ProvenHeader | undefined => {
  const fields = listOf(rlp);
  const [stateRoot, number, time] = [fields?.[3], fields?.[8], fields?.[11]];
  if (!isText(stateRoot) || stateRoot.length !== 66 || !isText(number) || !isText(time) || number.length > 14 || time.length > 14)
    return undefined;
  return { hash: keccak256(rlp) as Hex, stateRoot, number: Number(number === '0x' ? 0 : number), time: Number(time === '0x' ? 0 : time) };
};

const names = [
  'parentHash',
  'sha3Uncles',
  'miner',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
  'baseFeePerGas',
] as const;
const quantities = new Set<string>(['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas']);

/** The header's RLP out of a block as JSON-RPC gives it; undefined where the hash does not follow from these fields, as on engines with headers of their own. */
export const headerRlp = (block: Readonly<Record<string, unknown>>): Hex | undefined => {
  const fields = names
    .filter((name) => typeof block[name] === 'string')
    .map((name) => {
      const value = block[name] as string;
      if (!quantities.has(name)) return value;
      return BigInt(value) === 0n ? '0x' : toBeHex(BigInt(value));
    });
  const rlp = encodeRlp(fields) as Hex;
  return keccak256(rlp) === block.hash ? rlp : undefined;
};

/** The value under a key of a Merkle Patricia trie with hashed keys; null: proven to be absent; undefined: the proof does not lead there. */
const valueIn = async (root: Hex, key: Hex, proof: readonly Hex[]): Promise<Uint8Array | null | undefined> => {
  const [first] = proof;
  if (first === undefined || keccak256(first) !== root) return undefined;
  try {
    const trie = await createMPTFromProof(proof.map(fromHex), { useKeyHashing: true, root: fromHex(root) });
    return await trie.get(fromHex(key), true);
  } catch {
    // The library throws for a node that is missing or is none.
    return undefined;
  }
};

/** Values of the slots proven under this state root (32 bytes, hex), by slot; undefined if anything of it does not hold. */
export const provenStorage = async (
  stateRoot: Hex,
  { address, proof, storage }: AccountProof,
): Promise<ReadonlyMap<Hex, Hex> | undefined> => {
  const account = await valueIn(stateRoot, address, proof);
  if (account === undefined || account === null) return undefined;
  const storageRoot = listOf(`0x${Buffer.from(account).toString('hex')}`)?.[2];
  if (!isText(storageRoot)) return undefined;
  const values = new Map<Hex, Hex>();
  for (const { slot, proof: way } of storage) {
    const value = await valueIn(storageRoot, slot, way);
    if (value === undefined) return undefined;
    const text = value === null ? '0x' : decodeRlp(value);
    if (!isText(text)) return undefined;
    values.set(slot, `0x${text.slice(2).padStart(64, '0')}`);
  }
  return values;
};
