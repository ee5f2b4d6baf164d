import type { Result } from '../domain/result.ts';
import type { Staff } from '../domain/staff.ts';

/** Bearer tokens of the client listener. Only their SHA-256 is kept anywhere. */
export interface Tokens {
  /**
   * Whom this token stands for at `now` (ms). Refuses with TOKEN_INVALID (unknown or revoked) or TOKEN_EXPIRED. A token made or revoked by the CLI counts from the next call on.
   * Throws TOKENS_UNREADABLE when the list can't be read: then nobody is let in.
   */
  authenticate(token: string, now: number): Result<Staff>;
}
