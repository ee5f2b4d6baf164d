import { type Chain, withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { deliverAmendment, deliverConsent } from './finish-consents.ts';
import { type OpenWallet, type SubjectOptions, withWallet } from './open-wallet.ts';
import { findConsent, type WalletConsent } from './wallet.ts';

export type Opened = { readonly context: Context; readonly open: OpenWallet; readonly chain: Chain };

/** Opens wallet and chain, and first completes what an earlier run left half-done. */
export const withSubject = <T>(
  context: Context,
  options: SubjectOptions,
  work: (opened: Opened & { readonly completed: readonly WalletConsent[] }) => Promise<T>,
): Promise<T> =>
  withChain(context.network(), (chain) =>
    withWallet(context, options, async (open) => {
      const completed: WalletConsent[] = [];
      for (const consent of open.wallet.consents) {
        if (consent.state === 'made') completed.push(await deliverConsent(context, open, consent, chain));
        else if (consent.amendment !== undefined) completed.push(await deliverAmendment(context, open, consent, chain));
      }
      for (const { id, state } of completed)
        context.terminal.note(
          context.t(`completed what an earlier run began: ${id} (${state})`, `已完成此前未办结的事项：${id}（${state}）`),
        );
      return work({ context, open, chain, completed });
    }),
  );

export const chosenConsent = (open: OpenWallet, beginning: string | undefined): WalletConsent => {
  const live = open.wallet.consents.filter(({ state }) => state === 'given' || state === 'withdrawing');
  const candidates = live.length === 0 ? open.wallet.consents : live;
  const chosen = beginning === undefined ? (candidates.length === 1 ? candidates[0] : undefined) : findConsent(open.wallet, beginning);
  if (chosen !== undefined) return chosen;
  if (open.wallet.consents.length === 0) throw usageFailure(`${open.wallet.name} has given no consent`);
  throw usageFailure(
    beginning === undefined
      ? `name one of ${candidates.length} consents by its first digits; xinshu consent list shows them`
      : `no single consent begins with ${beginning}`,
  );
};
