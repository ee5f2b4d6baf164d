import type { DatasetId, GrantId, Hex, MemberId, UsageId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/result.ts';
import type { SessionId, SessionTerms } from '../../domain/score-session.ts';
import type { SubjectRef } from '../../domain/subject.ts';
import type { DocumentScope } from '../../ports/document-store.ts';
import type { ConsumerProgress } from '../../scoring/session-rounds.ts';
import type { SignedCertificate } from '../../sealing/score-certificate.ts';
import type { ScoreProposal } from '../../sealing/score-messages.ts';
import type { UsageFacts } from '../leaf-values.ts';
import type { Modules } from '../modules.ts';

/** One contribution as the consumer asked for it. Signing `proposal` with the leaf of its `requested` entry gives the same message again, byte for byte. */
export type ScorePart = {
  readonly provider: MemberId;
  readonly dataset: DatasetId;
  readonly usage: UsageId;
  readonly grant: GrantId | undefined;
  readonly reviewer: string | null;
  readonly priceFen: string;
  readonly proposal: Omit<ScoreProposal, 'leaf'>;
};

/** Why a session ended without a score: what was wrong, whose fault, and the signed messages that show it. */
export type ScoreFailure = { readonly refusal: Refusal; readonly evidence: readonly string[] };

/** The consumer's record of one score, sealed: written before anything leaves that rests on it. A new score is a new record, none is overwritten (rule 46). */
export type StoredScore = {
  readonly score: UsageId;
  readonly fingerprint: Hex;
  readonly startedAt: number;
  readonly subject: SubjectRef;
  readonly staff: string;
  readonly review: string | undefined;
  readonly session: SessionId;
  readonly terms: SessionTerms;
  readonly signature: Hex;
  readonly purpose: string;
  readonly parts: readonly ScorePart[];
  readonly progress: ConsumerProgress;
  readonly failure: ScoreFailure | undefined;
  readonly certificate: SignedCertificate | undefined;
  /** The person concerned asked for a human review: `at` in milliseconds. */
  readonly reviewAsked: { readonly id: string; readonly at: number; readonly by: string } | undefined;
};

const scopeOf = ({ terms, startedAt }: StoredScore): DocumentScope => ({ consent: terms.authorization, time: startedAt });

export const findScore = ({ documents }: Pick<Modules, 'documents'>, score: UsageId): Promise<StoredScore | undefined> =>
  documents.get<StoredScore>('score', score);
export const keepScore = async ({ documents }: Pick<Modules, 'documents'>, score: StoredScore): Promise<StoredScore> => {
  await documents.put('score', score.score, score, scopeOf(score));
  return score;
};

/** What both of the consumer's leaves of a contribution commit to. */
export const factsOfPart = ({ subject, staff, purpose, terms }: StoredScore, part: ScorePart): UsageFacts => ({
  counterparty: part.provider,
  subject,
  staff,
  reviewer: part.reviewer,
  grant: part.grant,
  consent: terms.authorization,
  dataset: part.dataset,
  fields: part.proposal.fields,
  purpose,
  operation: 'score',
  priceFen: BigInt(part.priceFen),
  message: undefined,
});
