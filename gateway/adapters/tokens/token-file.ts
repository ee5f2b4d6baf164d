import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { XinshuError } from '../../domain/errors.ts';
import { ok, refuse } from '../../domain/result.ts';
import type { Staff } from '../../domain/staff.ts';
import type { StaffRole } from '../../domain/vocabulary.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { Tokens } from '../../ports/tokens.ts';
import { hashToken, parseTokenList, staffOf, type TokenEntry, type TokenList, tokenPattern } from './token-list.ts';

const fsyncFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
};

const writeTokenList = (path: string, list: TokenList): void => {
  const next = `${path}.next`;
  const file = openSync(next, 'w', 0o600);
  writeSync(file, `${JSON.stringify(list, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(next, path);
  fsyncFolder(dirname(path));
};

/** The list as it stands; empty when there is no file yet. @throws TOKENS_UNREADABLE */
export const readTokenList = (path: string): TokenList =>
  existsSync(path) ? parseTokenList(readFileSync(path, 'utf8'), path) : { version: 1, tokens: [] };

/** Adds a token and returns it; this is the only time it can be seen. `lifetimeMs` counts from `now`. */
export const createToken = (
  path: string,
  asked: Staff & { readonly lifetimeMs: number },
  now: number,
  randomness: Randomness,
): { readonly token: string; readonly entry: TokenEntry } => {
  const token = `xst_${Buffer.from(randomness.bytes(32)).toString('base64url')}`;
  const entry: TokenEntry = {
    id: Buffer.from(randomness.bytes(4)).toString('hex'),
    hash: hashToken(token),
    staff: asked.name,
    roles: asked.roles as readonly StaffRole[],
    createdAt: now,
    notAfter: now + asked.lifetimeMs,
    revokedAt: null,
  };
  writeTokenList(path, { version: 1, tokens: [...readTokenList(path).tokens, entry] });
  return { token, entry };
};

/** Revokes by the id that `token list` shows. Revoking twice keeps the first time. @throws TOKEN_UNKNOWN */
export const revokeToken = (path: string, id: string, now: number): TokenEntry => {
  const list = readTokenList(path);
  const found = list.tokens.find((entry) => entry.id === id);
  if (found === undefined) throw new XinshuError('TOKEN_UNKNOWN', { id });
  const revoked = { ...found, revokedAt: found.revokedAt ?? now };
  writeTokenList(path, { version: 1, tokens: list.tokens.map((entry) => (entry.id === id ? revoked : entry)) });
  return revoked;
};

/** Tokens of a running gateway: the file is looked at on each call and read again when it was replaced, so a revocation counts at once. */
export const fileTokens = (path: string): Tokens => {
  let seen = '';
  let byHash = new Map<string, TokenEntry>();
  const refresh = (): void => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) throw new XinshuError('TOKENS_UNREADABLE', { path });
    const mark = `${stat.ino}/${stat.mtimeNs}/${stat.size}`;
    if (mark === seen) return;
    byHash = new Map(readTokenList(path).tokens.map((entry) => [entry.hash, entry]));
    seen = mark;
  };
  return {
    authenticate: (token: string, now: number) => {
      if (!tokenPattern.test(token)) return refuse('TOKEN_INVALID');
      refresh();
      const entry = byHash.get(hashToken(token));
      if (entry === undefined || entry.revokedAt !== null) return refuse('TOKEN_INVALID');
      return now < entry.notAfter ? ok(staffOf(entry)) : refuse('TOKEN_EXPIRED');
    },
  };
};
