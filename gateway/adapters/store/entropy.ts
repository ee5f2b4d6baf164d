import type { Randomness } from '../../ports/clock.ts';

/** Drawn at once: a call to the operating system's generator costs more than the bytes. */
const pool = 8192;

/** Random bytes cut from a pool, each byte given out once. */
export const pooled = (randomness: Randomness): Randomness => {
  let bytes = new Uint8Array(0);
  let used = 0;
  return {
    bytes: (length) => {
      if (bytes.length - used < length) {
        bytes = new Uint8Array(randomness.bytes(Math.max(pool, length)));
        used = 0;
      }
      used += length;
      return bytes.subarray(used - length, used);
    },
  };
};
