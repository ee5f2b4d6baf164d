import { open, readFile, unlink } from 'node:fs/promises';
import { XinshuError } from '../../domain/errors.ts';
import type { Hex } from '../../domain/ids.ts';
import { allPublicKeys, generateKeyMaterial, type KeyMaterial, publicKeys } from './key-material.ts';
import { readKeystore, replaceKeystore } from './keystore-file.ts';

export const keyKinds = ['sign', 'seal', 'note', 'tls', 'account'] as const;
export type KeyKind = (typeof keyKinds)[number];

type Others = NonNullable<KeyMaterial['others']>;
const none: Others = { sign: [], seal: [], note: [], tls: [], account: [] };

/**
 * Makes one key more of each of these kinds, and marks public halves to be retired, beside all that is in the keystore; the keystore is replaced as a whole. The public
 * halves of what was made. Throws KEYSTORE_UNREADABLE, KEYSTORE_PASSPHRASE, KEYSTORE_BUSY, and KEY_NOT_HELD for a half that is not held, and changes nothing.
 */
export const addKeys = async (path: string, passphrase: string, kinds: readonly KeyKind[], retire: readonly Hex[], now: number) =>
  whileLocked(`${path}.lock`, async () => {
    const old = await readKeystore(path, passphrase);
    const stranger = retire.find((data) => !allPublicKeys(old).some((key) => key.data === data));
    if (stranger !== undefined) throw new XinshuError('KEY_NOT_HELD', { key: stranger });
    const fresh = await generateKeyMaterial(old.member, now);
    const before = old.others ?? none;
    const more = <K extends KeyKind>(kind: K): Others[K] =>
      (kinds.includes(kind) ? [...before[kind], fresh[kind]] : before[kind]) as Others[K];
    const others: Others = { sign: more('sign'), seal: more('seal'), note: more('note'), tls: more('tls'), account: more('account') };
    await replaceKeystore(path, { ...old, version: 2, others, retire: [...new Set([...(old.retire ?? []), ...retire])] }, passphrase);
    return publicKeys(fresh).filter(({ purpose }) => (kinds as readonly string[]).includes(purpose));
  });

/** One change of the keystore at a time. The lock of a process that is gone holds nobody up. */
const whileLocked = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  await lock(path);
  try {
    return await work();
  } finally {
    await unlink(path);
  }
};

const lock = async (path: string): Promise<void> => {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    const holder = Number(await readFile(path, 'utf8'));
    if (holder > 0 && isRunning(holder)) throw new XinshuError('KEYSTORE_BUSY', { path, process: holder }, { cause });
    await unlink(path);
    await lock(path);
  }
};

const isRunning = (process_: number): boolean => {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
};
