import type { XinshuError } from '../domain/errors.ts';
import type { Log } from '../ports/log.ts';
import { type AnchorModules, anchorLog } from './anchor-log.ts';
import { isBroken } from './checkpoint-loop.ts';
import { Repeating } from './repeating.ts';

/** Anchors the log every so often; a failed attempt is followed by the next. A broken invariant is `fatal`: the process must stop. */
export const anchorLoop = (
  modules: AnchorModules & { readonly log: Log },
  everySeconds: number,
  fatal: (error: unknown) => void,
): Repeating =>
  new Repeating(everySeconds * 1000, async () => {
    try {
      const result = await anchorLog(modules);
      if (!result.ok) modules.log.warn({ outcome: result.refusal.code }, 'log not anchored');
      else if (result.value.anchored) modules.log.info({ size: result.value.size, block: result.value.block }, 'log anchored');
    } catch (error) {
      if (isBroken(error)) fatal(error);
      else modules.log.warn({ outcome: (error as XinshuError).code }, 'log not anchored');
    }
  });
