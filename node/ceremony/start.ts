import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { NodeError } from '../errors.ts';
import { writeJsonFile } from '../json-file.ts';
import { ceremonyFolder, hashFile } from './folder.ts';
import { readKnownCircuit } from './known-circuit.ts';
import { runPhase2 } from './phase2.ts';
import type { Transcript } from './transcript.ts';

export interface StartOptions {
  readonly folder: string;
  /** Of the trial keys that the software ships for this circuit. */
  readonly artefacts: string;
  readonly r1cs: string;
  /** Prepared for phase 2. */
  readonly powers: string;
  readonly members: Transcript['members'];
  readonly least: number;
  /** Takes the powers of tau of the trial keys; the result is for trial use. */
  readonly trial: boolean;
}

/**
 * Begins a ceremony in a folder of its own. Interrupted, it is run again.
 * Errors: NODE_CEREMONY_EXISTS, NODE_CEREMONY_FILE, NODE_CEREMONY_CIRCUIT, NODE_CEREMONY_POWERS, NODE_CEREMONY_TOO_FEW.
 */
export async function startCeremony(options: StartOptions): Promise<Transcript> {
  const folder = ceremonyFolder(options.folder);
  if (existsSync(folder.transcript)) throw new NodeError('NODE_CEREMONY_EXISTS', { folder: folder.root });
  if (options.members.length < options.least)
    throw new NodeError('NODE_CEREMONY_TOO_FEW', { members: options.members.length, least: options.least });
  const known = readKnownCircuit(options.artefacts);
  if (hashFile(options.r1cs) !== known.r1cs) throw new NodeError('NODE_CEREMONY_CIRCUIT', { file: options.r1cs, circuit: known.circuit });
  if (hashFile(known.witnessFile) !== known.witnessProgram) throw new NodeError('NODE_CEREMONY_CIRCUIT', { file: known.witnessFile });
  const powersOfTau = hashFile(options.powers);
  const isTrial = powersOfTau === known.trialPowers;
  if (isTrial !== options.trial) throw new NodeError('NODE_CEREMONY_POWERS', { file: options.powers });
  mkdirSync(folder.root, { recursive: true });
  copyFileSync(options.r1cs, folder.r1cs);
  copyFileSync(options.powers, folder.powers);
  copyFileSync(known.witnessFile, folder.witnessProgram);
  // A process that outlives a killed command may still write to the one that is there.
  rmSync(folder.part, { force: true });
  const made = await runPhase2({ kind: 'begin', r1cs: folder.r1cs, powers: folder.powers, to: folder.part });
  if (made.kind !== 'begun')
    throw new NodeError('NODE_CEREMONY_POWERS', { file: options.powers, ...('reason' in made ? { reason: made.reason } : {}) });
  renameSync(folder.part, folder.key(0));
  const transcript: Transcript = {
    version: 1,
    circuit: known.circuit,
    use: isTrial ? 'trial' : 'ceremony',
    r1cs: known.r1cs,
    powersOfTau,
    witnessProgram: known.witnessProgram,
    initialKey: hashFile(folder.key(0)),
    least: options.least,
    members: options.members,
    contributions: [],
  };
  writeJsonFile(folder.transcript, transcript);
  return transcript;
}
