import { publicInputs, sessionElement } from '../../domain/points-proof.ts';
import { presentScore } from '../../domain/present-score.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import {
  isCertificateSigned,
  isCommitmentSigned,
  isProven,
  isSessionSigned,
  type ScoreDomain,
  scoreDomain,
  sessionIdOf,
} from '../../domain/score-session.ts';
import type { Prover } from '../../ports/prover.ts';
import { type CurvePoint, pointFromHex, subgroupOrder, sumPoints, toScalar } from '../../scoring/babyjubjub.ts';
import { commit } from '../../scoring/pedersen.ts';
import { certificateHash, parseSignedCertificate, type ScoreCertificate, type SignedCertificate } from '../../sealing/score-certificate.ts';
import { proofFromJson } from './stored-part.ts';

const wrong = (what: string, member?: string) => refuse('SCORE_CERTIFICATE_INVALID', { what, ...(member === undefined ? {} : { member }) });

/** The session is the consumer's and the model the one it names; everyone signed who must. */
const checkParties = (
  domain: ScoreDomain,
  { certificate, signature }: SignedCertificate,
  commitments: readonly CurvePoint[],
): Result<void> => {
  const { session, terms, consumer, contributions, model } = certificate;
  if (sessionIdOf(domain, terms) !== session) return wrong('session');
  if (terms.consumer !== consumer.member || !isSessionSigned(domain, terms, consumer.signature, consumer.account))
    return wrong('session signature', consumer.member);
  if (!isCertificateSigned(domain, { session, certificate: certificateHash(certificate) }, signature, consumer.account))
    return wrong('certificate signature', consumer.member);
  const datasets = [terms.contributions, model.parts].map((list) => list.map(({ dataset }) => dataset).join());
  if (contributions.length !== terms.contributions.length || datasets[0] !== datasets[1] || model.id !== terms.model) return wrong('model');
  const members = new Set([consumer.member, ...contributions.map(({ member }) => member)]);
  if (members.size !== contributions.length + 1) return wrong('members');
  for (const [place, { member, account, signature: signed }] of contributions.entries()) {
    const { x, y } = commitments[place]!.toAffine();
    if (!isCommitmentSigned(domain, { session, x, y }, signed, account)) return wrong('commitment signature', member);
  }
  return ok(undefined);
};

/** The total opens the sum of the commitments, and the result is what the model makes of it. */
const checkTotal = ({ total, model, result }: ScoreCertificate, commitments: readonly CurvePoint[]): Result<void> => {
  const blinding = BigInt(total.blinding);
  if (blinding >= subgroupOrder || !sumPoints(commitments).equals(commit(toScalar(BigInt(total.points)), blinding))) return wrong('total');
  const { grade, ...presented } = result;
  const expected = presentScore(model, total.points);
  const same = presented.score === expected.score && presented.band === expected.band && presented.decision === expected.decision;
  return same ? ok(undefined) : wrong('result');
};

const checkProofs = async (
  prover: Prover,
  { terms, session, contributions, proofs }: ScoreCertificate,
  commitments: readonly CurvePoint[],
): Promise<Result<void>> => {
  if (isProven(terms.suite) !== (proofs === 'verified')) return wrong('proofs');
  if (!isProven(terms.suite)) return contributions.every(({ proof }) => proof === null) ? ok(undefined) : wrong('proofs');
  if (terms.verificationKey !== prover.verificationKey) return wrong('verification key');
  for (const [place, { member, partHash, proof }] of contributions.entries()) {
    const statement = {
      commitment: commitments[place]!.toAffine(),
      featuresRoot: BigInt(terms.contributions[place]!.root),
      subjectCommitment: BigInt(terms.subject),
      partHash: BigInt(partHash),
      session: sessionElement(session),
    };
    if (proof === null || !(await prover.verify(publicInputs(statement), proofFromJson(proof)))) return wrong('proof', member);
  }
  return ok(undefined);
};

/**
 * Checks a certificate without a chain or a network: form, session id, every signature, every proof, the total and what it means. What it rests on is the chain's to say:
 * that the accounts are the members', that roots, part hashes, the model's document and the consent's commitment stand there (`factsOnChain`). Refuses with
 * SCORE_CERTIFICATE_INVALID; `detail.what` names what does not hold and `detail.member` whose it is.
 */
export const verifyCertificate = async (prover: Prover, value: unknown): Promise<Result<ScoreCertificate>> => {
  const parsed = parseSignedCertificate(value);
  if (!parsed.ok) return refuse('SCORE_CERTIFICATE_INVALID', { what: `form ${parsed.refusal.detail.path}` });
  const { certificate } = parsed.value;
  const points = certificate.contributions.map(({ commitment }) => pointFromHex(commitment));
  const unread = points.indexOf(undefined);
  if (unread >= 0) return wrong('commitment', certificate.contributions[unread]?.member);
  const commitments = points as readonly CurvePoint[];
  const parties = checkParties(scoreDomain(certificate.chain, certificate.registry), parsed.value, commitments);
  if (!parties.ok) return parties;
  const total = checkTotal(certificate, commitments);
  if (!total.ok) return total;
  const proofs = await checkProofs(prover, certificate, commitments);
  return proofs.ok ? ok(certificate) : proofs;
};
