import type { Checkpoint } from '../audit/checkpoint.ts';
import { cosignaturesIn } from '../audit/cosignature.ts';
import type { ReadNote } from '../audit/note.ts';
import { witnessesOf } from '../audit/witness-set.ts';
import { toHex } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import type { Member } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Modules } from './modules.ts';

/** A witness's memory of one log: the newest tree head it cosigned. */
export type Witnessed = {
  readonly size: number;
  readonly root: Hex;
  /** The log's own signatures on it, and the cosignatures it came with. */
  readonly note: string;
  /** Of the newest cosignature given, in seconds: never goes back, whatever the clock does. */
  readonly time: number;
  /** Largest size that was shown with a quorum of cosignatures. */
  readonly quorumSize: number;
  /** When the first larger one was cosigned here, in milliseconds; null when there is none. */
  readonly waitingSince: number | null;
};
/** Two checkpoints of one log and size that its member signed and that can't both be true; `reported` once the chain has them. */
export type Contradiction = {
  readonly size: number;
  readonly notes: readonly [string, string];
  readonly at: number;
  readonly reported: boolean;
};

/** A signed checkpoint of another member's log. */
export type ShownCheckpoint = { readonly member: Member; readonly checkpoint: Checkpoint; readonly note: ReadNote };

/** The memory with this checkpoint in it. Refuses with WITNESS_SIGNATURE when a cosignature on it is false. */
export const remembered = (
  { ledger, clock }: Pick<Modules, 'ledger' | 'clock'>,
  view: RegistryView,
  { member, checkpoint, note }: ShownCheckpoint,
  known: Witnessed | undefined,
): Result<Witnessed> => {
  const cosignatures = cosignaturesIn(note, witnessesOf(view, ledger.chainId, member.id));
  if (!cosignatures.ok) return refuse('WITNESS_SIGNATURE', { key: 'witness' });
  const now = clock.now();
  const hasQuorum = cosignatures.value.length >= view.parameter('witness-quorum') || checkpoint.size === known?.quorumSize;
  return ok({
    size: checkpoint.size,
    root: toHex(checkpoint.root),
    note: noteWith(note, checkpoint.origin, cosignatures.value),
    time: Math.max(Math.floor(now / 1000), known?.time ?? 0),
    quorumSize: hasQuorum ? checkpoint.size : (known?.quorumSize ?? 0),
    waitingSince: hasQuorum ? null : (known?.waitingSince ?? now),
  });
};

/** Keeps that the log has signed two histories; the first pair of each log: one is enough. */
export const keepContradiction = async (
  { documents, clock, log }: Pick<Modules, 'documents' | 'clock' | 'log'>,
  { checkpoint: { origin, size }, note }: ShownCheckpoint,
  known: Witnessed,
): Promise<void> => {
  log.error({ outcome: 'WITNESS_CONTRADICTION', origin, size }, 'a member signed two histories');
  if ((await documents.get<Contradiction>('contradiction', origin)) !== undefined) return;
  const notes = [known.note, noteWith(note, origin, [])] as const;
  await documents.put<Contradiction>('contradiction', origin, { size, notes, at: clock.now(), reported: false });
};

/** What is known about the signatures: the log's own lines and these; lines of strangers are not kept for them. */
const noteWith = ({ text, signatures }: ReadNote, origin: string, cosignatures: readonly { readonly line: string }[]): string =>
  `${text}\n${[...signatures.filter(({ name }) => name === origin), ...cosignatures].map(({ line }) => line).join('')}`;
