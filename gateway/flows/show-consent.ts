import type { ShownOpening } from '../domain/credential.ts';
import type { ConsentId } from '../domain/ids.ts';
import type { Modules } from './modules.ts';
import { type Erasure, erasureName } from './run-erasure.ts';

/** `erased`: it was destroyed as the law demands; else what is not there never came. */
export type ConsentShown = { readonly consent: ConsentId; readonly opening: ShownOpening | undefined; readonly erased: boolean };

/**
 * What this member decided by under a consent, besides the chain: subject, salt, credential, certificate. For the institution's auditor only, who can then decide
 * each use again; without the history key, which would also find entries in logs of others.
 */
export const showConsent = async (
  { openings, documents }: Pick<Modules, 'openings' | 'documents'>,
  consent: ConsentId,
): Promise<ConsentShown> => {
  const whole = await openings.whole(consent);
  const erasure = await documents.get<Erasure>('erasure', erasureName({ consent, month: undefined }));
  if (whole === undefined) return { consent, opening: undefined, erased: erasure !== undefined };
  const { historyKey: _, ...opening } = whole;
  return { consent, opening, erased: false };
};
