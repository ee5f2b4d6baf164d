import type { XinshuError } from '../domain/errors.ts';
import type { MemberId } from '../domain/ids.ts';
import { isBroken } from './checkpoint-loop.ts';
import type { Cosigners } from './cosigners.ts';
import type { Modules } from './modules.ts';
import { readStandings } from './read-standings.ts';
import { Repeating } from './repeating.ts';

/** Asks for cosignatures every so often and says when a member becomes or ceases to be flagged. A slow witness does not keep the others from being asked again. */
export const witnessLoop = (modules: Modules, cosigners: Cosigners, everySeconds: number, fatal: (error: unknown) => void): Repeating => {
  let flagged: ReadonlySet<MemberId> = new Set();
  const failed = (error: unknown): void => {
    if (isBroken(error)) fatal(error);
    else modules.log.warn({ outcome: (error as XinshuError).code }, 'cosignatures not asked for');
  };
  return new Repeating(everySeconds * 1000, async () => {
    try {
      void cosigners.round().catch(failed);
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
