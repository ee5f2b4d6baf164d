import { NodeError } from '../errors.ts';
import { checkTranscript } from './check-transcript.ts';
import { type CeremonyFolder, ceremonyFolder, hashFile } from './folder.ts';
import { readKnownCircuit } from './known-circuit.ts';
import { runPhase2 } from './phase2.ts';
import { readTranscript, type Transcript } from './transcript.ts';

export interface VerifyOptions {
  readonly folder: string;
  readonly artefacts: string;
  /** Of the members, as the verifier knows them. */
  readonly accounts: ReadonlyMap<string, string>;
}

/** What takes no time: transcript, signatures, files. Errors: NODE_CEREMONY_* with the first bad contribution. */
export function openCeremony(options: VerifyOptions): Transcript {
  const folder = ceremonyFolder(options.folder);
  const transcript = readTranscript(folder.transcript);
  checkTranscript(transcript, readKnownCircuit(options.artefacts), options.accounts);
  checkFiles(transcript, folder);
  return transcript;
}

/** The whole chain. Errors: those of openCeremony and of checkKey. */
export async function verifyCeremony(options: VerifyOptions): Promise<Transcript> {
  const transcript = openCeremony(options);
  await checkKey(transcript, ceremonyFolder(options.folder));
  return transcript;
}

function checkFiles(transcript: Transcript, folder: CeremonyFolder): void {
  if (hashFile(folder.r1cs) !== transcript.r1cs) throw new NodeError('NODE_CEREMONY_CIRCUIT', { file: folder.r1cs });
  if (hashFile(folder.witnessProgram) !== transcript.witnessProgram)
    throw new NodeError('NODE_CEREMONY_CIRCUIT', { file: folder.witnessProgram });
  if (hashFile(folder.powers) !== transcript.powersOfTau) throw new NodeError('NODE_CEREMONY_POWERS', { file: folder.powers });
}

const lastOf = ({ contributions }: Transcript): { readonly place: number; readonly member: string } | undefined => {
  const last = contributions.at(-1);
  return last === undefined ? undefined : { place: contributions.length, member: last.member };
};

/**
 * The last proving key is the first one of this circuit and these powers of tau changed by exactly the contributions that were signed: a minute of CPU for the points
 * circuit. Errors: NODE_CEREMONY_KEY, NODE_CEREMONY_CONTRIBUTION, NODE_CEREMONY_FILE.
 */
export async function checkKey(transcript: Transcript, folder: CeremonyFolder): Promise<void> {
  const { contributions } = transcript;
  const file = folder.key(contributions.length);
  const last = lastOf(transcript);
  if (hashFile(file) !== (contributions.at(-1)?.provingKey ?? transcript.initialKey))
    throw new NodeError('NODE_CEREMONY_KEY', { file, ...last });
  const answer = await runPhase2({ kind: 'verify', r1cs: folder.r1cs, powers: folder.powers, key: file });
  if (answer.kind !== 'verified') {
    const reason = 'reason' in answer ? answer.reason : 'no answer';
    // Whoever contributed checked what came before: what is wrong with the key as a whole came last.
    const blamed = answer.kind === 'refuted' && answer.place !== undefined ? answer.place : contributions.length - 1;
    const member = contributions[blamed]?.member;
    throw new NodeError('NODE_CEREMONY_KEY', { file, reason, ...(member === undefined ? {} : { place: blamed + 1, member }) });
  }
  const places = Math.max(answer.contributions.length, contributions.length);
  for (let place = 0; place < places; place += 1) {
    const signed = contributions[place];
    if (signed?.contribution === answer.contributions[place]) continue;
    throw new NodeError('NODE_CEREMONY_CONTRIBUTION', { place: place + 1, ...(signed === undefined ? {} : { member: signed.member }) });
  }
}
