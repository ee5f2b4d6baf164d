import { Repeating } from './repeating.ts';
import { type RotationModules, rotateKeys } from './rotate-keys.ts';

const everyMs = 1_000;
/** After a step that failed: the chain does not answer, or does not take it. */
const waitMs = 10_000;

/** Rolls keys as they are made and become due. What it does to the TLS key is told to `onKeys`, called after each round. */
export const rotationLoop = (modules: RotationModules, onKeys: () => void): Repeating => {
  let notBefore = 0;
  return new Repeating(everyMs, async () => {
    if (modules.clock.now() < notBefore) return;
    try {
      await rotateKeys(modules);
    } catch (error) {
      notBefore = modules.clock.now() + waitMs;
      modules.log.error({ reason: error instanceof Error ? error.message : 'unknown' }, 'key rotation failed');
    } finally {
      onKeys();
    }
  });
};
