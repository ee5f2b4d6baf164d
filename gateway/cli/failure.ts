/** Exit statuses of `xinshu`, as its help says. */
export const exitStatus = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Ends the command with this status and this text; `facts` go into the JSON form. */
export class CliFailure extends Error {
  readonly status: ExitStatus;
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;
  constructor(status: ExitStatus, code: string, message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'CliFailure';
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

export const usageFailure = (message: string, facts: Readonly<Record<string, unknown>> = {}): CliFailure =>
  new CliFailure(exitStatus.usage, 'USAGE', message, facts);
