import { contribute as contributeTo } from '../../ceremony/contribute.ts';
import { readMemberAccounts } from '../../keys/member-accounts.ts';
import { answer, type Output } from '../output.ts';
import { type AccountOptions, readAccounts } from './accounts.ts';
import { standing } from './present.ts';

export interface ContributeCommandOptions extends AccountOptions {
  readonly ceremony: string;
  readonly artefacts: string;
  readonly as: string;
  readonly passphraseFile?: string;
  readonly passOver: string;
}

export async function contribute(options: ContributeCommandOptions, output: Output): Promise<void> {
  const accounts = await readAccounts(options);
  const { member, accounts: keys } = await readMemberAccounts(options.as, options.passphraseFile);
  output.progress('checking what came before, then contributing');
  const transcript = await contributeTo({
    folder: options.ceremony,
    artefacts: options.artefacts,
    accounts,
    member,
    keys,
    passOver: options.passOver.split(',').filter((id) => id !== ''),
  });
  answer(output, { ok: true, ...transcript }, standing(transcript, { yours: transcript.contributions.at(-1)?.contribution ?? '' }));
}
