import { startCeremony } from '../../ceremony/start.ts';
import { NodeError } from '../../errors.ts';
import { documentsAt } from '../member-documents.ts';
import { answer, type Output } from '../output.ts';
import { standing } from './present.ts';

export interface StartCommandOptions {
  readonly ceremony: string;
  readonly artefacts: string;
  readonly r1cs: string;
  readonly powers: string;
  readonly members: readonly string[];
  readonly least: string;
  readonly trial?: boolean;
}

export async function start(options: StartCommandOptions, output: Output): Promise<void> {
  if (!/^[1-9]\d{0,2}$/.test(options.least)) throw new NodeError('NODE_USAGE', { option: '--least', given: options.least });
  output.progress('making the first key');
  const transcript = await startCeremony({
    ...options,
    folder: options.ceremony,
    members: options.members.flatMap(documentsAt).map(({ id, account }) => ({ id, account })),
    least: Number(options.least),
    trial: options.trial === true,
  });
  answer(output, { ok: true, ...transcript }, standing(transcript));
}
