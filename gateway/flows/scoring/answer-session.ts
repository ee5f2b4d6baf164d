import { catalogue } from '../../domain/errors.ts';
import type { BlockRef } from '../../domain/registry-state.ts';
import type { Refusal, Result } from '../../domain/result.ts';
import { scoreTypes } from '../../sealing/score-messages.ts';
import { leafValues } from '../leaf-values.ts';
import type { Modules } from '../modules.ts';
import { encodeAttachment, type RefusedRecord } from '../served-record.ts';
import { type AskedSession, factsOfSession, ownPlace } from './asked-session.ts';

/** What every signed answer to this session says, in whatever round. */
export const sessionAnswer = ({ member, ledger, clock, policy }: Modules, asked: AskedSession, block: BlockRef) => {
  const iat = Math.floor(clock.now() / 1000);
  return {
    v: 1 as const,
    chain: ledger.chainId,
    iss: member,
    aud: asked.from,
    iat,
    exp: iat + policy.limits.requestSeconds,
    session: asked.session,
    usage: asked.proposal.usage,
    request: asked.hash,
    block: { number: block.number, hash: block.hash },
  };
};

/**
 * Ends this provider's part with a signed refusal, logged before it leaves (rule 13); in every later round it is repeated. What should be tried again, and faults of
 * this side, are no decision: they come back as they are. `evidence` is what the member in `detail.member` signed.
 */
export const refuseSession = async (
  modules: Modules,
  asked: AskedSession,
  refusal: Refusal,
  evidence?: string,
): Promise<Result<string>> => {
  const { kind } = catalogue[refusal.code];
  if (kind === 'retry' || (kind === 'fault' && refusal.detail.member === undefined)) return { ok: false, refusal };
  const { audit, clock, keys, member } = modules;
  const { view, proposal, opening } = asked;
  const place = ownPlace(view, proposal.terms, member);
  const own = place === undefined ? undefined : proposal.terms.contributions[place];
  if (own === undefined) return { ok: false, refusal };
  const claims = {
    ...sessionAnswer(modules, asked, view.block),
    outcome: refusal.code,
    detail: refusal.detail,
    evidence: evidence ?? null,
  };
  const record: RefusedRecord = { consumer: asked.from, request: asked.message, requestHash: asked.hash, claims };
  const appended = await audit.append({
    draft: {
      step: 'refused',
      usage: proposal.usage,
      time: clock.now(),
      block: view.block.number,
      outcome: refusal.code,
      consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
      committed: leafValues(factsOfSession(asked, own.dataset, own.grant)),
    },
    counters: [],
    attachment: encodeAttachment(record),
  });
  if (appended.kind === 'refused') return { ok: false, refusal: appended.refusal };
  return { ok: true, value: await keys.sign(scoreTypes.refusal, { ...claims, leaf: appended.position }) };
};
