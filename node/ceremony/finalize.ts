import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBytes32String, Interface } from 'ethers';
import { NodeError } from '../errors.ts';
import { writeFileDurably, writeJsonFile } from '../json-file.ts';
import { ceremonyFolder, hashFile } from './folder.ts';
import { runPhase2 } from './phase2.ts';
import { type Transcript, transcriptHash } from './transcript.ts';
import { checkKey, openCeremony, type VerifyOptions } from './verify.ts';

export interface FinalizeOptions extends VerifyOptions {
  /** Where the artefacts go: a folder as gateways take it. */
  readonly out: string;
}

export interface Finalized {
  readonly transcript: Transcript;
  /** What the council is to put on chain: this parameter of the Directory, with the transcript's hash as a number. */
  readonly parameter: string;
  readonly hash: string;
  readonly callData: string;
}

const directory = new Interface(['function setParameter(bytes32 name, uint256 value, uint64 effectiveFrom)']);
const described = (file: string) => ({ sha256: hashFile(file).slice(2), bytes: statSync(file).size });

/**
 * Checks everything, closes the transcript and writes the artefacts. The same transcript gives the same bytes, by whomever: it is run again after an interruption, and
 * to check another's result. Errors: those of verifyCeremony, NODE_CEREMONY_TOO_FEW, NODE_CEREMONY_RESULT.
 */
export async function finalizeCeremony(options: FinalizeOptions): Promise<Finalized> {
  const folder = ceremonyFolder(options.folder);
  const found = openCeremony(options);
  const { circuit, use, least, contributions } = found;
  if (contributions.length < least) throw new NodeError('NODE_CEREMONY_TOO_FEW', { contributions: contributions.length, least });
  await checkKey(found, folder);
  const key = folder.key(contributions.length);
  const made = await runPhase2({ kind: 'export', key });
  if (made.kind !== 'exported')
    throw new NodeError('NODE_CEREMONY_KEY', { file: key, ...('reason' in made ? { reason: made.reason } : {}) });
  const verificationKey = `${JSON.stringify(made.verificationKey, undefined, 2)}\n`;
  const result = { provingKey: hashFile(key), verificationKey: `0x${createHash('sha256').update(verificationKey).digest('hex')}` };
  if (found.result !== undefined && JSON.stringify(found.result) !== JSON.stringify(result))
    throw new NodeError('NODE_CEREMONY_RESULT', { file: folder.transcript });
  const transcript: Transcript = { ...found, result };
  const hash = transcriptHash(transcript);

  const artefacts = join(options.out, 'artefacts');
  mkdirSync(artefacts, { recursive: true });
  copyFileSync(folder.witnessProgram, join(artefacts, `${circuit}.wasm`));
  copyFileSync(key, join(artefacts, `${circuit}.zkey`));
  writeFileDurably(join(artefacts, 'verification-key.json'), verificationKey);
  writeFileDurably(join(options.out, 'Groth16Verifier.sol'), made.verifier);
  writeJsonFile(join(options.out, 'ceremony.json'), transcript);
  const names = [`${circuit}.wasm`, `${circuit}.zkey`, 'verification-key.json'];
  // Last: with it the folder counts.
  writeJsonFile(join(options.out, 'artefacts.json'), {
    circuit,
    use,
    ceremony: hash,
    r1cs: described(folder.r1cs),
    powersOfTau: described(folder.powers),
    files: Object.fromEntries(names.map((name) => [name, described(join(artefacts, name))])),
  });
  writeJsonFile(folder.transcript, transcript);
  const parameter = `ceremony-${circuit}`;
  const callData = directory.encodeFunctionData('setParameter', [encodeBytes32String(parameter), hash, 0]);
  return { transcript, parameter, hash, callData };
}
