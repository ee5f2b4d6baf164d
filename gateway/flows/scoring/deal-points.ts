import type { Hex, MemberId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import { sessionElement } from '../../domain/points-proof.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import { isProven, partCommitmentTypes } from '../../domain/score-session.ts';
import { saltFromHex, saltToHex, subjectScalar } from '../../domain/subject-commitment.ts';
import type { SubjectFeatures } from '../../ports/records.ts';
import { pointToHex } from '../../scoring/babyjubjub.ts';
import { dealEntropyLength, dealShares, type Share } from '../../scoring/deal-shares.ts';
import { type TreePath, treeArity } from '../../scoring/feature-tree.ts';
import { type PreparedProof, preparePointsProof } from '../../scoring/points-witness.ts';
import { seal, sealEntropyLength } from '../../sealing/jwe.ts';
import { parseScoreAgreements, scoreSealTypes, scoreTypes } from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import { readMessage } from '../read-message.ts';
import type { SessionMessage } from './agree-session.ts';
import { refuseSession, sessionAnswer } from './answer-session.ts';
import type { AskedSession } from './asked-session.ts';
import { decideSession, type SessionDecision } from './decide-session.ts';
import { providersOf, readAgreements } from './read-relayed.ts';
import { scoreDomainOf } from './score-domain.ts';
import { keepPart } from './stored-part.ts';
import { type TakenSession, takeSession } from './take-session.ts';

const form = { typ: scoreTypes.agreements, parse: parseScoreAgreements };

/**
 * Round 2 of a session at a provider: once all have agreed it commits to its points, deals them in shares and stores that before it answers; the proof is begun and not
 * waited for. However often the message comes, there is one deal.
 */
export const dealPoints = async (modules: Modules, { from, message }: SessionMessage): Promise<Result<string>> => {
  const read = readMessage(modules, from, message, form);
  if (!read.ok) return read;
  const { session, agreements } = read.value;
  return modules.locks.run(`score/${session}`, async () => {
    const taken = await takeSession(modules, from, session, 'commitments');
    if (taken.kind === 'answer') return taken.answer;
    const { part, turn } = taken.taken;
    if (turn === 'repeat' && part.dealt !== undefined) return ok(part.dealt.deal);
    return deal(modules, taken.taken, agreements);
  });
};

const deal = async (modules: Modules, { asked, part }: TakenSession, agreements: readonly string[]): Promise<Result<string>> => {
  const { session, proposal } = asked;
  const no = (refusal: Parameters<typeof refuseSession>[2]) => refuseSession(modules, asked, refusal);
  const agreed = readAgreements(modules, session, proposal.terms, agreements);
  if (!agreed.ok) return no(agreed.refusal);
  // Decided anew: what was lawful in round 1 may not be any more.
  const decision = await decideSession(modules, asked);
  if (!decision.ok) return no(decision.refusal);
  const count = proposal.terms.contributions.length;
  const { points } = decision.value.scored;
  const dealt = dealShares(points, count, modules.randomness.bytes(dealEntropyLength(count)));
  const prepared = await prepare(modules, asked, decision.value, dealt.blinding);
  if (!prepared.ok) return no(prepared.refusal);
  const shares = await sealShares(modules, asked, dealt.shares);
  if (!shares.ok) return shares;
  const { x, y } = dealt.commitment.toAffine();
  const signature = await modules.keys.signTypedData(scoreDomainOf(modules), partCommitmentTypes, { session, x, y });
  const answer = await modules.keys.sign(scoreTypes.deal, {
    ...sessionAnswer(modules, asked, asked.view.block),
    commitment: pointToHex(dealt.commitment),
    shareCommitments: dealt.shareCommitments.map(pointToHex),
    signature,
    shares: shares.value,
  });
  const { own, scored } = decision.value;
  const reasons = scored.bins.flatMap((bin, feature) => own.reasons[feature]?.[bin] ?? []);
  const stored = { ...part, dealt: { deal: answer, blinding: saltToHex(dealt.blinding), reasons } };
  await keepPart(modules, session, stored);
  if (isProven(proposal.terms.suite)) modules.proving.begin(session, stored, prepared.value);
  return ok(answer);
};

/** Inputs of the proof. Throws RangeError when the stored path does not lead from the subject's leaf. Refuses with SCORE_TERMS_MISMATCH when it leads to another root. */
export const prepare = async (
  modules: Modules,
  { session, proposal, parties }: AskedSession,
  { ask, own, features, authorization }: SessionDecision,
  blinding: bigint,
): Promise<Result<PreparedProof>> => {
  const { terms } = proposal;
  const salts = [(await modules.openings.whole(terms.authorization))?.salt, features.salt].map((salt) => saltFromHex(salt ?? ''));
  const [consentSalt, leafSalt] = salts;
  if (consentSalt === undefined || leafSalt === undefined || parties === undefined)
    return refuse('CONSENT_OPENING_MISSING', { consent: terms.authorization });
  const prepared = preparePointsProof({
    subject: subjectScalar(ask.subject),
    consentSalt,
    features: features.codes,
    leafSalt,
    path: pathOf(features),
    part: own.part,
    partSalt: own.salt,
    blinding,
    session: sessionElement(session),
  });
  if (!prepared.ok) return prepared;
  const { dataset } = authorization;
  const root = terms.contributions.find((one) => one.dataset === dataset.id)?.root;
  return saltToHex(prepared.value.statement.featuresRoot) === root
    ? prepared
    : refuse('SCORE_TERMS_MISMATCH', { what: 'root', dataset: dataset.id });
};

const pathOf = ({ index, path }: SubjectFeatures): TreePath =>
  path.map((children, level) => ({ place: Math.floor(index / treeArity ** level) % treeArity, children: children.map(BigInt) }));

/** Each share signed, then sealed to the one who gets it: the relay can neither read nor change one, and its receiver can show who dealt it. */
const sealShares = async (modules: Modules, asked: AskedSession, shares: readonly Share[]): Promise<Result<readonly string[]>> => {
  const { keys, member, ledger, randomness } = modules;
  const { session, view, proposal } = asked;
  const sealed: string[] = [];
  for (const [place, provider] of providersOf(view, proposal.terms).entries()) {
    const key = sealKeyOf(view, provider);
    if (provider === undefined || key === undefined) return refuse('MEMBER_KEY_MISSING', { member: provider ?? '' });
    const { value, blinding } = shares[place]!;
    const claims = {
      v: 1,
      chain: ledger.chainId,
      iss: member,
      aud: provider,
      session,
      value: saltToHex(value),
      blinding: saltToHex(blinding),
    };
    const share = Buffer.from(await keys.sign(scoreTypes.share, claims), 'ascii');
    const one = seal(key, share, { typ: scoreSealTypes.share, context: session }, randomness.bytes(sealEntropyLength));
    if (!one.ok) return refuse('MEMBER_KEY_MISSING', { member: provider });
    sealed.push(one.value);
  }
  return ok(sealed);
};

const sealKeyOf = (view: AskedSession['view'], member: MemberId | undefined): Hex | undefined =>
  member === undefined ? undefined : keysInForce(view.member(member)?.keys ?? [], 'seal', view.block.number).at(-1)?.data;
