import type { Modules } from './modules.ts';
import { publishImport } from './publish-import.ts';

/**
 * Finishes what an earlier run of the process left: an import that was whole is published, or made readable if it was published already; a half-staged one is removed.
 * Called once at the start, when the mirror has caught up, and again as long as `waiting` is not 0 (the ledger could not be reached).
 */
export const resumeImports = async (
  modules: Pick<Modules, 'ledger' | 'writer' | 'recordsWriter' | 'log'>,
): Promise<{ readonly finished: number; readonly refused: number; readonly waiting: number }> => {
  const counts = { finished: 0, refused: 0, waiting: 0 };
  for (const head of await modules.recordsWriter.unfinished()) {
    const published = await publishImport(modules, head);
    const outcome = published.ok ? 'finished' : published.refusal.code === 'LEDGER_CALL_REVERTED' ? 'refused' : 'waiting';
    counts[outcome] += 1;
    modules.log.info(
      { dataset: head.dataset, import: head.id, outcome, code: published.ok ? 'ok' : published.refusal.code },
      'unfinished import',
    );
  }
  return counts;
};
