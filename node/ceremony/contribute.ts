import { renameSync, rmSync } from 'node:fs';
import { Wallet } from 'ethers';
import { NodeError } from '../errors.ts';
import { writeJsonFile } from '../json-file.ts';
import { ceremonyFolder, hashFile } from './folder.ts';
import { runPhase2 } from './phase2.ts';
import { signContribution } from './signature.ts';
import { nextMember, passedOverBy, type Transcript } from './transcript.ts';
import { checkKey, openCeremony, type VerifyOptions } from './verify.ts';

export interface ContributeOptions extends VerifyOptions {
  readonly member: string;
  /** Private keys, one of which is the account that the transcript names. */
  readonly keys: readonly string[];
  /** Members before this one that did not come. */
  readonly passOver: readonly string[];
}

/**
 * Checks all that came before, adds the member's randomness, which is drawn for it and never kept, and signs. Interrupted, it is run again, with other randomness.
 * Errors: those of verifyCeremony, NODE_CEREMONY_MEMBER, NODE_CEREMONY_TURN, NODE_CEREMONY_CLOSED.
 */
export async function contribute(options: ContributeOptions): Promise<Transcript> {
  const { member } = options;
  const folder = ceremonyFolder(options.folder);
  const transcript = openCeremony(options);
  if (transcript.result !== undefined) throw new NodeError('NODE_CEREMONY_CLOSED', { folder: folder.root });
  const listed = transcript.members.find(({ id }) => id === member);
  const key = options.keys.find((one) => new Wallet(one).address.toLowerCase() === listed?.account.toLowerCase());
  if (key === undefined) throw new NodeError('NODE_CEREMONY_MEMBER', { member });
  const passedOver = passedOverBy(transcript, member);
  const contributed = transcript.contributions.some((one) => one.member === member);
  if (contributed || [...options.passOver].sort().join() !== [...passedOver].sort().join()) {
    const next = nextMember(transcript);
    throw new NodeError('NODE_CEREMONY_TURN', {
      member,
      ...(contributed ? { reason: 'contributed already' } : {}),
      ...(next === undefined ? {} : { next }),
    });
  }
  await checkKey(transcript, folder);
  const place = transcript.contributions.length;
  // A process that outlives a killed command may still write to the one that is there.
  rmSync(folder.part, { force: true });
  const made = await runPhase2({ kind: 'contribute', from: folder.key(place), to: folder.part, member });
  if (made.kind !== 'contributed')
    throw new NodeError('NODE_CEREMONY_KEY', { file: folder.part, ...('reason' in made ? { reason: made.reason } : {}) });
  renameSync(folder.part, folder.key(place + 1));
  const unsigned = { member, passedOver, contribution: made.contribution, provingKey: hashFile(folder.key(place + 1)) };
  const signature = await signContribution(transcript, unsigned, key);
  const next: Transcript = { ...transcript, contributions: [...transcript.contributions, { ...unsigned, signature }] };
  writeJsonFile(folder.transcript, next);
  return next;
}
