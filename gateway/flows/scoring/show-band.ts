import type { Band, BandAsker } from '../../domain/band-proof.ts';
import { catalogue, XinshuError } from '../../domain/errors.ts';
import type { UsageId } from '../../domain/ids.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import { certificateTypes } from '../../domain/score-session.ts';
import { pointFromHex } from '../../scoring/babyjubjub.ts';
import { type BandDocument, bandDocumentHash, type SignedBand } from '../../sealing/band-document.ts';
import type { Modules } from '../modules.ts';
import { proveBand } from './prove-band.ts';
import { scoreDomainOf } from './score-domain.ts';
import { proofToJson } from './stored-part.ts';
import { findScore } from './stored-score.ts';

export type ShowBandInput = { readonly score: UsageId; readonly band: Band; readonly asker: BandAsker };

/** Proves to one asker that a finished score lies in a band, and nothing else of it. Refuses with SCORE_UNKNOWN, SCORE_PROVER_MISSING, SCORE_BAND_INVALID, SCORE_OUTSIDE_BAND. */
export const showBand = async (modules: Modules, { score, band, asker }: ShowBandInput): Promise<Result<SignedBand>> => {
  const { bandProver, keys } = modules;
  const certificate = (await findScore(modules, score))?.certificate?.certificate;
  if (certificate === undefined) return refuse('SCORE_UNKNOWN', { score });
  if (bandProver === undefined) return refuse('SCORE_PROVER_MISSING');
  const { chain, registry, session, terms, consumer, model, proofs, total } = certificate;
  const contributions = certificate.contributions.map(({ reasons: _, ...shown }) => shown);
  const commitments = contributions.map(({ commitment }) => pointFromHex(commitment)!);
  const opened = { points: total.points, blinding: BigInt(total.blinding) };
  try {
    const proof = await proveBand(bandProver, { session, commitments, base: model.base, band, asker }, opened);
    if (!proof.ok) return proof;
    const shown = { chain, registry, session, terms, consumer, model, proofs, contributions };
    const document = { v: 1, ...shown, band, asker, bandProof: proofToJson(proof.value) } as unknown as BandDocument;
    const message = { session, certificate: bandDocumentHash(document) };
    return ok({ document, signature: await keys.signTypedData(scoreDomainOf(modules), certificateTypes, message) });
  } catch (error) {
    if (error instanceof XinshuError && catalogue[error.code].kind === 'retry') return { ok: false, refusal: error };
    throw error;
  }
};
