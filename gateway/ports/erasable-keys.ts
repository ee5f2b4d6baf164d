import type { ConsentId } from '../domain/ids.ts';

/**
 * What one erasable key seals. With a month (`YYYY-MM`, UTC): what belongs to the usages of that month under this consent, or, without a consent, to everything of
 * that month that is under none. A consent without a month: what belongs to the consent as a whole.
 */
export type KeyScope =
  | { readonly consent: ConsentId | undefined; readonly month: string }
  | { readonly consent: ConsentId; readonly month: undefined };

export const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

/** The keys without which nobody can read what this member's store holds about subjects: kept apart from the store, so that destroying one erases wherever copies lie. */
export interface ErasableKeys {
  /** Scopes of the keys there are, those without a month first, then by month. */
  list(): AsyncIterable<KeyScope>;
  /**
   * Destroys the keys of these scopes for ever: resolves when no file of the store holds their bytes any more. What they sealed is read as erased from then on. A
   * scope that has no key, or none any more, is passed over, so that an erasure can be repeated after any failure.
   */
  destroy(scopes: readonly KeyScope[]): Promise<void>;
}
