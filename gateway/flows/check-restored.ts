import { formatWitnessRequest } from '../audit/witness-request.ts';
import { witnessesOf } from '../audit/witness-set.ts';
import { XinshuError } from '../domain/errors.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Modules } from './modules.ts';

export type RestoredModules = Pick<Modules, 'member' | 'ledger' | 'audit' | 'checkpoints' | 'witnesses' | 'clock'>;

/**
 * Whether a restored log holds all that it ever showed: what is anchored, by a fresh block, and what every other active member cosigned. Each is asked from size 0, so
 * that it says where it stands. Nothing may be appended before. Throws RESTORED_BEHIND, LOG_BEHIND_ANCHOR, and RESTORED_UNCHECKED while one of them does not answer.
 */
export const checkRestored = async ({ member, ledger, audit, checkpoints, witnesses, clock }: RestoredModules): Promise<void> => {
  await ledger.freshen();
  const decided = ledger.decide(clock.now());
  if (!decided.ok) throw new XinshuError('RESTORED_UNCHECKED', { unanswered: 'the chain' });
  const view = decided.value;
  const size = audit.size();
  const anchored = view.latestAnchor(member, audit.log)?.size ?? 0;
  if (size < anchored) throw new XinshuError('LOG_BEHIND_ANCHOR', { size, anchored });
  if (size === 0) return;
  const { note } = await checkpoints.fresh();
  const body = formatWitnessRequest({ oldSize: 0, proof: [], note });
  const unanswered: MemberId[] = [];
  for (const witness of witnessesOf(view, ledger.chainId, member)) {
    const answer = await witnesses.addCheckpoint(witness.member, body);
    if (!answer.ok) unanswered.push(witness.member);
    else if (answer.value.kind === 'conflict' && answer.value.size > size)
      throw new XinshuError('RESTORED_BEHIND', { size, cosigned: answer.value.size, by: witness.member });
  }
  if (unanswered.length > 0) throw new XinshuError('RESTORED_UNCHECKED', { unanswered: unanswered.join(' ') });
};
