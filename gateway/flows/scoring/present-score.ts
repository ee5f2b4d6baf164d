import type { StoredScore } from './stored-score.ts';

/** A score as the institution's own systems see it, whatever came of it. */
export const presentStoredScore = (stored: StoredScore) => {
  const { score, session, terms, parts, progress, failure, certificate, reviewAsked } = stored;
  const state = certificate !== undefined ? 'scored' : failure !== undefined ? 'failed' : 'running';
  return {
    score,
    session,
    state: state as 'scored' | 'failed' | 'running',
    model: terms.model,
    version: terms.modelVersion,
    proofs: certificate?.certificate.proofs ?? ('none' as const),
    result: certificate?.certificate.result ?? null,
    failure: failure === undefined ? null : { code: failure.refusal.code, facts: { ...failure.refusal.detail } },
    providers: parts.map(({ provider }, place) => ({
      member: provider,
      answered: Object.values(progress).filter((answers) => answers[place] !== null).length,
    })),
    reviewAsked: reviewAsked?.id ?? null,
  };
};
