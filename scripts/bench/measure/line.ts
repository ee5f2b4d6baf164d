/** Milliseconds. */
export type Latency = { readonly p50: number; readonly p95: number; readonly p99: number };
export type Rate = { readonly perSecond: number; readonly latency?: Latency };

/** One row of the table: what was measured, beside the least that the machine needs for it anyway, measured in the same run. */
export type Line = Rate & {
  readonly what: string;
  readonly limit?: Rate & { readonly what: string };
  readonly facts?: Readonly<Record<string, string | number>>;
};

export type BenchOptions = {
  /** Length of each measured stretch. */
  readonly seconds: number;
  /** Of the log that `log` writes and verifies. */
  readonly entries: number;
  /** Where the network of `query` is kept for the next run; undefined: it is made and removed. */
  readonly data: string | undefined;
  /** Where the gateways' and the ledger's CPU profiles go. */
  readonly profile: string | undefined;
  readonly portBase: number;
  readonly note: (text: string) => void;
};
export type Bench = (options: BenchOptions) => Promise<readonly Line[]>;

/** By nearest rank. */
export const latencyOf = (milliseconds: readonly number[]): Latency => {
  const sorted = Float64Array.from(milliseconds).sort();
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) };
};
