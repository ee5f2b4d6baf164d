import type { RegistryView } from '../domain/registry-view.ts';
import type { Result } from '../domain/result.ts';
import type { Modules } from './modules.ts';

/**
 * The newest mirrored block to decide on. Block time moves with blocks only, so on a quiet chain a fresh block is asked for once the head is older than half of
 * the network's limit. Refuses with LEDGER_STALE.
 */
export const decideFresh = async ({ ledger, clock }: Pick<Modules, 'ledger' | 'clock'>): Promise<Result<RegistryView>> => {
  const head = ledger.head();
  const age = clock.now() / 1000 - head.block.time;
  if (age > head.parameter('max-block-age') / 2) await ledger.freshen();
  return ledger.decide(clock.now());
};
