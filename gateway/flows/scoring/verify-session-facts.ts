import type { Hex } from '../../domain/ids.ts';
import { publicInputs, sessionElement } from '../../domain/points-proof.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import {
  isCertificateSigned,
  isCommitmentSigned,
  isProven,
  isSessionSigned,
  scoreDomain,
  sessionIdOf,
} from '../../domain/score-session.ts';
import type { Prover } from '../../ports/prover.ts';
import { type CurvePoint, pointFromHex } from '../../scoring/babyjubjub.ts';
import type { SessionFacts } from '../../sealing/score-certificate.ts';
import { proofFromJson } from './stored-part.ts';

/** Refusal of a certificate, or of what is made of one: what does not hold, and whose it is. */
export const invalid = (what: string, member?: string) =>
  refuse('SCORE_CERTIFICATE_INVALID', { what, ...(member === undefined ? {} : { member }) });

/** A document made of a session, as its consumer signed it. */
export type SignedFacts = { readonly facts: SessionFacts; readonly hash: Hex; readonly signature: Hex };

/** The session is the consumer's and the model the one it names; everyone signed who must. */
const checkParties = ({ facts, hash, signature }: SignedFacts, commitments: readonly CurvePoint[]): Result<void> => {
  const { session, terms, consumer, contributions, model } = facts;
  const domain = scoreDomain(facts.chain, facts.registry);
  if (sessionIdOf(domain, terms) !== session) return invalid('session');
  if (terms.consumer !== consumer.member || !isSessionSigned(domain, terms, consumer.signature, consumer.account))
    return invalid('session signature', consumer.member);
  if (!isCertificateSigned(domain, { session, certificate: hash }, signature, consumer.account))
    return invalid('certificate signature', consumer.member);
  const datasets = [terms.contributions, model.parts].map((list) => list.map(({ dataset }) => dataset).join());
  if (contributions.length !== terms.contributions.length || datasets[0] !== datasets[1] || model.id !== terms.model)
    return invalid('model');
  const members = new Set([consumer.member, ...contributions.map(({ member }) => member)]);
  if (members.size !== contributions.length + 1) return invalid('members');
  for (const [place, { member, account, signature: signed }] of contributions.entries()) {
    const { x, y } = commitments[place]!.toAffine();
    if (!isCommitmentSigned(domain, { session, x, y }, signed, account)) return invalid('commitment signature', member);
  }
  return ok(undefined);
};

const checkProofs = async (
  prover: Prover,
  { terms, session, contributions, proofs }: SessionFacts,
  commitments: readonly CurvePoint[],
): Promise<Result<void>> => {
  if (isProven(terms.suite) !== (proofs === 'verified')) return invalid('proofs');
  if (!isProven(terms.suite)) return contributions.every(({ proof }) => proof === null) ? ok(undefined) : invalid('proofs');
  if (terms.verificationKey !== prover.verificationKey) return invalid('verification key');
  for (const [place, { member, partHash, proof }] of contributions.entries()) {
    const statement = {
      commitment: commitments[place]!.toAffine(),
      featuresRoot: BigInt(terms.contributions[place]!.root),
      subjectCommitment: BigInt(terms.subject),
      partHash: BigInt(partHash),
      session: sessionElement(session),
    };
    if (proof === null || !(await prover.verify(publicInputs(statement), proofFromJson(proof)))) return invalid('proof', member);
  }
  return ok(undefined);
};

/** Session id, every signature and every proof, without a chain. Gives the commitments. Refuses with SCORE_CERTIFICATE_INVALID; `detail.what` and `detail.member`. */
export const verifySessionFacts = async (prover: Prover, signed: SignedFacts): Promise<Result<readonly CurvePoint[]>> => {
  const { contributions } = signed.facts;
  const points = contributions.map(({ commitment }) => pointFromHex(commitment));
  const unread = points.indexOf(undefined);
  if (unread >= 0) return invalid('commitment', contributions[unread]?.member);
  const commitments = points as readonly CurvePoint[];
  const parties = checkParties(signed, commitments);
  if (!parties.ok) return parties;
  const proofs = await checkProofs(prover, signed.facts, commitments);
  return proofs.ok ? ok(commitments) : proofs;
};
