import type { UsageId } from '../../domain/ids.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import { isProven } from '../../domain/score-session.ts';
import { recordSession, registerProof } from '../../ports/ledger-calls.ts';
import { pointFromHex } from '../../scoring/babyjubjub.ts';
import type { Modules } from '../modules.ts';
import { proofFromJson } from './stored-part.ts';
import { findScore } from './stored-score.ts';

export type RecordScoreInput = { readonly score: UsageId };
export type ScoreRecorded = { readonly session: string; readonly block: number; readonly proofs: number };

const alreadyDone = (error: unknown, name: string): boolean => String(error ?? '').includes(name);

/**
 * Brings a finished score before the chain: the session with everyone's signature, then each proof, verified there by the verifier contract. May be repeated; what is there
 * already stays. Refuses with SCORE_UNKNOWN, SCORE_PROOFS_REQUIRED for an unproven one, and what the registry says.
 */
export const recordScore = async (modules: Modules, { score }: RecordScoreInput): Promise<Result<ScoreRecorded>> => {
  const { writer, ledger } = modules;
  const stored = await findScore(modules, score);
  if (stored?.certificate === undefined) return refuse('SCORE_UNKNOWN', { score });
  const { terms, session } = stored;
  if (!isProven(terms.suite)) return refuse('SCORE_PROOFS_REQUIRED', { score });
  const { contributions, consumer } = stored.certificate.certificate;
  const commitments = contributions.map(({ commitment }) => pointFromHex(commitment)!.toAffine());
  const recorded = await writer.submit(
    recordSession(terms, commitments, [consumer.signature, ...contributions.map(({ signature }) => signature)]),
  );
  if (!recorded.ok && !alreadyDone(recorded.refusal.detail.error, 'AlreadyRecorded')) return recorded;
  for (const [place, { proof }] of contributions.entries()) {
    const registered = await writer.submit(registerProof(terms, place, proofFromJson(proof!)));
    if (!registered.ok && !alreadyDone(registered.refusal.detail.error, 'AlreadyRegistered')) return registered;
  }
  return ok({ session, block: recorded.ok ? recorded.value.block : ledger.head().block.number, proofs: contributions.length });
};
