import { NodeError } from '../errors.ts';
import type { KnownCircuit } from './known-circuit.ts';
import { isSigned } from './signature.ts';
import { passedOverBy, type Transcript } from './transcript.ts';

/**
 * What can be told from the transcript alone: the circuit is the software's own, the members are who they say, everyone contributed once, in the order it says, and
 * signed it. Errors: NODE_CEREMONY_CIRCUIT, NODE_CEREMONY_POWERS, NODE_CEREMONY_MEMBER, NODE_CEREMONY_SIGNATURE (with the place, from 1, of the first bad contribution).
 */
export function checkTranscript(transcript: Transcript, known: KnownCircuit, accounts: ReadonlyMap<string, string>): void {
  if (transcript.circuit !== known.circuit || transcript.r1cs !== known.r1cs || transcript.witnessProgram !== known.witnessProgram)
    throw new NodeError('NODE_CEREMONY_CIRCUIT', { circuit: transcript.circuit });
  if ((transcript.powersOfTau === known.trialPowers) !== (transcript.use === 'trial'))
    throw new NodeError('NODE_CEREMONY_POWERS', { use: transcript.use });
  const seen = new Set<string>();
  for (const { id, account } of transcript.members) {
    if (seen.has(id) || accounts.get(id)?.toLowerCase() !== account.toLowerCase())
      throw new NodeError('NODE_CEREMONY_MEMBER', { member: id });
    seen.add(id);
  }
  const contributed = new Set<string>();
  for (const [place, { member, passedOver }] of transcript.contributions.entries()) {
    const detail = { place: place + 1, member };
    const listed = transcript.members.find(({ id }) => id === member);
    if (listed === undefined || contributed.has(member)) throw new NodeError('NODE_CEREMONY_MEMBER', detail);
    const before = { ...transcript, contributions: transcript.contributions.slice(0, place) };
    const inOrder = passedOverBy(before, member).join() === passedOver.join();
    if (!inOrder || !isSigned(transcript, place, listed.account)) throw new NodeError('NODE_CEREMONY_SIGNATURE', detail);
    contributed.add(member);
  }
}
