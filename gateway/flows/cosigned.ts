import type { Hex, MemberId } from '../domain/ids.ts';
import type { DocumentStore } from '../ports/document-store.ts';

/** Cosignatures that one note carries: C2SP signed-note promises readers for 16 signatures, two of which are the log's own. */
export const mostCosignatures = 14;

/** An own checkpoint with what other members have cosigned of it. */
export type CosignedCheckpoint = {
  readonly size: number;
  readonly root: Hex;
  /** The note as the log signed it. */
  readonly base: string;
  /** Signature lines that were verified, by witness. */
  readonly cosignatures: Readonly<Record<MemberId, string>>;
  /** When it was published, in milliseconds. */
  readonly at: number;
};

/** The signed note with the cosignatures that fit in. */
export const cosignedNote = ({ base, cosignatures }: Pick<CosignedCheckpoint, 'base' | 'cosignatures'>): string =>
  base + Object.values(cosignatures).slice(0, mostCosignatures).join('');

/** The newest own checkpoint that a quorum of witnesses has cosigned. */
export class Cosigned {
  readonly #documents: DocumentStore;
  readonly #key: string;
  #newest: CosignedCheckpoint | undefined;

  private constructor(documents: DocumentStore, log: number) {
    this.#documents = documents;
    this.#key = String(log);
  }

  static async open(documents: DocumentStore, log: number): Promise<Cosigned> {
    const cosigned = new Cosigned(documents, log);
    cosigned.#newest = await documents.get<CosignedCheckpoint>('cosigned', cosigned.#key);
    return cosigned;
  }

  newest(): CosignedCheckpoint | undefined {
    return this.#newest;
  }

  /** Durable when it resolves. One that is older than what is kept is dropped. */
  async keep(checkpoint: CosignedCheckpoint): Promise<void> {
    if (checkpoint.size < (this.#newest?.size ?? 0)) return;
    await this.#documents.put('cosigned', this.#key, checkpoint);
    this.#newest = checkpoint;
  }
}
