import type { CheckedShown } from '../../domain/credential.ts';
import type { ConsentId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Result } from '../../domain/result.ts';
import { parseShownOpening } from '../../sealing/messages.ts';
import { checkShownOpening } from '../../sealing/opening.ts';
import type { LogSource } from './log-source.ts';

const mostKept = 1024;

/**
 * Everything about what a gateway shows of a consent that needs no block, with any key that its issuer ever signed with; which of them held when, and that it is
 * the consent's own, is for recheckServed.
 */
export const checkShown = (shown: unknown, head: RegistryView, chainId: number): Result<CheckedShown> => {
  const opening = parseShownOpening(shown);
  return opening.ok ? checkShownOpening(opening.value, chainId, (issuer) => head.member(issuer)?.keys ?? []) : opening;
};

export type ConsentShown = (consent: ConsentId) => Promise<Result<CheckedShown> | undefined>;

/** What one gateway shows of each consent, asked and checked once while it is needed; undefined where it shows nothing. */
export const shownConsents = (source: LogSource, head: RegistryView, chainId: number): ConsentShown => {
  const known = new Map<ConsentId, Result<CheckedShown>>();
  return async (consent) => {
    const before = known.get(consent);
    if (before !== undefined) return before;
    const shown = await source.consent(consent);
    if (shown === null) return undefined;
    const checked = checkShown(shown, head, chainId);
    if (known.size >= mostKept) known.clear();
    known.set(consent, checked);
    return checked;
  };
};
