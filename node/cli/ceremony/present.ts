import { nextMember, type Transcript } from '../../ceremony/transcript.ts';
import { listing } from '../table.ts';

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Where a ceremony stands, for a person. */
export function standing(transcript: Transcript, more: Readonly<Record<string, string>> = {}): string {
  const { circuit, use, members, contributions, least, result } = transcript;
  const done = contributions.map(({ member, passedOver }) =>
    passedOver.length === 0 ? member : `${member} (passing over ${passedOver.join(', ')})`,
  );
  return listing({
    circuit,
    keys: use === 'trial' ? 'for trial use: the secret of the powers of tau is public' : 'of a ceremony',
    members: members.map(({ id }) => id).join(', '),
    contributed: done.length === 0 ? 'nobody yet' : `${done.join(', ')}: ${plural(done.length, 'contribution')}, ${least} needed`,
    next: result === undefined ? (nextMember(transcript) ?? 'nobody: finalize') : 'nobody: it has its result',
    ...more,
  });
}
