import { expect } from 'chai';
import { modelFaults, partFaults } from '../../../gateway/domain/model-faults.ts';
import { compilePart } from '../../../gateway/scoring/compile-part.ts';
import { leakageOf } from '../../../gateway/scoring/leakage.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { supplierModel } from '../../../scripts/generate/supplier-model.ts';
import { valueIn } from '../../helpers/refusal.ts';

describe("the demo's scoring model", () => {
  const { document, parts } = supplierModel(0, 4_000_000_000);

  it('has no fault, and explains every reason', () => {
    expect(modelFaults(document)).to.deep.equal([]);
    const salt = `0x${'00'.repeat(32)}`;
    for (const [place, { dataset }] of document.parts.entries())
      expect(partFaults(document, { v: 1, dataset, salt, ...parts[place]! })).to.deep.equal([]);
  });

  it("gives less away than the demo's bound", () => {
    const compiled = parts.map(({ features }, place) => valueIn(compilePart(document.parts[place]!.features, features)).part);
    const { attainable, pinned } = leakageOf(compiled);
    expect([attainable, pinned]).to.deep.equal([308, 9]);
    expect((pinned / attainable) * 1_000_000).to.be.below(demoManifest().parameters['max-leak-ppm']!);
  });
});
