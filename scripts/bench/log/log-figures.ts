export type ProofFigures = { readonly madePerSecond: number; readonly verifiedPerSecond: number; readonly mostBytes: number };

/** What verifying-process.ts reports of one log. */
export type LogFigures = {
  readonly size: number;
  readonly openedSeconds: number;
  /** Memory at each tenth of the log: all that is resident, and what of it is the process's own. */
  readonly leaves: {
    readonly seconds: number;
    readonly bytes: number;
    readonly residentMiB: readonly number[];
    readonly ownMiB: readonly number[];
  };
  readonly inclusion: ProofFigures;
  readonly consistency: ProofFigures;
  readonly hashedPerSecond: number;
  readonly peakMiB: number;
};
