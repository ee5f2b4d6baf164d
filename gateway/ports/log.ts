/** Facts of a log line: ids, codes, counts and durations only; never plaintext of a subject, a name of staff, a token or a key. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined | null>>;

/** Structured log of this process. `usage` is the fact that ties the lines of one query together. */
export interface Log {
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
  error(facts: LogFacts, message: string): void;
}
