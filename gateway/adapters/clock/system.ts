import { randomBytes } from 'node:crypto';
import type { Clock, Randomness } from '../../ports/clock.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const systemRandomness: Randomness = { bytes: (length) => randomBytes(length) };
