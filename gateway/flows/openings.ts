import type { CheckedOpening, ConsentOpening } from '../domain/credential.ts';
import type { ConsentId } from '../domain/ids.ts';
import type { DocumentStore } from '../ports/document-store.ts';

type Stored = { readonly opening: ConsentOpening; readonly checked: CheckedOpening };

const mostCached = 20_000;

/** Openings of consents that this member was given, checked when they came (gateway/sealing/opening.ts). The last ones used are kept in memory. */
export class Openings {
  readonly #documents: DocumentStore;
  readonly #cache = new Map<ConsentId, CheckedOpening>();

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Resolves when the opening is durable. */
  async keep(opening: ConsentOpening, checked: CheckedOpening): Promise<void> {
    const stored: Stored = { opening, checked };
    await this.#documents.put('consentOpening', checked.consent, stored, { consent: checked.consent, time: undefined });
    this.#remember(checked);
  }

  async find(consent: ConsentId): Promise<CheckedOpening | undefined> {
    const known = this.#cache.get(consent);
    if (known !== undefined) return known;
    const stored = await this.#documents.get<Stored>('consentOpening', consent);
    if (stored !== undefined) this.#remember(stored.checked);
    return stored?.checked;
  }

  /** The opening as it came, which convinces others as it did this member. */
  async whole(consent: ConsentId): Promise<ConsentOpening | undefined> {
    return (await this.#documents.get<Stored>('consentOpening', consent))?.opening;
  }

  /** It was erased on disk: drops it from memory, too. */
  forget(consent: ConsentId): void {
    this.#cache.delete(consent);
  }

  #remember(checked: CheckedOpening): void {
    if (this.#cache.size >= mostCached) {
      const [oldest] = this.#cache.keys();
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    this.#cache.set(checked.consent, checked);
  }
}
