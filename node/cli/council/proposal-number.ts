import { NodeError } from '../../errors.ts';

/** Errors: NODE_USAGE. */
export function proposalNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new NodeError('NODE_USAGE', { given: text, reason: 'the number of a proposal' });
  return Number(text);
}
