/** The register of key spaces in the ledger's database. Append only: a number is never used again for something else. */
const space = {
  meta: 0x01, // name -> UTF-8
  state: 0x02, // trie node hash, or 'c' and code hash -> bytes
  block: 0x03, // number -> RLP(block)
  blockNumber: 0x04, // block hash -> number
  receipts: 0x05, // number -> RLP(receipts)
  transaction: 0x06, // transaction hash -> number, index
  logAddress: 0x07, // address, number -> nothing
  logTopic: 0x08, // position, topic, number -> nothing
} as const;

function key(of: keyof typeof space, ...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([Uint8Array.of(space[of]), ...parts]));
}

export function encodeNumber(number: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, number);
  return bytes;
}

/** The big-endian number in the last 8 bytes. */
export function decodeNumber(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8).getBigUint64(0);
}

export const keys = {
  meta: (name: 'schema' | 'chain' | 'genesis' | 'head') => key('meta', new TextEncoder().encode(name)),
  state: (hash: Uint8Array) => key('state', hash),
  block: (number: bigint) => key('block', encodeNumber(number)),
  blockNumber: (hash: Uint8Array) => key('blockNumber', hash),
  receipts: (number: bigint) => key('receipts', encodeNumber(number)),
  transaction: (hash: Uint8Array) => key('transaction', hash),
  logAddress: (address: Uint8Array, number: bigint) => key('logAddress', address, encodeNumber(number)),
  logTopic: (position: number, topic: Uint8Array, number: bigint) => key('logTopic', Uint8Array.of(position), topic, encodeNumber(number)),
} as const;
