import { expect } from 'chai';
import fc from 'fast-check';
import type { Feature } from '../../../gateway/domain/feature.ts';
import type { PartFeatureBins } from '../../../gateway/domain/model-document.ts';
import { compilePart } from '../../../gateway/scoring/compile-part.ts';
import { scoreFeatures } from '../../../gateway/scoring/score-features.ts';
import { refusalOf, valueIn } from '../../helpers/refusal.ts';

const named = (name: string) => ({ name, zh: name, en: name });
const count: Feature = { ...named('count'), kind: 'numeric', least: -5, most: 100, derivation: { fn: 'count/1' } };
const other: Feature = { ...named('other'), kind: 'numeric', least: 0, most: 9, derivation: { fn: 'count/1' } };
const state: Feature = { ...named('state'), kind: 'category', words: ['good', 'bad'], derivation: { fn: 'latest/1', field: 's', by: 't' } };
const declared = [count, other, state];

const countBins: PartFeatureBins = {
  name: 'count',
  kind: 'numeric',
  missing: { points: -7, reason: 'R0' },
  bins: [{ below: 0, points: -3, reason: 'R1' }, { below: 10, points: 4 }, { points: 9 }],
};
const stateBins: PartFeatureBins = {
  name: 'state',
  kind: 'category',
  bins: [
    { words: ['good'], points: 5 },
    { words: ['bad', null], points: -6, reason: 'R2' },
  ],
};

/** Points by the document, without the circuit's encoding: what a reader of the scorecard would say. */
const plain = (value: number | null, word: string | null): number => {
  const number = value === null ? -7 : value < 0 ? -3 : value < 10 ? 4 : 9;
  return number + (word === 'good' ? 5 : -6);
};

describe('a part as the circuit takes it', () => {
  it('gives the points of the document, whatever the part leaves out', () => {
    const { part, reasons } = valueIn(compilePart(declared, [stateBins, countBins]));
    expect(reasons).to.deep.equal([['R0', 'R1', undefined, undefined], [], [undefined, 'R2']]);
    const value = fc.option(fc.integer({ min: -5, max: 100 }));
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 10 }), fc.constantFrom('good', 'bad', null), (number, ignored, word) => {
        const codes = [number === null ? 0 : number + 6, ignored, word === null ? 0 : ['good', 'bad'].indexOf(word) + 1];
        expect(valueIn(scoreFeatures(part, codes)).points).to.equal(plain(number, word));
      }),
      { seed: 20260401 },
    );
  });

  for (const [what, features] of [
    ['a feature that the dataset does not declare', [{ ...countBins, name: 'gone' }]],
    ['a feature of another kind', [{ ...stateBins, name: 'count' }]],
    ['a feature twice', [countBins, countBins]],
    ['a bound below all values', [{ ...countBins, bins: [{ below: -5, points: 1 }, { points: 2 }] }]],
    ['a bound beyond the circuit', [{ ...countBins, bins: [{ below: 2 ** 41, points: 1 }, { points: 2 }] }]],
    ['bounds that do not rise', [{ ...countBins, bins: [{ below: 5, points: 1 }, { below: 5, points: 1 }, { points: 2 }] }]],
    ['a word that the feature does not have', [{ ...stateBins, bins: [{ words: ['good', 'bad', 'ugly'], points: 1 }] }]],
    ['a word without a bin', [{ ...stateBins, bins: [{ words: ['good'], points: 1 }] }]],
    [
      'a word in two bins',
      [
        {
          ...stateBins,
          bins: [
            { words: ['good', 'bad'], points: 1 },
            { words: ['bad'], points: 2 },
          ],
        },
      ],
    ],
  ] as const satisfies readonly (readonly [string, readonly PartFeatureBins[]])[]) {
    it(`refuses ${what}`, () => {
      expect(refusalOf(compilePart(declared, features as unknown as PartFeatureBins[])).code).to.equal('MODEL_PART_INVALID');
    });
  }
});
