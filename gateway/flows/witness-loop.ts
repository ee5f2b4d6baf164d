import type { XinshuError } from '../domain/errors.ts';
import type { MemberId } from '../domain/ids.ts';
import { isBroken } from './checkpoint-loop.ts';
import type { Cosigners } from './cosigners.ts';
import type { Modules } from './modules.ts';
import { readStandings } from './read-standings.ts';
import { Repeating } from './repeating.ts';
import { reportContradictions } from './report-contradictions.ts';

/** After a report to the chain that failed. */
const retryMs = 30_000;

/** Asks for cosignatures every so often, brings before the chain what proves two histories, and says when a member becomes or ceases to be flagged. A slow witness does not keep the others from being asked again. */
export const witnessLoop = (modules: Modules, cosigners: Cosigners, everySeconds: number, fatal: (error: unknown) => void): Repeating => {
  let flagged: ReadonlySet<MemberId> = new Set();
  let nextReport = 0;
  const failed = (error: unknown): void => {
    if (isBroken(error)) fatal(error);
    else modules.log.warn({ outcome: (error as XinshuError).code }, 'cosignatures not asked for');
  };
  return new Repeating(everySeconds * 1000, async () => {
    try {
      void cosigners.round().catch(failed);
      if (modules.clock.now() >= nextReport && (await reportContradictions(modules)) > 0) nextReport = modules.clock.now() + retryMs;
      const standings = await readStandings(modules);
      const now = new Set(standings.filter((standing) => standing.flagged).map(({ member }) => member));
      for (const { member, waitingSeconds, size, quorumSize } of standings)
        if (now.has(member) !== flagged.has(member))
          modules.log.warn(
            { member, waitingSeconds, size, quorumSize },
            now.has(member) ? 'member flagged' : 'member not flagged any more',
          );
      flagged = now;
      modules.meter.flagged(now.size);
    } catch (error) {
      failed(error);
    }
  });
};
