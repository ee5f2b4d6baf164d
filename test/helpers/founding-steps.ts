import { contractNames } from '../../node/deployment/artifacts.ts';
import type { Manifest } from '../../node/manifest/manifest.ts';

/**
 * Transactions of a founding, one a block: each contract is deployed, and all but the Directory listed in it; then parameters and members, and the hand-over to
 * the council in two.
 */
export const foundingSteps = ({ parameters, members }: Manifest): number =>
  2 * contractNames.length - 1 + Object.keys(parameters).length + members.length + 2;
