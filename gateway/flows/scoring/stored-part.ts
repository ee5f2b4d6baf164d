import type { Hex, MemberId, UsageId } from '../../domain/ids.ts';
import type { Groth16Proof } from '../../domain/points-proof.ts';
import type { SessionId } from '../../domain/score-session.ts';
import type { DocumentScope, DocumentStore } from '../../ports/document-store.ts';
import type { ProviderStage } from '../../scoring/session-rounds.ts';
import type { UsageParties } from '../../sealing/messages.ts';
import type { ScoreProposal } from '../../sealing/score-messages.ts';

/** What a provider keeps of its part in a session, sealed: written before the answer it holds leaves. */
export type StoredPart = {
  readonly consumer: MemberId;
  /** The consumer's signed proposal, its SHA-256 and its claims, checked. */
  readonly message: string;
  readonly requestHash: Hex;
  readonly proposal: ScoreProposal;
  readonly parties: UsageParties;
  readonly usage: UsageId;
  readonly agreedAt: number;
  /** The signed answers of rounds 1 and 2. */
  readonly agreement: string;
  readonly dealt: Dealt | undefined;
};
export type Dealt = {
  readonly deal: string;
  /** Opens the commitment: a scalar. */
  readonly blinding: Hex;
  /** Codes of the bins that matched; nobody proves them. */
  readonly reasons: readonly string[];
};

export type StoredProof = { readonly proof: Groth16Json };
/** A proof as JSON: decimal strings. */
export type Groth16Json = {
  readonly a: readonly [string, string];
  readonly b: readonly [readonly [string, string], readonly [string, string]];
  readonly c: readonly [string, string];
};
const texts = ([x, y]: readonly [bigint, bigint]): [string, string] => [x.toString(), y.toString()];
const numbers = ([x, y]: readonly [string, string]): [bigint, bigint] => [BigInt(x), BigInt(y)];
export const proofToJson = ({ a, b, c }: Groth16Proof): Groth16Json => ({ a: texts(a), b: [texts(b[0]), texts(b[1])], c: texts(c) });
export const proofFromJson = ({ a, b, c }: Groth16Json): Groth16Proof => ({
  a: numbers(a),
  b: [numbers(b[0]), numbers(b[1])],
  c: numbers(c),
});

/** Erased with the usages of its month under its consent. */
const scopeOf = ({ proposal, agreedAt }: StoredPart): DocumentScope => ({ consent: proposal.terms.authorization, time: agreedAt });
const proofKey = (session: SessionId): string => `${session}/proof`;

type Store = { readonly documents: DocumentStore };

export const findPart = ({ documents }: Store, session: SessionId): Promise<StoredPart | undefined> =>
  documents.get<StoredPart>('scorePart', session);
export const keepPart = ({ documents }: Store, session: SessionId, part: StoredPart): Promise<void> =>
  documents.put('scorePart', session, part, scopeOf(part));

export const findProof = async ({ documents }: Store, session: SessionId): Promise<Groth16Proof | undefined> => {
  const stored = await documents.get<StoredProof>('scorePart', proofKey(session));
  return stored === undefined ? undefined : proofFromJson(stored.proof);
};
export const keepProof = ({ documents }: Store, session: SessionId, part: StoredPart, proof: Groth16Proof): Promise<void> =>
  documents.put<StoredProof>('scorePart', proofKey(session), { proof: proofToJson(proof) }, scopeOf(part));

/** How far this provider is, from what it stored and logged. */
export const stageOf = (part: StoredPart | undefined, ended: 'served' | 'refused' | undefined): ProviderStage => {
  if (ended === 'refused') return 'refused';
  if (ended === 'served') return 'opened';
  if (part === undefined) return 'unknown';
  return part.dealt === undefined ? 'agreed' : 'committed';
};
