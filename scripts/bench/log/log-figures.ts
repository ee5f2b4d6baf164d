export type ProofFigures = { readonly madePerSecond: number; readonly verifiedPerSecond: number; readonly mostBytes: number };

/** What verifying-process.ts reports of one log. */
export type LogFigures = {
  readonly size: number;
  readonly openedSeconds: number;
  /** Resident memory at each tenth of the log. */
  readonly leaves: { readonly seconds: number; readonly bytes: number; readonly residentMiB: readonly number[] };
  readonly inclusion: ProofFigures;
  readonly consistency: ProofFigures;
  readonly hashedPerSecond: number;
  readonly peakMiB: number;
};
