import { existsSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sameSubject } from '../../domain/subject.ts';
import { peekClaims } from '../../sealing/jws.ts';
import { parseCredentialClaims } from '../../sealing/messages.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { obtainPassphrase } from '../passphrase.ts';
import type { Wallet, WalletCredential } from './wallet.ts';
import { lockWallet, readWallet, walletPaths, writeWallet } from './wallet-file.ts';

export type SubjectOptions = { readonly subject: string; readonly passphraseFile?: string };

/** A subject's wallet, open and locked for the time of one command. `save` returns when the change is on disk. */
export type OpenWallet = { readonly wallet: Wallet; save(next: Wallet): Promise<void>; close(): void };

/** A credential for this subject's own key; it is checked for good by each provider, here only for whose it is. */
export const readCredential = (jws: string, wallet: Wallet): WalletCredential => {
  const claims = parseCredentialClaims(peekClaims(jws));
  if (!claims.ok) throw usageFailure('that is no credential');
  if (claims.value.key.toLowerCase() !== wallet.address.toLowerCase() || !sameSubject(claims.value.subject, wallet.subject))
    throw usageFailure('the credential is for another key or subject');
  return { jws, claims: claims.value };
};

/** Takes in the credentials that issuers put into the subject's inbox; each leaves the inbox once it is in the wallet. */
const takeIn = async (open: OpenWallet & { wallet: Wallet }, inbox: string): Promise<void> => {
  const files = existsSync(inbox) ? readdirSync(inbox).filter((file) => file.endsWith('.jws')) : [];
  for (const file of files.sort()) {
    const credential = readCredential(readFileSync(join(inbox, file), 'utf8').trim(), open.wallet);
    const known = open.wallet.credentials.some(({ claims }) => claims.id === credential.claims.id);
    if (!known) await open.save({ ...open.wallet, credentials: [...open.wallet.credentials, credential] });
    unlinkSync(join(inbox, file));
  }
};

/** Asks for the passphrase, opens, runs, closes. */
export const withWallet = async <T>(context: Context, options: SubjectOptions, run: (open: OpenWallet) => Promise<T>): Promise<T> => {
  const paths = walletPaths(context.home, options.subject);
  if (!existsSync(paths.wallet))
    throw usageFailure(`no subject ${options.subject} in ${context.home}; make one with: xinshu subject new ${options.subject}`);
  const passphrase = await obtainPassphrase(options.passphraseFile ?? process.env.XINSHU_PASSPHRASE_FILE, context.terminal, false);
  const close = lockWallet(paths.lock);
  try {
    const open = {
      wallet: await readWallet(paths.wallet, passphrase),
      save: async (next: Wallet): Promise<void> => {
        await writeWallet(paths.wallet, next, passphrase);
        open.wallet = next;
      },
      close,
    };
    await takeIn(open, paths.inbox);
    return await run(open);
  } finally {
    close();
  }
};
