import type { Address, ConsentId, Hex } from '../domain/ids.ts';
import type { DocumentStore } from '../ports/document-store.ts';

/** A withdrawal signed by the key of its consent, as EIP-712 has it. */
export type SignedWithdrawal = { readonly consent: ConsentId; readonly key: Address; readonly signature: Hex };

/**
 * Withdrawals this gateway was handed and that the mirror may not show yet. From `hold` on nothing is served under such a consent, before any block says so
 * (design.md §5). Kept by (consent, key): a valid signature of some other key over the same id must not displace the right one.
 */
export class HeldWithdrawals {
  readonly #documents: DocumentStore;
  readonly #keys = new Map<ConsentId, Set<Address>>();

  private constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Reads what an earlier run of the process held. */
  static async open(documents: DocumentStore): Promise<HeldWithdrawals> {
    const held = new HeldWithdrawals(documents);
    for await (const [, withdrawal] of documents.list<SignedWithdrawal>('heldWithdrawal')) held.#remember(withdrawal);
    return held;
  }

  /** Stops the consent at once; resolves when that survives a crash. */
  async hold(withdrawal: SignedWithdrawal): Promise<void> {
    this.#remember(withdrawal);
    await this.#documents.put('heldWithdrawal', documentKey(withdrawal), withdrawal);
  }

  /** Synchronous, so that it can be part of the last check inside the audit store's critical section. */
  stops(consent: ConsentId, key: Address): boolean {
    return this.#keys.get(consent)?.has(key) ?? false;
  }

  /** The chain has it and the mirror shows it. */
  async release(withdrawal: SignedWithdrawal): Promise<void> {
    await this.#documents.remove('heldWithdrawal', documentKey(withdrawal));
    const keys = this.#keys.get(withdrawal.consent);
    keys?.delete(withdrawal.key);
    if (keys?.size === 0) this.#keys.delete(withdrawal.consent);
  }

  #remember({ consent, key }: SignedWithdrawal): void {
    const keys = this.#keys.get(consent);
    if (keys === undefined) this.#keys.set(consent, new Set([key]));
    else keys.add(key);
  }
}

const documentKey = ({ consent, key }: SignedWithdrawal): string => `${consent}/${key}`;
