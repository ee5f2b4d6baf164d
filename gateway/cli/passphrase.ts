import { usageFailure } from './failure.ts';
import { readSecretFile } from './files.ts';
import type { Terminal } from './terminal.ts';

/** From a file with mode 0600, or asked for; never an argument of the command itself. With `confirm` it is asked twice. */
export const obtainPassphrase = async (file: string | undefined, terminal: Terminal, confirm: boolean): Promise<string> => {
  if (file !== undefined) {
    const passphrase = readSecretFile(file, 'passphrase file');
    if (passphrase === '') throw usageFailure(`passphrase file ${file} is empty`);
    return passphrase;
  }
  if (!terminal.interactive) throw usageFailure('give --passphrase-file (mode 0600); there is no terminal to ask on');
  const passphrase = await terminal.askSecret('Passphrase: ');
  if (passphrase.length < 8) throw usageFailure('a passphrase has at least 8 characters');
  if (confirm && (await terminal.askSecret('Again: ')) !== passphrase) throw usageFailure('the two passphrases differ');
  return passphrase;
};
