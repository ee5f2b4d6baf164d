/** Wall clock of this process in milliseconds since the epoch. Never decides an authorization: block time does (design.md §5). */
export interface Clock {
  now(): number;
}

/** Cryptographically secure random bytes; tests inject recorded ones. */
export interface Randomness {
  bytes(length: number): Uint8Array;
}
