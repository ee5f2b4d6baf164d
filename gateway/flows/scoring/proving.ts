import { type Groth16Proof, publicInputs } from '../../domain/points-proof.ts';
import type { SessionId } from '../../domain/score-session.ts';
import type { DocumentStore } from '../../ports/document-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Prover } from '../../ports/prover.ts';
import type { PreparedProof } from '../../scoring/points-witness.ts';
import { findProof, keepProof, type StoredPart } from './stored-part.ts';

export type ProvingModules = { readonly prover: Prover | undefined; readonly documents: DocumentStore; readonly log: Log };

/** Proofs that this process is at work on, so that one is not made twice at once. A crash loses them: the next message of the session begins again. */
export class Proving {
  readonly #modules: ProvingModules;
  readonly #work = new Map<SessionId, Promise<Groth16Proof>>();

  constructor(modules: ProvingModules) {
    this.#modules = modules;
  }

  /** Begins a session's proof, stored when it is there; does nothing while one is under way. */
  begin(session: SessionId, part: StoredPart, prepared: PreparedProof): void {
    const { prover, log } = this.#modules;
    if (prover === undefined || this.#work.has(session)) return;
    const proving = this.#prove(prover, session, part, prepared);
    this.#work.set(session, proving);
    proving
      .catch((error: unknown) => log.error({ session, error: error instanceof Error ? error.name : 'unknown' }, 'proof not made'))
      .finally(() => this.#work.delete(session));
  }

  async #prove(prover: Prover, session: SessionId, part: StoredPart, { inputs, statement }: PreparedProof): Promise<Groth16Proof> {
    const { proof, publicInputs: stated } = await prover.prove(inputs);
    if (publicInputs(statement).some((input, place) => input !== stated[place])) throw new RangeError('the proof states something else');
    await keepProof(this.#modules, session, part, proof);
    return proof;
  }

  /** The proof, when it is there within `ms`. */
  async wait(session: SessionId, ms: number): Promise<Groth16Proof | undefined> {
    const stored = await findProof(this.#modules, session);
    const proving = this.#work.get(session);
    if (stored !== undefined || proving === undefined) return stored;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ms);
    });
    try {
      return await Promise.race([proving, late]);
    } catch {
      // Logged above; without a proof the session can be asked for again.
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
