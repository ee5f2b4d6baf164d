import { open } from 'node:fs/promises';
import { XinshuError } from '../../domain/errors.ts';

/** The passphrase in a file that only its owner may read. Throws PASSPHRASE_UNREADABLE, PASSPHRASE_MODE. */
export const readPassphrase = async (path: string): Promise<string> => {
  let text: string;
  let mode: number;
  try {
    const file = await open(path, 'r');
    try {
      // Of the opened file, not of the path: what is checked is what is read.
      mode = (await file.stat()).mode & 0o777;
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new XinshuError('PASSPHRASE_UNREADABLE', { path }, { cause });
  }
  if (mode !== 0o600) throw new XinshuError('PASSPHRASE_MODE', { path, mode: mode.toString(8).padStart(4, '0') });
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase === '') throw new XinshuError('PASSPHRASE_UNREADABLE', { path });
  return passphrase;
};
