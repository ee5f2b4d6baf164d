import { expect } from 'chai';
import fc from 'fast-check';
import { deriveFeatures } from '../../../gateway/domain/derive-features.ts';
import type { Feature, FeatureCondition, FeatureDerivation } from '../../../gateway/domain/feature.ts';
import { codeLimit, missingCode } from '../../../gateway/domain/scorecard-part.ts';
import type { RecordValues } from '../../../gateway/domain/serving-rules.ts';

const order = (
  amountFen: number,
  orderedOn: string,
  dueOn: string,
  deliveredOn: string | null,
  state: string,
  disputed: boolean,
): RecordValues => ({ amountFen, orderedOn, dueOn, deliveredOn, state, disputed, limitFen: 1000 });
const orders = [
  order(300, '2026-01-05', '2026-02-01', '2026-02-01', 'delivered', false),
  order(0, '2026-02-05', '2026-03-01', '2026-03-02', 'delivered', true),
  order(500, '2026-03-05', '2026-04-01', null, 'open', false),
  order(200, '2026-02-07', '2026-03-05', '2026-02-20', 'delivered', false),
];
const whole = { kind: 'numeric', least: -10, most: 1_000_000 } as const;
const named = { name: 'x', zh: '某', en: 'some' };
/** The derived number; undefined when it is missing. */
const derived = (derivation: FeatureDerivation, records = orders): number | undefined => {
  const [code] = deriveFeatures([{ ...named, ...whole, derivation }], records);
  return code === missingCode ? undefined : (code as number) + whole.least - 1;
};
const delivered = [{ field: 'state', equals: ['delivered'] }];
const late = [{ field: 'deliveredOn', is: 'above' as const, than: { field: 'dueOn' } }];

describe('features from records', () => {
  it('count, sum, greatest, share, ratio and latest are what they say', () => {
    expect(derived({ fn: 'count/1' })).to.equal(4);
    expect(derived({ fn: 'count/1', where: late })).to.equal(1);
    expect(derived({ fn: 'count/1', where: [...delivered, ...late] })).to.equal(1);
    expect(derived({ fn: 'sum/1', field: 'amountFen' })).to.equal(1000);
    expect(derived({ fn: 'max/1', field: 'amountFen', where: delivered })).to.equal(300);
    expect(derived({ fn: 'share/1', where: late, of: delivered })).to.equal(333);
    expect(derived({ fn: 'share/1', where: [{ field: 'disputed', equals: [true] }] })).to.equal(250);
    expect(derived({ fn: 'ratio/1', field: 'amountFen', over: 'limitFen' })).to.equal(250);
    expect(derived({ fn: 'latest/1', field: 'amountFen', by: 'orderedOn' })).to.equal(500);
    expect(derived({ fn: 'latest/1', field: 'amountFen', by: 'orderedOn', where: delivered })).to.equal(200);
  });

  it('conditions compare numbers, dates and absent values', () => {
    const count = (...where: FeatureCondition[]) => derived({ fn: 'count/1', where });
    expect(count({ field: 'deliveredOn', equals: [null] })).to.equal(1);
    expect(count({ field: 'amountFen', equals: [0, 500] })).to.equal(2);
    for (const [is, expected] of [
      ['above', 1],
      ['atLeast', 2],
      ['below', 2],
      ['atMost', 3],
    ] as const)
      expect(count({ field: 'amountFen', is, than: { value: 300 } }), is).to.equal(expected);
    expect(count({ field: 'orderedOn', is: 'atLeast', than: { value: '2026-02-06' } })).to.equal(2);
    expect(count({ field: 'deliveredOn', is: 'below', than: { value: '2030-01-01' } })).to.equal(3);
    expect(count({ field: 'amountFen', is: 'above', than: { value: 'a' } })).to.equal(0);
  });

  it('nothing to derive from is missing, or none', () => {
    expect(derived({ fn: 'count/1' }, [])).to.equal(0);
    expect(derived({ fn: 'sum/1', field: 'amountFen' }, [])).to.equal(0);
    expect(derived({ fn: 'max/1', field: 'amountFen' }, [])).to.equal(undefined);
    expect(derived({ fn: 'share/1', where: late, of: delivered }, [])).to.equal(undefined);
    expect(derived({ fn: 'ratio/1', field: 'amountFen', over: 'nothing' })).to.equal(undefined);
    expect(derived({ fn: 'latest/1', field: 'amountFen', by: 'orderedOn' }, [])).to.equal(undefined);
  });

  it('a number beyond the ends counts as the end; a word not listed is missing', () => {
    const between: Feature = { ...named, kind: 'numeric', least: 300, most: 500, derivation: { fn: 'sum/1', field: 'amountFen' } };
    expect(deriveFeatures([between], orders)).to.deep.equal([201]);
    expect(deriveFeatures([between], [])).to.deep.equal([1]);
    const state: Feature = {
      ...named,
      kind: 'category',
      words: ['delivered', 'open'],
      derivation: { fn: 'latest/1', field: 'state', by: 'orderedOn' },
    };
    expect(deriveFeatures([state], orders)).to.deep.equal([2]);
    expect(deriveFeatures([{ ...state, words: ['delivered'] }], orders)).to.deep.equal([missingCode]);
  });

  it('the order of the records does not matter, also where two are the last, and every code fits the circuit', () => {
    const derivations: FeatureDerivation[] = [
      { fn: 'count/1', where: late },
      { fn: 'sum/1', field: 'amountFen' },
      { fn: 'max/1', field: 'amountFen' },
      { fn: 'share/1', where: late, of: delivered },
      { fn: 'ratio/1', field: 'amountFen', over: 'limitFen' },
      { fn: 'latest/1', field: 'amountFen', by: 'orderedOn' },
    ];
    const features = derivations.map((derivation): Feature => ({ ...named, ...whole, derivation }));
    const record = fc.record({
      amountFen: fc.integer({ min: -5000, max: 5000 }),
      limitFen: fc.constantFrom(0, 1000),
      orderedOn: fc.constantFrom('2026-01-01', '2026-01-02'),
      dueOn: fc.constantFrom('2026-02-01', '2026-02-02'),
      deliveredOn: fc.constantFrom('2026-02-01', '2026-02-02', null),
      state: fc.constantFrom('delivered', 'open'),
      disputed: fc.boolean(),
    });
    const shuffled = fc
      .array(record, { maxLength: 6 })
      .chain((records) => fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })));
    fc.assert(
      fc.property(shuffled, ([records, other]) => {
        const codes = deriveFeatures(features, records);
        expect(deriveFeatures(features, other)).to.deep.equal(codes);
        expect(codes.every((code) => Number.isInteger(code) && code >= 0 && code < codeLimit)).to.equal(true);
      }),
      { seed: 20260401 },
    );
  });
});
