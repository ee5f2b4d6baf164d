import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { Value } from 'typebox/value';
import { XinshuError } from '../../domain/errors.ts';
import { type KeyMaterial, keyMaterialSchema } from './key-material.ts';

/** Iterations of PBKDF2-HMAC-SHA-512: the count that OWASP's password storage advice gives. The file names its own count; far larger ones are refused. */
const iterations = 210_000;
const mostIterations = 2_000_000;

/**
 * Writes the keystore: a compact JWE (RFC 7516), PBES2-HS512+A256KW with A256GCM (RFC 7518 §4.8), mode 0600. The file appears whole or not at all and never
 * replaces another: throws KEYSTORE_EXISTS.
 */
export const writeKeystore = async (path: string, material: KeyMaterial, passphrase: string): Promise<void> => {
  const draft = await writeDraft(path, material, passphrase);
  try {
    // A link fails where a rename would overwrite.
    await link(draft, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw new XinshuError('KEYSTORE_EXISTS', { path }, { cause });
    throw cause;
  } finally {
    await unlink(draft);
  }
};

/** Puts this in the place of the keystore that is there: after a crash there is the one or the other, whole. */
export const replaceKeystore = async (path: string, material: KeyMaterial, passphrase: string): Promise<void> => {
  await rename(await writeDraft(path, material, passphrase), path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const writeDraft = async (path: string, material: KeyMaterial, passphrase: string): Promise<string> => {
  const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(material)))
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'xinshu-keystore' })
    .setKeyManagementParameters({ p2c: iterations })
    .encrypt(new TextEncoder().encode(passphrase));
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(jwe);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
};

/** Throws KEYSTORE_UNREADABLE or KEYSTORE_PASSPHRASE. */
export const readKeystore = async (path: string, passphrase: string): Promise<KeyMaterial> => {
  let jwe: string;
  try {
    jwe = (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new XinshuError('KEYSTORE_UNREADABLE', { path }, { cause });
  }
  let plaintext: Uint8Array;
  try {
    const opened = await compactDecrypt(jwe, new TextEncoder().encode(passphrase), {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: mostIterations,
    });
    plaintext = opened.plaintext;
  } catch (cause) {
    const wrong = (cause as { code?: string }).code === 'ERR_JWE_DECRYPTION_FAILED';
    throw new XinshuError(wrong ? 'KEYSTORE_PASSPHRASE' : 'KEYSTORE_UNREADABLE', { path }, { cause });
  }
  const material: unknown = JSON.parse(new TextDecoder().decode(plaintext));
  if (!Value.Check(keyMaterialSchema, material)) throw new XinshuError('KEYSTORE_UNREADABLE', { path });
  return material;
};
