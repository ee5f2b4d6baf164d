/** Time as the node sees it; injected, so that tests decide what hour it is. */
export interface Clock {
  /** Unix time in milliseconds. May step back, as machine clocks do. */
  now(): number;
  /** Runs `action` once after `milliseconds`; the returned function cancels it. Never keeps the process alive by itself. */
  after(milliseconds: number, action: () => void): () => void;
}
