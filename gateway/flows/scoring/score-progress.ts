/** What happened in a session, for whoever watches it: names of members and rounds only. */
export type ScoreEvent = { readonly event: string; readonly member?: string; readonly outcome?: string };

type Listener = (event: ScoreEvent) => void;

/** Tells the watchers of each score of this process how far it is. Nothing is kept: what was missed is read from the score itself. */
export class ScoreProgress {
  readonly #listeners = new Map<string, Set<Listener>>();

  tell(score: string, event: ScoreEvent): void {
    for (const listener of this.#listeners.get(score) ?? []) listener(event);
  }

  /** Returns the way to stop. */
  watch(score: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(score) ?? new Set<Listener>();
    this.#listeners.set(score, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(score);
    };
  }
}
