import { type AllowlistDifference, differenceSize } from './allowlist.ts';
import type { KeptInStep } from './keep-in-step.ts';

export const nodeAway = 'the node does not answer; it will start from the files';

/** What a round found and put right, for a person; no line: all was in step. */
export function keptWords({ files, node }: KeptInStep, dry: boolean): string[] {
  return [...differenceWords('the files', files, dry), ...(node === undefined ? [nodeAway] : differenceWords('the node', node, dry))];
}

export function differenceWords(place: string, difference: AllowlistDifference, dry: boolean): string[] {
  if (differenceSize(difference) === 0) return [];
  const { add, remove } = difference;
  const [adds, removes] = dry ? ['would allow', 'would bar'] : ['allowed', 'barred'];
  return [
    ...[...add.nodes, ...add.accounts].map((entry) => `${place}: ${adds} ${entry}`),
    ...[...remove.nodes, ...remove.accounts].map((entry) => `${place}: ${removes} ${entry}`),
  ];
}
