import { sha256Hex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { type Result, refuse } from '../../domain/result.ts';
import { sessionIdOf } from '../../domain/score-session.ts';
import { parseSealedJson, parseUsageParties } from '../../sealing/messages.ts';
import { parseScoreProposal, type ScoreProposal, scoreSealTypes, scoreTypes } from '../../sealing/score-messages.ts';
import { decideFresh } from '../decide-fresh.ts';
import type { Modules } from '../modules.ts';
import { unseal } from '../open-consent.ts';
import { checkAddress, readSigned } from '../read-message.ts';
import { parseRefused } from '../served-record.ts';
import { refuseSession, sessionAnswer } from './answer-session.ts';
import type { AskedSession } from './asked-session.ts';
import { checkProposalInTime, decideSession } from './decide-session.ts';
import { scoreDomainOf } from './score-domain.ts';
import { findPart, keepPart } from './stored-part.ts';
import { repeatRefusal } from './take-session.ts';

export type SessionMessage = { readonly from: MemberId; readonly message: string };

const form = { typ: scoreTypes.proposal, parse: parseScoreProposal };

/**
 * Round 1 of a session at a provider: reads the proposal, decides by itself at its newest final block and answers a signed agreement, stored before it leaves, or a
 * signed and logged refusal. The same proposal again gets the same answer.
 */
export const agreeSession = async (modules: Modules, { from, message }: SessionMessage): Promise<Result<string>> => {
  const read = readSigned(modules, from, message, form);
  if (!read.ok) return read;
  const proposal = read.value;
  // As if now: its expiry is judged with the decision, after what was agreed before.
  const addressed = checkAddress(modules, from, proposal, proposal.iat);
  if (!addressed.ok) return addressed;
  return modules.locks.run(`serve/${proposal.usage}`, () => agree(modules, from, message, proposal));
};

const agree = async (modules: Modules, from: MemberId, message: string, proposal: ScoreProposal): Promise<Result<string>> => {
  const { ledger, clock, keys, audit } = modules;
  const hash = sha256Hex(message);
  const { terms, usage } = proposal;
  const session = sessionIdOf(scoreDomainOf(modules), terms);
  const part = await findPart(modules, session);
  const refused = await audit.recall(usage, 'refused');
  const before = part ?? (refused === undefined || refused.attachment === 'erased' ? undefined : parseRefused(refused.attachment));
  if (before !== undefined && (before.requestHash !== hash || before.consumer !== from)) return refuse('USAGE_CONFLICT');
  const repeated = await repeatRefusal(modules, usage);
  if (repeated !== undefined) return repeated;
  if (part !== undefined) return { ok: true, value: part.agreement };
  if ((await audit.recall(usage, 'served')) !== undefined) return refuse('USAGE_CONFLICT');

  const known = await ledger.reached(terms.blockNumber, modules.policy.limits.mirrorWaitMs);
  if (!known) return refuse('LEDGER_BEHIND', { block: terms.blockNumber });
  const fresh = await decideFresh(modules);
  if (!fresh.ok) return fresh;
  const plaintext = await unseal(modules, proposal.sealed, scoreSealTypes.parties, usage);
  const parties = plaintext.ok ? parseSealedJson(plaintext.value, parseUsageParties) : plaintext;
  const opening = await modules.openings.find(terms.authorization);
  const view = fresh.value;
  const asked: AskedSession = { from, message, hash, session, proposal, view, parties: parties.ok ? parties.value : undefined, opening };
  if (!parties.ok) return refuseSession(modules, asked, parties.refusal);
  const inTime = checkProposalInTime(modules, asked);
  if (!inTime.ok) return refuseSession(modules, asked, inTime.refusal);
  const decision = await decideSession(modules, asked);
  if (!decision.ok) return refuseSession(modules, asked, decision.refusal);
  const { priceFen } = decision.value.authorization;
  const agreement = await keys.sign(scoreTypes.agreement, { ...sessionAnswer(modules, asked, view.block), priceFen: priceFen.toString() });
  await keepPart(modules, session, {
    consumer: from,
    message,
    requestHash: hash,
    proposal,
    parties: parties.value,
    usage,
    agreedAt: clock.now(),
    agreement,
    dealt: undefined,
  });
  return { ok: true, value: agreement };
};
