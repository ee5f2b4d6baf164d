import { expect } from 'chai';
import type { Feature } from '../../../gateway/domain/feature.ts';
import { type ModelDocument, modelDocumentHash } from '../../../gateway/domain/model-document.ts';
import { modelFaults, partFaults } from '../../../gateway/domain/model-faults.ts';

const feature: Feature = { name: 'x', zh: '某', en: 'x', kind: 'numeric', least: 0, most: 9, derivation: { fn: 'count/1' } };
const document: ModelDocument = {
  v: 1,
  id: 'sme-supplier',
  title: 'Suppliers',
  titleZh: '供应商',
  base: 512,
  scale: { points: 600, odds: '50:1', pdo: 20 },
  output: {
    kind: 'band',
    bands: [
      { name: 'C', from: null },
      { name: 'B', from: 560 },
      { name: 'A', from: 620 },
    ],
  },
  reasonsToConsumer: false,
  minContributors: 3,
  notBefore: 0,
  notAfter: 2_000_000_000,
  reasons: [{ code: 'R1', zh: '逾期', en: 'Paid late' }],
  parts: ['gov.a', 'fin.b', 'grid.c'].map((dataset) => ({ dataset, features: [feature] })),
};
const part = {
  v: 1,
  dataset: 'gov.a',
  salt: `0x${'00'.repeat(32)}`,
  features: [
    { name: 'x', kind: 'numeric', missing: { points: 0, reason: 'R1' }, bins: [{ below: 3, points: -1, reason: 'R1' }, { points: 2 }] },
  ],
};
const at = (faults: readonly { readonly path: string; readonly code: string }[]) => faults.map(({ path, code }) => ({ path, code }));

describe('a model as its owner writes it', () => {
  it('is taken when sound, and has one hash whatever the order of its names', () => {
    expect(modelFaults(document)).to.deep.equal([]);
    expect(partFaults(document, part)).to.deep.equal([]);
    expect(modelDocumentHash(Object.fromEntries(Object.entries(document).reverse()) as ModelDocument)).to.equal(
      modelDocumentHash(document),
    );
    for (const output of [{ kind: 'score' as const }, { kind: 'decision' as const, approveFrom: 600 }])
      expect(modelFaults({ ...document, output })).to.deep.equal([]);
  });

  for (const [what, change, path] of [
    ['an unknown name', { owner: 'me' }, ''],
    ['another version of the form', { v: 2 }, '/v'],
    ['a base that is no whole number', { base: 1.5 }, '/base'],
    ['a dataset twice', { parts: [...document.parts, document.parts[0]] }, '/parts/3/dataset'],
    ['a reason twice', { reasons: [...document.reasons, document.reasons[0]] }, '/reasons/1/code'],
    ['an end before the beginning', { notAfter: 0 }, '/notAfter'],
    ['more contributors than parts', { minContributors: 4 }, '/minContributors'],
    [
      'a lowest band with a lower end',
      {
        output: {
          kind: 'band',
          bands: [
            { name: 'C', from: 0 },
            { name: 'B', from: 1 },
          ],
        },
      },
      '/output/bands/0/from',
    ],
    [
      'bands that do not rise',
      {
        output: {
          kind: 'band',
          bands: [
            { name: 'C', from: null },
            { name: 'B', from: 5 },
            { name: 'A', from: 5 },
          ],
        },
      },
      '/output/bands/2/from',
    ],
    [
      'a second band without a lower end',
      {
        output: {
          kind: 'band',
          bands: [
            { name: 'C', from: null },
            { name: 'B', from: null },
          ],
        },
      },
      '/output/bands/1/from',
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(at(modelFaults({ ...document, ...change }))).to.deep.include({ path, code: 'MODEL_INVALID' });
    });
  }

  it('is refused with a part that has another form, or a reason that nobody explains', () => {
    expect(at(partFaults(document, { ...part, salt: '0x00' }))).to.deep.equal([{ path: '/salt', code: 'MODEL_INVALID' }]);
    const unexplained = { ...part, features: [{ ...part.features[0], bins: [{ points: 1, reason: 'R9' }] }] };
    expect(at(partFaults(document, unexplained))).to.deep.equal([{ path: '/features/0/bins/0/reason', code: 'MODEL_INVALID' }]);
  });
});
