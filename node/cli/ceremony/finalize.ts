import { finalizeCeremony } from '../../ceremony/finalize.ts';
import { answer, type Output } from '../output.ts';
import { type AccountOptions, readAccounts } from './accounts.ts';
import { standing } from './present.ts';

export interface FinalizeCommandOptions extends AccountOptions {
  readonly ceremony: string;
  readonly artefacts: string;
  readonly out: string;
}

export async function finalize(options: FinalizeCommandOptions, output: Output): Promise<void> {
  const accounts = await readAccounts(options);
  const { transcript, parameter, hash, callData } = await finalizeCeremony({ ...options, folder: options.ceremony, accounts });
  const onChain = `xinshu-node council propose --as FOLDER parameter ${parameter} ${hash}`;
  answer(output, { ok: true, ...transcript, hash, parameter, callData }, standing(transcript, { hash, 'on chain': onChain }));
}
