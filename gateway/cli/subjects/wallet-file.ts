import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import { writeWhole } from '../files.ts';
import type { Wallet } from './wallet.ts';

/** OWASP's count for PBKDF2-HMAC-SHA-512. */
const iterations = 210_000;
const typ = 'xinshu-subject';

const folder = (home: string): string => join(home, 'subjects');
const isName = (name: string): boolean => /^[a-z0-9][a-z0-9-]{0,30}$/.test(name);

export type WalletPaths = { readonly wallet: string; readonly card: string; readonly inbox: string; readonly lock: string };
export const walletPaths = (home: string, name: string): WalletPaths => {
  if (!isName(name)) throw usageFailure('a subject is named with 1 to 31 of a-z, 0-9 and -');
  const base = join(folder(home), name);
  return { wallet: `${base}.jwe`, card: `${base}.card.json`, inbox: `${base}.inbox`, lock: `${base}.lock` };
};

export const walletNames = (home: string): string[] =>
  existsSync(folder(home))
    ? readdirSync(folder(home))
        .filter((file) => file.endsWith('.jwe'))
        .map((file) => file.slice(0, -4))
        .sort()
    : [];

/** Replaces the file as a whole: PBES2-HS512+A256KW, A256GCM (RFC 7518 §4.8). */
export const writeWallet = async (path: string, wallet: Wallet, passphrase: string): Promise<void> => {
  const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify(wallet)))
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ })
    .setKeyManagementParameters({ p2c: iterations })
    .encrypt(Buffer.from(passphrase));
  writeWhole(path, jwe);
};

export const readWallet = async (path: string, passphrase: string): Promise<Wallet> => {
  if (!existsSync(path)) throw usageFailure(`no subject at ${path}; make one with: xinshu subject new`);
  try {
    const { plaintext } = await compactDecrypt(readFileSync(path, 'utf8').trim(), Buffer.from(passphrase), {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: 2_000_000,
    });
    return JSON.parse(Buffer.from(plaintext).toString('utf8')) as Wallet;
  } catch {
    throw new CliFailure(exitStatus.refused, 'WALLET_PASSPHRASE', `${path} does not open with this passphrase`);
  }
};

const isRunning = (process_: number): boolean => {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** One command at a time works on a subject: a second one would overwrite the keys that the first has just made. The lock of a dead process is taken over. */
export const lockWallet = (path: string): (() => void) => {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(readFileSync(path, 'utf8'));
      if (owner > 0 && isRunning(owner)) break;
      rmSync(path, { force: true });
    }
  }
  throw new CliFailure(exitStatus.refused, 'WALLET_BUSY', `another command works on this subject (${path})`);
};
