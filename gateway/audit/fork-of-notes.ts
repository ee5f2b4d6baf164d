import { toHex } from '../domain/hash.ts';
import type { Address, MemberId } from '../domain/ids.ts';
import { chainSignatureIn } from './chain-signature.ts';
import { checkpointDomain, checkpointMessage, logOrigin, logSuite, parseCheckpoint } from './checkpoint.ts';
import { type ForkAnswer, type ForkEvidence, type ForkStatement, forkEvidence } from './fork-evidence.ts';
import { readNote } from './note.ts';

export type SignedLog = {
  readonly chainId: number;
  readonly anchor: Address;
  readonly member: MemberId;
  readonly log: number;
  /** All accounts the member ever had. */
  readonly accounts: readonly Address[];
};

/** What a published note says to the chain; undefined where none of the member's accounts has signed it. */
export const statementOf = ({ chainId, anchor, member, log, accounts }: SignedLog, text: string): ForkStatement | undefined => {
  const origin = logOrigin(chainId, member, log);
  const note = readNote(text);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text, origin) : note;
  if (!note.ok || !checkpoint.ok) return undefined;
  const { size, root } = checkpoint.value;
  const message = checkpointMessage(member, log, size, root);
  for (const account of accounts) {
    const signature = chainSignatureIn(note.value, origin, account, checkpointDomain(chainId, anchor), message);
    if (signature !== undefined) return { size, root: toHex(root), account, signature };
  }
  return undefined;
};

/** Two notes that contradict each other, as evidence for the chain; undefined where one of them was not signed for it. */
export const forkOfNotes = (of: SignedLog, notes: readonly [string, string], answer: ForkAnswer): ForkEvidence | undefined => {
  const [one, other] = [statementOf(of, notes[0]), statementOf(of, notes[1])];
  if (one === undefined || other === undefined) return undefined;
  const { chainId, anchor, member, log } = of;
  return forkEvidence({ chainId, anchor, member, log, suite: logSuite }, one, other, answer);
};
