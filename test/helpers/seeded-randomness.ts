import { createHash } from 'node:crypto';
import type { Randomness } from '../../gateway/ports/clock.ts';

/** Reproducible bytes: SHA-256 of the seed and a counter. */
export const seededRandomness = (seed: string): Randomness => {
  let block = 0;
  let rest = Buffer.alloc(0);
  return {
    bytes: (length) => {
      while (rest.length < length) {
        rest = Buffer.concat([rest, createHash('sha256').update(`${seed}/${block}`).digest()]);
        block += 1;
      }
      const bytes = new Uint8Array(rest.subarray(0, length));
      rest = rest.subarray(length);
      return bytes;
    },
  };
};
