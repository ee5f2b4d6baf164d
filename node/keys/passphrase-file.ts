import { readFileSync, statSync } from 'node:fs';
import { NodeError } from '../errors.ts';

/** The passphrase in a file that only its owner can read. Errors: NODE_PASSPHRASE_UNREADABLE. */
export function readPassphrase(file: string): Uint8Array {
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) throw new Error('mode');
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new NodeError('NODE_PASSPHRASE_UNREADABLE', { file }, { cause: error });
  }
  if (text === '') throw new NodeError('NODE_PASSPHRASE_UNREADABLE', { file });
  return new TextEncoder().encode(text);
}
