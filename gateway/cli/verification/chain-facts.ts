import type { OpenedLeaf } from '../../audit/leaf.ts';
import type { MatchFacts } from '../../audit/match.ts';
import type { ConsentId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Chain } from '../chain.ts';

/** First block at which the condition holds, between one at which it does not and one at which it does. */
const firstBlock = async (chain: Chain, holds: (view: RegistryView) => boolean): Promise<number> => {
  let [before, after] = [-1, chain.head().block.number];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    const view = await chain.viewAt(middle);
    if (view !== undefined && holds(view)) after = middle;
    else before = middle;
  }
  return after;
};

/** What the chain says about the blocks on which these leaves were decided, read from it beforehand. */
export const chainFacts = async (chain: Chain, leaves: readonly OpenedLeaf[]): Promise<MatchFacts> => {
  const served = leaves.filter(({ leaf }) => leaf.step === 'served');
  const views = new Map<number, RegistryView | undefined>();
  for (const block of new Set(served.map(({ leaf }) => leaf.block))) views.set(block, await chain.viewAt(block));
  const withdrawn = new Map<ConsentId, number>();
  for (const id of new Set(served.map(({ values }) => values.consent as ConsentId | undefined)))
    if (id !== undefined && chain.head().consent(id)?.state === 'withdrawn')
      withdrawn.set(id, await firstBlock(chain, (view) => view.consent(id)?.state === 'withdrawn'));
  return {
    withdrawnAt: (consent) => withdrawn.get(consent),
    // A consent that the chain does not know at that block allowed nothing.
    maxUses: (consent, block) => views.get(block)?.consent(consent)?.maxUses ?? 0,
    quota: (grant, block) => {
      const found = views.get(block)?.grant(grant);
      return found === undefined ? 0 : found.scope.quota === 0 ? undefined : found.scope.quota;
    },
  };
};
