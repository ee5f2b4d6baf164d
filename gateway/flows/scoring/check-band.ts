import type { BandAsker } from '../../domain/band-proof.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Prover } from '../../ports/prover.ts';
import { type BandDocument, bandDocumentHash, parseSignedBand } from '../../sealing/band-document.ts';
import { proofFromJson } from './stored-part.ts';
import { verifyBand } from './verify-band.ts';
import { invalid, verifySessionFacts } from './verify-session-facts.ts';

export type Provers = { readonly points: Prover; readonly band: Prover };

/**
 * Checks a band that was shown to `asker`, without a chain: the session as in a certificate, that it was made for this question, and the proof. Refuses with
 * SCORE_CERTIFICATE_INVALID, SCORE_BAND_INVALID, SCORE_BAND_UNPROVEN.
 */
export const checkBand = async (provers: Provers, value: unknown, asker: BandAsker): Promise<Result<BandDocument>> => {
  const parsed = parseSignedBand(value);
  if (!parsed.ok) return invalid(`form ${parsed.refusal.detail.path}`);
  const { document, signature } = parsed.value;
  if (document.asker.audience !== asker.audience || document.asker.challenge !== asker.challenge) return invalid('asker');
  const commitments = await verifySessionFacts(provers.points, { facts: document, hash: bandDocumentHash(document), signature });
  if (!commitments.ok) return commitments;
  const { session, model, band, bandProof } = document;
  const facts = { session, commitments: commitments.value, base: model.base, band, asker };
  const shown = await verifyBand(provers.band, facts, proofFromJson(bandProof));
  return shown.ok ? ok(document) : shown;
};
