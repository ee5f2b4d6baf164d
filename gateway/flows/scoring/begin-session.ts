import { fromBase64url, toHex } from '../../domain/hash.ts';
import type { UsageId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import { contributionUsage, type SessionTerms, sessionIdOf, sessionMessage, sessionTypes } from '../../domain/score-session.ts';
import type { AppendOutcome } from '../../ports/audit-store.ts';
import { noAnswers } from '../../scoring/session-rounds.ts';
import { seal, sealEntropyLength } from '../../sealing/jwe.ts';
import type { UsageParties } from '../../sealing/messages.ts';
import { scoreSealTypes } from '../../sealing/score-messages.ts';
import { tagOfRefused } from '../begin-usage.ts';
import { decideFresh } from '../decide-fresh.ts';
import { leafValues } from '../leaf-values.ts';
import type { Modules } from '../modules.ts';
import { encodeAttachment } from '../served-record.ts';
import { grantOf } from './asked-session.ts';
import { type PlannedPart, planSession } from './plan-session.ts';
import { scoreDomainOf } from './score-domain.ts';
import { type RequestScoreInput, scoreFingerprint } from './score-query.ts';
import { factsOfPart, keepScore, type ScorePart, type StoredScore } from './stored-score.ts';

/**
 * The consumer's own decision and its entries: authorizes every contribution at the newest final block, makes and signs the terms, and stores them durably with the one-time
 * key; then logs each request, before a byte leaves. Refuses with the code of the refusal, which is logged too (rule 13).
 */
export const beginSession = async (modules: Modules, input: RequestScoreInput, score: UsageId): Promise<Result<StoredScore>> => {
  const fresh = await decideFresh(modules);
  if (!fresh.ok) return fresh;
  const view = fresh.value;
  const { key, durable } = modules.oneTimeKeys.create(score);
  const fresh32 = toHex(modules.randomness.bytes(32));
  const oneTimeKey = toHex(fromBase64url(key.publicKey.x)!);
  const planned = await planSession(modules, view, input, { oneTimeKey, nonce: fresh32 });
  if (!planned.ok) return logOwnRefusal(modules, input, score, view, planned.refusal);
  const { terms, subject } = planned.value;
  const domain = scoreDomainOf(modules);
  const session = sessionIdOf(domain, terms);
  const signature = await modules.keys.signTypedData(domain, sessionTypes, sessionMessage(terms));
  const parts: ScorePart[] = [];
  for (const part of planned.value.parts) {
    const made = makePart(
      modules,
      view,
      terms,
      { usage: contributionUsage(session, part.contribution.dataset), signature, review: input.review },
      part,
    );
    if (!made.ok) return made;
    parts.push(made.value);
  }
  const stored: StoredScore = {
    score,
    fingerprint: scoreFingerprint(input),
    startedAt: modules.clock.now(),
    subject,
    staff: input.staff.name,
    review: input.review,
    session,
    terms,
    signature,
    purpose: input.purpose,
    parts,
    progress: noAnswers(parts.length),
    failure: undefined,
    certificate: undefined,
    reviewAsked: undefined,
  };
  await Promise.all([durable, keepScore(modules, stored)]);
  return ok(stored);
};

const makePart = (
  modules: Modules,
  view: RegistryView,
  terms: SessionTerms,
  { usage, signature, review }: { readonly usage: UsageId; readonly signature: string; readonly review: string | undefined },
  { contribution, ask, authorization }: PlannedPart,
): Result<ScorePart> => {
  const { provider, dataset } = contribution;
  const sealKey = keysInForce(view.member(provider)?.keys ?? [], 'seal', view.block.number).at(-1);
  if (sealKey === undefined) return refuse('PEER_UNREACHABLE', { member: provider, reason: 'no seal key' });
  const parties: UsageParties = { subject: ask.subject, requester: ask.requester, reviewer: ask.reviewer, review: review ?? null };
  const purpose = { typ: scoreSealTypes.parties, context: usage };
  const sealed = seal(sealKey.data, Buffer.from(JSON.stringify(parties), 'utf8'), purpose, modules.randomness.bytes(sealEntropyLength));
  if (!sealed.ok) return refuse('PEER_UNREACHABLE', { member: provider, reason: 'unusable seal key' });
  const iat = Math.floor(modules.clock.now() / 1000);
  const place = terms.contributions.findIndex((one) => one.dataset === dataset);
  return ok({
    provider,
    dataset,
    usage,
    grant: grantOf(terms.contributions[place]!.grant),
    reviewer: ask.reviewer,
    priceFen: authorization.priceFen.toString(),
    proposal: {
      v: 1,
      chain: modules.ledger.chainId,
      iss: modules.member,
      aud: provider,
      iat,
      exp: iat + modules.policy.limits.requestSeconds,
      usage,
      terms: structuredClone(terms) as ScorePart['proposal']['terms'],
      signature: signature as ScorePart['proposal']['signature'],
      fields: [...ask.fields],
      purpose: ask.purpose,
      sealed: sealed.value,
    },
  });
};

/** One `requested` entry for each contribution; those that are there already stay. Refuses with REVIEW_USED. */
export const logRequests = async (modules: Modules, stored: StoredScore): Promise<Refusal | undefined> => {
  const { audit, openings } = modules;
  const opening = await openings.find(stored.terms.authorization);
  const appended: readonly AppendOutcome[] = await Promise.all(
    stored.parts.map((part) =>
      audit.append({
        draft: {
          step: 'requested',
          usage: part.usage,
          time: stored.startedAt,
          block: stored.terms.blockNumber,
          outcome: 'ok',
          consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
          committed: leafValues(factsOfPart(stored, part)),
        },
        counters:
          part.reviewer === null || stored.review === undefined
            ? []
            : [
                {
                  key: `review/${stored.review}/${part.dataset}`,
                  limit: 1,
                  onLimit: { code: 'REVIEW_USED', detail: { review: stored.review } } as const,
                },
              ],
        attachment: encodeAttachment({ kind: 'score', fingerprint: stored.fingerprint, score: stored.score, session: stored.session }),
      }),
    ),
  );
  return appended.find((outcome) => outcome.kind === 'refused')?.refusal;
};

/** Rule 13: a refused score is an entry too, under the score's own id. It names no provider, since none was asked. */
const logOwnRefusal = async (
  modules: Modules,
  input: RequestScoreInput,
  score: UsageId,
  view: RegistryView,
  refusal: Refusal,
): Promise<Result<never>> => {
  const { audit, clock } = modules;
  const appended = await audit.append({
    draft: {
      step: 'requested',
      usage: score,
      time: clock.now(),
      block: view.block.number,
      outcome: refusal.code,
      consent: await tagOfRefused(modules, input),
      committed: leafValues({
        counterparty: undefined,
        subject: input.subject,
        staff: input.staff.name,
        reviewer: undefined,
        grant: undefined,
        consent: input.consent,
        dataset: undefined,
        fields: [],
        purpose: input.purpose,
        operation: 'score',
        priceFen: undefined,
        message: undefined,
      }),
    },
    counters: [],
    attachment: encodeAttachment({ kind: 'refused', fingerprint: scoreFingerprint(input), refusal }),
  });
  return { ok: false, refusal: appended.kind === 'refused' ? appended.refusal : refusal };
};
