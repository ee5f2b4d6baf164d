import { transcriptHash } from '../../ceremony/transcript.ts';
import { verifyCeremony } from '../../ceremony/verify.ts';
import { answer, type Output } from '../output.ts';
import { type AccountOptions, readAccounts } from './accounts.ts';
import { standing } from './present.ts';

export interface VerifyCommandOptions extends AccountOptions {
  readonly ceremony: string;
  readonly artefacts: string;
}

export async function verify(options: VerifyCommandOptions, output: Output): Promise<void> {
  const accounts = await readAccounts(options);
  const transcript = await verifyCeremony({ folder: options.ceremony, artefacts: options.artefacts, accounts });
  const hash = transcriptHash(transcript);
  answer(output, { ok: true, hash, ...transcript }, standing(transcript, { hash, holds: 'every signature and every contribution' }));
}
