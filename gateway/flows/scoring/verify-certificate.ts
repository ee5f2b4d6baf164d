import { presentScore } from '../../domain/present-score.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Prover } from '../../ports/prover.ts';
import { type CurvePoint, subgroupOrder, sumPoints, toScalar } from '../../scoring/babyjubjub.ts';
import { commit } from '../../scoring/pedersen.ts';
import { certificateHash, parseSignedCertificate, type ScoreCertificate } from '../../sealing/score-certificate.ts';
import { invalid, verifySessionFacts } from './verify-session-facts.ts';

/** The total opens the sum of the commitments, and the result is what the model makes of it. */
const checkTotal = ({ total, model, result }: ScoreCertificate, commitments: readonly CurvePoint[]): Result<void> => {
  const blinding = BigInt(total.blinding);
  if (blinding >= subgroupOrder || !sumPoints(commitments).equals(commit(toScalar(BigInt(total.points)), blinding)))
    return invalid('total');
  const { grade, ...presented } = result;
  const expected = presentScore(model, total.points);
  const same = presented.score === expected.score && presented.band === expected.band && presented.decision === expected.decision;
  return same ? ok(undefined) : invalid('result');
};

/**
 * Checks a certificate without a chain or a network: form, session id, every signature, every proof, the total and what it means. What it rests on is the chain's to say:
 * that the accounts are the members', that roots, part hashes, the model's document and the consent's commitment stand there (`factsOnChain`). Refuses with
 * SCORE_CERTIFICATE_INVALID; `detail.what` names what does not hold and `detail.member` whose it is.
 */
export const verifyCertificate = async (prover: Prover, value: unknown): Promise<Result<ScoreCertificate>> => {
  const parsed = parseSignedCertificate(value);
  if (!parsed.ok) return invalid(`form ${parsed.refusal.detail.path}`);
  const { certificate, signature } = parsed.value;
  const facts = await verifySessionFacts(prover, { facts: certificate, hash: certificateHash(certificate), signature });
  if (!facts.ok) return facts;
  const total = checkTotal(certificate, facts.value);
  return total.ok ? ok(certificate) : total;
};
