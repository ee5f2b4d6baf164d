import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { usageFailure } from './failure.ts';

/** Replaces a file as a whole, durably; 0600 unless said otherwise. */
export const writeWhole = (path: string, text: string, mode = 0o600): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.next`;
  const file = openSync(next, 'w', mode);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(next, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
};

/** A file with a secret in it: refused when others may read it. */
export const readSecretFile = (path: string, what: string): string => {
  if (!existsSync(path)) throw usageFailure(`no ${what} at ${path}`);
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) throw usageFailure(`${what} ${path} can be read by others (mode ${mode.toString(8)}); chmod 600 it`);
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
};

/** A JSON file that fits its schema; `undefined` when there is none. */
export const readJsonFile = <T extends TSchema>(path: string, schema: T): Static<T> | undefined => {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw usageFailure(`${path} is not JSON`);
  }
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  throw usageFailure(`${path} does not fit: ${first?.instancePath ?? ''} ${first?.message ?? ''}`);
};
