import { createHash } from 'node:crypto';

/** A reproducible stream of choices. The same seed and path give the same choices on every machine. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [low, high]. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
};

/**
 * PRNG sfc32 (Chris Doty-Humphrey's PractRand), seeded with SHA-256 of seed and path. Every (dataset, subject) has a stream of its own,
 * so that a dataset more, or a subject more, leaves all other rows as they were. Not for secrets.
 */
export const randomStream = (seed: string, ...path: readonly (string | number)[]): Random => {
  const digest = createHash('sha256')
    .update([seed, ...path].join('\n'))
    .digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[int(0, list.length - 1)]!,
  };
};
