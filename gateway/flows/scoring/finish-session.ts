import { catalogue, XinshuError } from '../../domain/errors.ts';
import { type Groth16Proof, publicInputs, sessionElement } from '../../domain/points-proof.ts';
import { presentScore } from '../../domain/present-score.ts';
import { ok, type Refusal, type Result, refuse } from '../../domain/result.ts';
import { certificateTypes, isProven } from '../../domain/score-session.ts';
import { saltToHex } from '../../domain/subject-commitment.ts';
import { combineSums, type Total } from '../../scoring/combine-sums.ts';
import type { Share } from '../../scoring/deal-shares.ts';
import { openOneTime } from '../../sealing/jwe.ts';
import { parseSealedJson } from '../../sealing/messages.ts';
import { certificateHash, reviewNotice, type ScoreCertificate } from '../../sealing/score-certificate.ts';
import { parseScoreSums, type ScoreOpening, type ScoreSums, scoreSealTypes } from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import { dealsOf, openingsOf } from './judge-round.ts';
import { publicModel } from './model-of-session.ts';
import type { ReadDeal } from './read-relayed.ts';
import { shareOf } from './receive-shares.ts';
import { scoreDomainOf } from './score-domain.ts';
import { proofFromJson } from './stored-part.ts';
import type { StoredScore } from './stored-score.ts';

type Opened = {
  readonly deals: readonly ReadDeal[];
  readonly openings: readonly ScoreOpening[];
  readonly sums: readonly ScoreSums[];
  readonly shares: readonly Share[];
};

const openSums = async (modules: Modules, stored: StoredScore): Promise<Result<Opened>> => {
  const deals = dealsOf(modules, stored);
  if (!deals.ok) return deals;
  const openings = openingsOf(modules, stored);
  if (!openings.ok) return openings;
  const privateKey = await modules.oneTimeKeys.find(stored.score);
  if (privateKey === undefined) return refuse('USAGE_CLOSED');
  const sums: ScoreSums[] = [];
  const shares: Share[] = [];
  for (const { iss: member, sums: sealed } of openings.value) {
    const plaintext = openOneTime(privateKey, sealed, { typ: scoreSealTypes.sums, context: stored.session });
    const read = plaintext.ok ? parseSealedJson(plaintext.value, parseScoreSums) : plaintext;
    if (!read.ok) return refuse('SCORE_MESSAGE_INVALID', { member, reason: read.refusal.code });
    const share = shareOf(read.value);
    if (share === undefined) return refuse('SCORE_SUM_INVALID', { member });
    sums.push(read.value);
    shares.push(share);
  }
  return ok({ deals: deals.value, openings: openings.value, sums, shares });
};

/** Every provider's proof, for the points that it committed to. Refuses with SCORE_PROOF_INVALID; `detail.member` names whose. */
const checkProofs = async (
  modules: Modules,
  stored: StoredScore,
  partHashes: readonly string[],
  { deals, openings }: Opened,
): Promise<Result<void>> => {
  const { terms, session } = stored;
  if (!isProven(terms.suite)) return ok(undefined);
  for (const [place, { iss: member, proof }] of openings.entries()) {
    const statement = {
      commitment: deals[place]!.deal.commitment.toAffine(),
      featuresRoot: BigInt(terms.contributions[place]!.root),
      subjectCommitment: BigInt(terms.subject),
      partHash: BigInt(partHashes[place]!),
      session: sessionElement(session),
    };
    const verified = proof === null ? ok(false) : await verify(modules, publicInputs(statement), proofFromJson(proof));
    if (!verified.ok) return verified;
    const holds = verified.value;
    modules.scoreProgress.tell(stored.score, { event: 'proof', member, outcome: holds ? 'ok' : 'SCORE_PROOF_INVALID' });
    if (!holds) return refuse('SCORE_PROOF_INVALID', { member });
  }
  return ok(undefined);
};

/** Refuses with what should be tried again. */
const verify = async ({ prover }: Modules, inputs: readonly bigint[], proof: Groth16Proof): Promise<Result<boolean>> => {
  if (prover === undefined) return refuse('SCORE_PROVER_MISSING');
  try {
    return ok(await prover.verify(inputs, proof));
  } catch (error) {
    if (error instanceof XinshuError && catalogue[error.code].kind === 'retry') return { ok: false, refusal: error };
    throw error;
  }
};

const totalOf = ({ deals, openings, shares }: Opened): Result<Total> => {
  const total = combineSums(
    deals.map(({ deal }) => deal),
    shares,
  );
  if (total.ok || total.refusal.code !== 'SCORE_SUM_INVALID') return total;
  return refuse('SCORE_SUM_INVALID', { member: openings[Number(total.refusal.detail.provider)]?.iss ?? '' });
};

/**
 * The end of a session at the consumer: opens every sum, checks every proof and every sum against what was committed to, adds up, and makes the certificate. Whatever
 * does not hold is refused with `detail.member`, the one whose word it was.
 */
export const finishSession = async (modules: Modules, stored: StoredScore): Promise<Result<StoredScore>> => {
  const { terms, session } = stored;
  const view = modules.ledger.head();
  const model = view.model(terms.model, terms.modelVersion);
  if (model === undefined) return refuse('MODEL_UNKNOWN', { model: terms.model, version: terms.modelVersion });
  const document = await publicModel(modules, model);
  if (!document.ok) return document;
  const opened = await openSums(modules, stored);
  if (!opened.ok) return opened;
  const partHashes = model.parts.map(({ partHash }) => partHash);
  const proved = await checkProofs(modules, stored, partHashes, opened.value);
  if (!proved.ok) return proved;
  const total = totalOf(opened.value);
  if (!total.ok) return total;

  const { deals, openings, sums } = opened.value;
  const accountOf = (member: Parameters<typeof view.member>[0]) => view.member(member)!.account;
  const grade = Math.max(...stored.parts.map(({ dataset }) => view.dataset(dataset)?.grade ?? 1));
  const certificate: ScoreCertificate = {
    v: 1,
    score: stored.score,
    chain: modules.ledger.chainId,
    registry: modules.ledger.address('score-registry'),
    session,
    terms: stored.parts[0]!.proposal.terms,
    consumer: { member: modules.member, account: accountOf(modules.member), signature: stored.signature },
    purpose: stored.purpose,
    model: document.value,
    contributions: deals.map(({ claims }, place) => ({
      member: claims.iss,
      account: accountOf(claims.iss),
      partHash: partHashes[place]!,
      commitment: claims.commitment,
      signature: claims.signature,
      proof: openings[place]!.proof,
      reasons: sums[place]!.reasons,
    })),
    total: { points: total.value.points, blinding: saltToHex(total.value.blinding) },
    result: { ...presentScore(document.value, total.value.points), grade },
    proofs: isProven(terms.suite) ? 'verified' : 'unproven',
    issuedAt: Math.floor(modules.clock.now() / 1000),
    review: reviewNotice,
  };
  const signature = await modules.keys.signTypedData(scoreDomainOf(modules), certificateTypes, {
    session,
    certificate: certificateHash(certificate),
  });
  return ok({ ...stored, certificate: { certificate, signature } });
};

/** Who is to blame by a refusal of the above; undefined where nobody is. */
export const culpritOf = ({ detail }: Refusal): string | undefined => (typeof detail.member === 'string' ? detail.member : undefined);
