import type { Hex } from '../../../domain/ids.ts';
import type { BlockRef } from '../../../domain/registry-state.ts';

const blocksInChunk = 1024;
const hashBytes = 32;
type Chunk = { readonly hashes: Uint8Array; readonly times: Float64Array };

/** Number, hash and time of every mirrored block, packed: 40 bytes a block, since every one of them may be named by a decision. */
export class BlockRefs {
  readonly #chunks = new Map<number, Chunk>();

  set({ number, hash, time }: BlockRef): void {
    const at = Math.floor(number / blocksInChunk);
    let chunk = this.#chunks.get(at);
    if (chunk === undefined) {
      chunk = { hashes: new Uint8Array(blocksInChunk * hashBytes), times: new Float64Array(blocksInChunk).fill(Number.NaN) };
      this.#chunks.set(at, chunk);
    }
    const slot = number % blocksInChunk;
    chunk.hashes.set(Buffer.from(hash.slice(2), 'hex'), slot * hashBytes);
    chunk.times[slot] = time;
  }

  get(number: number): BlockRef | undefined {
    const chunk = this.#chunks.get(Math.floor(number / blocksInChunk));
    const slot = number % blocksInChunk;
    const time = chunk?.times[slot];
    if (chunk === undefined || time === undefined || Number.isNaN(time)) return undefined;
    const hash = Buffer.from(chunk.hashes.subarray(slot * hashBytes, (slot + 1) * hashBytes)).toString('hex');
    return { number, hash: `0x${hash}` as Hex, time };
  }
}
