import { randomBytes } from 'node:crypto';
import type { Randomness } from '../../gateway/ports/clock.ts';

/** Randomness where a process of its own must not repeat another's. */
export const systemRandomness: Randomness = { bytes: (length) => randomBytes(length) };
