import type { TimeLimits } from '../../audit/entry-times.ts';
import type { Finding } from '../../audit/finding.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Chain } from '../chain.ts';
import type { AuditorState } from './state.ts';

/** What one auditor works with. */
export type Desk = {
  readonly state: AuditorState;
  readonly chain: Chain;
  /** For clocks that differ, in seconds. */
  readonly tolerance: number;
  /** Told of each finding once, when it is new. */
  readonly found: (finding: Finding) => void;
};

/** Takes a finding in; what was found before is not told again. */
export const note = ({ state, found }: Desk, finding: Finding): void => {
  if (state.addFinding(finding)) found(finding);
};

export const timeLimits = ({ tolerance }: Desk, view: RegistryView): TimeLimits => ({
  maxBlockAge: view.parameter('max-block-age'),
  maxAnchorLag: view.parameter('max-anchor-lag'),
  tolerance,
});

const mostViews = 1024;

/** Views at many blocks, each asked of the node once while it is needed. */
export const viewsOf = (chain: Chain): ((block: number) => Promise<RegistryView | undefined>) => {
  const known = new Map<number, RegistryView>();
  return async (block) => {
    const before = known.get(block);
    if (before !== undefined) return before;
    // A gateway may have decided on a block that came after this auditor's last look.
    if (block > chain.head().block.number) await chain.freshen();
    const view = await chain.viewAt(block);
    if (view === undefined) return undefined;
    if (known.size >= mostViews) known.clear();
    known.set(block, view);
    return view;
  };
};
