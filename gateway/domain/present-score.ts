import type { ModelDocument } from './model-document.ts';

/** What a total of points means under a model. Depends on its arguments alone (rule 45). */
export type PresentedScore = { readonly score: number; readonly band?: string; readonly decision?: 'approve' | 'decline' };

/** The consumer always knows the score: band and decision are how the model presents it (design.md §7). */
export const presentScore = ({ base, output }: Pick<ModelDocument, 'base' | 'output'>, points: number): PresentedScore => {
  const score = base + points;
  switch (output.kind) {
    case 'score':
      return { score };
    case 'band': {
      const band = output.bands.findLast(({ from }) => from === null || score >= from);
      return band === undefined ? { score } : { score, band: band.name };
    }
    case 'decision':
      return { score, decision: score >= output.approveFrom ? 'approve' : 'decline' };
  }
};
