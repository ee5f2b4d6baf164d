import { makeUscc } from './codes.ts';
import { randomStream } from './random.ts';

/** The made-up institutions behind the data. Their codes don't depend on the seed of the sample, so that documents can name them. */
const code = (name: string, prefix: string): string => makeUscc(randomStream('institutions', name), prefix);

export const institutions = {
  'gov-credit': code('gov-credit', '11'),
  'fin-weihe': code('fin-weihe', '91'),
  'grid-qinchuan': code('grid-qinchuan', '91'),
  'chain-hub': code('chain-hub', '91'),
  market: code('market supervision', '11'),
  tax: code('tax', '11'),
  insurance: code('social insurance', '12'),
  court: code('court', '11'),
  customs: code('customs', '11'),
  carrier: code('carrier', '91'),
  keeper: code('warehouse keeper', '91'),
} as const;

/** Buyers at the head of the sample's supply chains. */
export const coreBuyers: readonly string[] = Array.from({ length: 12 }, (_, index) => code(`core buyer ${index}`, '91'));
