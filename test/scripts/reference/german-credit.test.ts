import { expect } from 'chai';
import { deriveFeatures } from '../../../gateway/domain/derive-features.ts';
import { modelFaults } from '../../../gateway/domain/model-faults.ts';
import { schemaFaults } from '../../../gateway/domain/schema-faults.ts';
import { parseUscc } from '../../../gateway/domain/uscc.ts';
import { compilePart } from '../../../gateway/scoring/compile-part.ts';
import { leakageOf } from '../../../gateway/scoring/leakage.ts';
import { scoreFeatures } from '../../../gateway/scoring/score-features.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { defaultFolder, hasReference, ReferenceMissing, readReference } from '../../../scripts/reference/german-credit/read-reference.ts';
import { referenceModel, sectorDatasets, subjectOf } from '../../../scripts/reference/german-credit/sectors.ts';
import { valueIn } from '../../helpers/refusal.ts';

describe('the German credit reference', () => {
  it('says where to look when it is not there', () => {
    expect(() => readReference('/nowhere')).to.throw(ReferenceMissing, '/nowhere');
  });

  it('is scored by plain computation as by the tool that made the scorecard, for all applicants', function () {
    if (!hasReference(defaultFolder)) {
      console.log(`      not run: no reference in ${defaultFolder}`);
      this.skip();
    }
    const reference = readReference(defaultFolder);
    const datasets = sectorDatasets(reference);
    for (const { schema } of datasets) expect(schemaFaults(schema, Date.now() / 1000)).to.deep.equal([]);
    const { document, parts } = referenceModel(reference, datasets, { notBefore: 0, notAfter: 4_000_000_000 });
    expect(modelFaults(document)).to.deep.equal([]);
    const compiled = parts.map(({ features }, place) => valueIn(compilePart(datasets[place]!.features, features)).part);
    const scores = new Map(
      reference.applicants.map(({ number }, at) => {
        const points = datasets.map(
          ({ features, records }, place) => valueIn(scoreFeatures(compiled[place]!, deriveFeatures(features, [records[at]!]))).points,
        );
        return [number, document.base + points.reduce((sum, one) => sum + one, 0)];
      }),
    );
    expect(scores.size).to.equal(1000);
    expect(scores).to.deep.equal(reference.scores);
    const { attainable, pinned } = leakageOf(compiled);
    expect((pinned / attainable) * 1_000_000).to.be.below(demoManifest().parameters['max-leak-ppm']!);
  });

  it('gives every applicant a valid code of its own', () => {
    const codes = Array.from({ length: 1000 }, (_, place) => subjectOf(String(place + 1)).code);
    expect(new Set(codes).size).to.equal(1000);
    for (const code of codes) expect([code.slice(2, 8), parseUscc(code).ok]).to.deep.equal(['619900', true]);
  });
});
