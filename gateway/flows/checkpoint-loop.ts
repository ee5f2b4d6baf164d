import { XinshuError } from '../domain/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Checkpoints } from './checkpoints.ts';
import { Repeating } from './repeating.ts';

/** What a running process must not go on with: the log is not what it was, or the store is not whole. */
const broken = new Set(['LOG_BEHIND_ANCHOR', 'LOG_CONTRADICTS_CHECKPOINT', 'STORE_CORRUPT']);
export const isBroken = (error: unknown): boolean => !(error instanceof XinshuError) || broken.has(error.code);

/** Publishes a checkpoint every so often, if the log grew. What may pass by itself, a full disk or a key not registered yet, is followed by the next attempt. */
export const checkpointLoop = (
  { checkpoints, log }: { readonly checkpoints: Checkpoints; readonly log: Log },
  everySeconds: number,
  fatal: (error: unknown) => void,
): Repeating =>
  new Repeating(everySeconds * 1000, async () => {
    try {
      await checkpoints.fresh();
    } catch (error) {
      if (isBroken(error)) fatal(error);
      else log.warn({ outcome: (error as XinshuError).code }, 'checkpoint not published');
    }
  });
