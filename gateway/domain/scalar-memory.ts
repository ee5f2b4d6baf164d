import { code } from 'wasmcurves/build/bn128_wasm.js';

/**
 * Arithmetic modulo the order of BN254's scalar field on elements in Montgomery form, by their addresses: half the time of BigInt, which allocates every product
 * and divides to reduce it. A result may overwrite an operand.
 */
export type ScalarMemory = {
  multiply(a: number, b: number, result: number): void;
  square(a: number, result: number): void;
  add(a: number, b: number, result: number): void;
  copy(a: number, result: number): void;
  /** Room for that many elements: its first address; the others follow every `scalarBytes`. */
  reserve(count: number): number;
  /** The value must be below the order. */
  write(address: number, value: bigint): void;
  read(address: number): bigint;
};

export const scalarBytes = 32;
const pageBytes = 65_536;
const wordMask = (1n << 64n) - 1n;

type Exports = {
  readonly frm_mul: ScalarMemory['multiply'];
  readonly frm_square: ScalarMemory['square'];
  readonly frm_add: ScalarMemory['add'];
  readonly frm_copy: ScalarMemory['copy'];
  readonly frm_toMontgomery: (a: number, result: number) => void;
  readonly frm_fromMontgomery: (a: number, result: number) => void;
};

export const openScalarMemory = (): ScalarMemory => {
  // 25 pages are what the module asks for.
  const memory = new WebAssembly.Memory({ initial: 25 });
  const module = new WebAssembly.Module(Buffer.from(code, 'base64'));
  const field = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  let words = new BigUint64Array(memory.buffer);
  let free = Math.ceil(new Uint32Array(memory.buffer)[0]! / scalarBytes) * scalarBytes;
  const reserve = (count: number): number => {
    const address = free;
    free += count * scalarBytes;
    const missing = free - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / pageBytes));
      words = new BigUint64Array(memory.buffer);
    }
    return address;
  };
  const plain = reserve(1);
  return {
    multiply: field.frm_mul,
    square: field.frm_square,
    add: field.frm_add,
    copy: field.frm_copy,
    reserve,
    write: (address, value) => {
      for (let word = 0, rest = value; word < 4; word += 1, rest >>= 64n) words[address / 8 + word] = rest & wordMask;
      field.frm_toMontgomery(address, address);
    },
    read: (address) => {
      field.frm_fromMontgomery(address, plain);
      const [a, b, c, d] = words.subarray(plain / 8, plain / 8 + 4) as unknown as readonly [bigint, bigint, bigint, bigint];
      return a | (b << 64n) | (c << 128n) | (d << 192n);
    },
  };
};
