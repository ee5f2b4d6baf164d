import { createHash } from 'node:crypto';
import { XinshuError } from '../../domain/errors.ts';
import { isStaffName, type Staff } from '../../domain/staff.ts';
import { type StaffRole, staffRoles } from '../../domain/vocabulary.ts';

/** One line of tokens.json. `hash` is the hex SHA-256 of the token; times in milliseconds since the epoch. */
export type TokenEntry = {
  readonly id: string;
  readonly hash: string;
  readonly staff: string;
  readonly roles: readonly StaffRole[];
  readonly createdAt: number;
  readonly notAfter: number;
  readonly revokedAt: number | null;
};
export type TokenList = { readonly version: 1; readonly tokens: readonly TokenEntry[] };

export const tokenPattern = /^xst_[A-Za-z0-9_-]{43}$/;

/** A token has 256 random bits, so a plain hash keeps it: there is nothing to guess or to slow down. */
export const hashToken = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

export const staffOf = (entry: TokenEntry): Staff => ({ name: entry.staff, roles: entry.roles });

const isEntry = (value: unknown): value is TokenEntry => {
  if (typeof value !== 'object' || value === null) return false;
  const { id, hash, staff, roles, createdAt, notAfter, revokedAt } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof staff === 'string' &&
    isStaffName(staff) &&
    Array.isArray(roles) &&
    roles.every((role) => (staffRoles as readonly string[]).includes(role)) &&
    Number.isSafeInteger(createdAt) &&
    Number.isSafeInteger(notAfter) &&
    (revokedAt === null || Number.isSafeInteger(revokedAt))
  );
};

/** @throws TOKENS_UNREADABLE */
export const parseTokenList = (text: string, path: string): TokenList => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new XinshuError('TOKENS_UNREADABLE', { path }, { cause });
  }
  const list = value as Partial<TokenList> | null;
  if (list?.version !== 1 || !Array.isArray(list.tokens) || !list.tokens.every(isEntry))
    throw new XinshuError('TOKENS_UNREADABLE', { path });
  return { version: 1, tokens: list.tokens };
};
