import type { MemberId } from '../../domain/ids.ts';
import { type Refusal, type Result, refuse } from '../../domain/result.ts';
import type { SessionId } from '../../domain/score-session.ts';
import type { LogPosition } from '../../ports/audit-store.ts';
import { providerTurn, type SessionRound } from '../../scoring/session-rounds.ts';
import { scoreTypes } from '../../sealing/score-messages.ts';
import { decideFresh } from '../decide-fresh.ts';
import type { Modules } from '../modules.ts';
import { parseRefused } from '../served-record.ts';
import type { AskedSession } from './asked-session.ts';
import { findPart, type StoredPart, stageOf } from './stored-part.ts';

/** A session that this provider agreed to, with what it stored and how far it is. */
export type TakenSession = {
  readonly asked: AskedSession;
  readonly part: StoredPart;
  readonly turn: 'work' | 'repeat';
  readonly served: { readonly position: LogPosition; readonly attachment: Uint8Array | undefined } | undefined;
};

/** `answer`: all there is to say already. */
export type Taken = { readonly kind: 'answer'; readonly answer: Result<string> } | { readonly kind: 'go-on'; readonly taken: TakenSession };

/**
 * Takes up a session in round 2 or 3 from what is stored: repeats a refusal, says when it is not this round's turn. Refuses with SCORE_SESSION_UNKNOWN (never agreed
 * to here, or erased) and SCORE_ROUND_EARLY.
 */
export const takeSession = async (modules: Modules, from: MemberId, session: SessionId, round: SessionRound): Promise<Taken> => {
  const done = (refusal: Refusal): Taken => ({ kind: 'answer', answer: { ok: false, refusal } });
  const part = await findPart(modules, session);
  if (part === undefined || part.consumer !== from) return done({ code: 'SCORE_SESSION_UNKNOWN', detail: { session } });
  const refused = await repeatRefusal(modules, part.usage);
  if (refused !== undefined) return { kind: 'answer', answer: refused };
  const served = await modules.audit.recall(part.usage, 'served');
  if (served?.attachment === 'erased') return done({ code: 'USAGE_CLOSED', detail: {} });
  const turn = providerTurn(stageOf(part, served === undefined ? undefined : 'served'), round);
  if (turn === 'not-yet' || turn === 'refused') return done({ code: 'SCORE_ROUND_EARLY', detail: { session } });
  const fresh = await decideFresh(modules);
  if (!fresh.ok) return { kind: 'answer', answer: fresh };
  const { message, requestHash: hash, proposal, parties } = part;
  const opening = await modules.openings.find(proposal.terms.authorization);
  const asked: AskedSession = { from, message, hash, session, proposal, view: fresh.value, parties, opening };
  return { kind: 'go-on', taken: { asked, part, turn, served: served as TakenSession['served'] } };
};

/** The signed refusal of this usage, byte for byte as it was; undefined when it was not refused. */
export const repeatRefusal = async ({ audit, keys }: Modules, usage: StoredPart['usage']): Promise<Result<string> | undefined> => {
  const refused = await audit.recall(usage, 'refused');
  if (refused === undefined) return undefined;
  if (refused.attachment === 'erased') return refuse('USAGE_CLOSED');
  const { claims } = parseRefused(refused.attachment);
  return { ok: true, value: await keys.sign(scoreTypes.refusal, { ...claims, leaf: refused.position }) };
};
