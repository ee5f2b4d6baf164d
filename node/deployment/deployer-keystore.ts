import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { NodeError } from '../errors.ts';
import { writeFileDurably } from '../json-file.ts';
import { readPassphrase } from '../keys/passphrase-file.ts';

const algorithm = 'PBES2-HS512+A256KW';
/** Rounds of PBKDF2 with SHA-512 (RFC 7518, section 4.8.1.2): what OWASP's password storage advice asks for. */
const rounds = 210_000;

/** Makes the passphrase file (0600) and the keystore with a fresh secp256k1 key, whichever is not there yet. */
export async function createDeployerKeystore(keystore: string, passphraseFile: string): Promise<void> {
  if (!existsSync(passphraseFile)) writeFileDurably(passphraseFile, `${randomBytes(24).toString('base64url')}\n`, 0o600);
  if (existsSync(keystore)) return;
  const passphrase = readPassphrase(passphraseFile);
  const jwe = await new CompactEncrypt(randomBytes(32))
    .setProtectedHeader({ alg: algorithm, enc: 'A256GCM', p2c: rounds })
    .encrypt(passphrase);
  writeFileDurably(keystore, `${jwe}\n`, 0o600);
}

/** The deployer's private key, hex. Errors: NODE_PASSPHRASE_UNREADABLE, NODE_KEYSTORE_UNREADABLE. */
export async function openDeployerKeystore(keystore: string, passphraseFile: string): Promise<string> {
  const passphrase = readPassphrase(passphraseFile);
  try {
    const options = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: ['A256GCM'], maxPBES2Count: rounds };
    const { plaintext } = await compactDecrypt(readFileSync(keystore, 'utf8').trim(), passphrase, options);
    return `0x${Buffer.from(plaintext).toString('hex')}`;
  } catch (error) {
    throw new NodeError('NODE_KEYSTORE_UNREADABLE', { file: keystore }, { cause: error });
  }
}
