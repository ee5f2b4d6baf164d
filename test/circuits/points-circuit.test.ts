import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { sha256Hex } from '../../gateway/domain/hash.ts';
import { type CircuitInputs, publicInputs } from '../../gateway/domain/points-proof.ts';
import { bn254ScalarOrder, poseidonHash } from '../../gateway/domain/poseidon.ts';
import { leastPoints, maxFeatures, mostPoints, type ScorecardPart } from '../../gateway/domain/scorecard-part.ts';
import { subgroupOrder } from '../../gateway/scoring/babyjubjub.ts';
import { featureLeaf } from '../../gateway/scoring/feature-leaf.ts';
import { buildFeatureTree } from '../../gateway/scoring/feature-tree.ts';
import { preparePointsProof } from '../../gateway/scoring/points-witness.ts';
import { type CheckedCircuit, compileChecked } from '../helpers/checked-circuit.ts';
import { pointsCase } from '../helpers/points-case.ts';
import { brokenConstraints, freeWires } from '../helpers/r1cs.ts';
import { valueIn } from '../helpers/refusal.ts';
import { scorablePart } from '../helpers/scorecard-arbitraries.ts';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.ts';

// Features 0 and 1 as numbers with and without a bin for missing values, 2 as a category.
const part: ScorecardPart = [
  {
    kind: 'numeric',
    missing: -1,
    bins: [
      { below: 27, points: -12 },
      { below: 36, points: 4 },
      { below: undefined, points: 19 },
    ],
  },
  {
    kind: 'numeric',
    missing: undefined,
    bins: [
      { below: 5, points: 3 },
      { below: undefined, points: -3 },
    ],
  },
  {
    kind: 'category',
    bins: [
      { codes: [1, 9], points: 23 },
      { codes: [2, 3, 39], points: -8 },
    ],
  },
];
const codes = [30, 4, 9];
const selectedBins = [2, 0, 0];

/** Which rule a broken constraint belongs to, told by the signals in it; the first that fits. */
const rules: readonly (readonly [rule: string, ...signals: string[]])[] = [
  ['subject behind the consent', 'subjectCommitment'],
  ['published root', 'featuresRoot'],
  ['hash of the part', 'partHash'],
  ['commitment to the points', 'commitment'],
  ['session', 'session'],
  ['place in the tree', 'pathPlaces'],
  ['path to the root', 'pathChildren'],
  ['upper bound of the bin', 'match.rest'],
  ['codes of the category bin', 'match.held'],
  ['lower bound of the bin', 'match.digits', 'match.lower'],
  ['code of a category', 'match.digits'],
  ['one bin selected', 'selected'],
  ['form of the part', 'part'],
  ['blinding', 'blinding'],
];
const ruleOf = (about: readonly string[]): string =>
  rules.find(([, ...signals]) => signals.every((one) => about.includes(one)))?.[0] ?? 'other';

describe('circuits/points', () => {
  let folder: TemporaryFolder;
  let circuit: CheckedCircuit;
  const { inputs } = valueIn(preparePointsProof(pointsCase({ part, codes })));

  before(async function () {
    this.timeout(300_000);
    folder = await temporaryFolder();
    circuit = await compileChecked('points', folder.path);
  });
  after(() => folder.remove());

  const brokenRules = (witness: readonly bigint[]): readonly string[] =>
    [...new Set(brokenConstraints(circuit.r1cs, witness).map((constraint) => ruleOf(circuit.about(constraint))))].sort();
  const brokenBy = async (changes: CircuitInputs): Promise<readonly string[]> =>
    brokenRules(await circuit.witness({ ...inputs, ...changes }));

  const list = (name: string): readonly bigint[] => inputs[name] as readonly bigint[];
  const select = (feature: number, bits: readonly (number | bigint)[]): CircuitInputs => ({
    selected: list('selected').map((one, at) => (Math.floor(at / 8) === feature ? BigInt(bits[at % 8] ?? 0) : one)),
  });
  /** Features that no honest encoder lets through, in a tree that its own provider made of them. */
  const committed = (features: readonly number[]): CircuitInputs => {
    const { subject, leafSalt } = pointsCase({ part, codes });
    const padded = Array.from({ length: maxFeatures }, (_, place) => features[place] ?? 0);
    const tree = buildFeatureTree([featureLeaf(subject, padded, leafSalt)]);
    const path = tree.path(0);
    return {
      features: padded.map(BigInt),
      featuresRoot: tree.root,
      pathPlaces: path.map(({ place }) => BigInt(place)),
      pathChildren: path.flatMap(({ children }) => children),
    };
  };

  it('compiles to the constraint system and the witness program that the manifest of artefacts names', () => {
    const { r1cs, files } = JSON.parse(readFileSync('gateway/circuits/artefacts.json', 'utf8'));
    expect(sha256Hex(readFileSync(circuit.shipped.r1cs))).to.equal(`0x${r1cs.sha256}`);
    expect(sha256Hex(readFileSync(circuit.shipped.witness))).to.equal(`0x${files['points.wasm'].sha256}`);
  });

  it('stays below 2^14 constraints, with its public inputs in the documented order', () => {
    expect(circuit.r1cs.prime).to.equal(bn254ScalarOrder);
    expect(circuit.r1cs.constraints.length).to.equal(15_320);
    expect(circuit.r1cs.outputs + circuit.r1cs.publicInputs).to.equal(6);
    const names = [1, 2, 3, 4, 5, 6].map((wire) => circuit.names(wire));
    const order = ['commitment[0]', 'commitment[1]', 'featuresRoot', 'subjectCommitment', 'partHash', 'session'];
    expect(names).to.deep.equal(order.map((name) => [`main.${name}`]));
  });

  it('computes what the plain computation does, on any part and any features', async () => {
    const field = fc.bigInt({ min: 0n, max: bn254ScalarOrder - 1n });
    const blinding = fc.oneof(fc.constantFrom(0n, 1n, subgroupOrder - 1n), fc.bigInt({ min: 0n, max: subgroupOrder - 1n }));
    await fc.assert(
      fc.asyncProperty(scorablePart, fc.nat({ max: 9 }), blinding, field, async (sample, place, blinding, session) => {
        const { statement, inputs } = valueIn(preparePointsProof({ ...pointsCase({ ...sample, place, blinding }), session }));
        const witness = await circuit.witness(inputs);
        expect(brokenRules(witness)).to.deep.equal([]);
        expect(witness.slice(1, 7)).to.deep.equal(publicInputs(statement));
      }),
      { numRuns: 30 },
    );
  }).timeout(120_000);

  it('reaches the least and the most points there are', async () => {
    for (const points of [leastPoints, mostPoints]) {
      const extreme = Array(maxFeatures).fill({ kind: 'numeric', missing: points, bins: [{ below: undefined, points: 0 }] });
      const prepared = valueIn(preparePointsProof(pointsCase({ part: extreme, codes: Array(maxFeatures).fill(0) })));
      expect(prepared.points).to.equal(maxFeatures * points);
      const witness = await circuit.witness(prepared.inputs);
      expect(brokenRules(witness)).to.deep.equal([]);
      expect(witness.slice(1, 7)).to.deep.equal(publicInputs(prepared.statement));
    }
  });

  it('catches every single wire that is one more or one less than it should be', async () => {
    const all = [inputs, valueIn(preparePointsProof(pointsCase({ part, codes: [0, 2 ** 40 - 1, 39], place: 0 }))).inputs];
    for (const some of all) {
      const witness = await circuit.witness(some);
      for (const change of [1n, -1n]) expect(freeWires(circuit.r1cs, witness, change).map(circuit.names)).to.deep.equal([]);
    }
  });

  describe('refuses a dishonest witness for the reason meant', () => {
    const half = (bn254ScalarOrder + 1n) / 2n;
    const number = 0;
    const category = 2;
    const spans = (element: number, change: bigint): CircuitInputs => ({
      part: list('part').with(element, list('part')[element]! + change),
    });
    /** The same with a hash that fits, as when the model itself were so. */
    const registered = (changed: CircuitInputs): CircuitInputs => {
      const elements = changed.part as readonly bigint[];
      const halves = [poseidonHash(elements.slice(0, 16)), poseidonHash(elements.slice(16))];
      return { ...changed, partHash: poseidonHash([...halves, inputs.partSalt as bigint]) };
    };

    const cases: readonly (readonly [what: string, changes: () => CircuitInputs, broken: readonly string[]])[] = [
      ['the bin below', () => select(number, [0, 1]), ['upper bound of the bin']],
      ['the bin of missing values', () => select(number, [1]), ['upper bound of the bin']],
      ['the bin above', () => select(number, [0, 0, 0, 1]), ['lower bound of the bin']],
      ['a bin that the part does not have', () => select(number, [0, 0, 0, 0, 1]), ['lower bound of the bin']],
      ['another set of categories', () => select(category, [0, 1]), ['codes of the category bin']],
      ['an empty set of categories', () => select(category, [0, 0, 1]), ['codes of the category bin']],
      ['two bins', () => select(number, [0, 1, 1]), ['one bin selected']],
      ['no bin', () => select(number, []), ['one bin selected', 'upper bound of the bin']],
      ['selectors 2 and -1', () => select(number, [0, -1, 2]), ['lower bound of the bin', 'one bin selected']],
      ['two halves of a selector', () => select(number, [0, half, half]), ['one bin selected', 'upper bound of the bin']],
      ['a value at 2^40', () => ({ ...committed([2 ** 40, 4, 9]), ...select(number, [0, 0, 0, 1]) }), ['upper bound of the bin']],
      ['a missing value without a bin', () => committed([30, 0, 9]), ['lower bound of the bin']],
      ['a code between two codes of a bin', () => committed([30, 4, 4]), ['codes of the category bin']],
      ['a code past all sets', () => committed([30, 4, 40]), ['code of a category', 'codes of the category bin']],
      ['a foreign leaf', () => ({ leafSalt: 5n }), ['path to the root']],
      ['a feature changed within its bin', () => ({ features: list('features').with(number, 31n) }), ['path to the root']],
      ['a foreign place', () => ({ pathPlaces: list('pathPlaces').with(0, 1n) }), ['path to the root']],
      ['a place past the fourth', () => ({ pathPlaces: list('pathPlaces').with(0, 6n) }), ['place in the tree']],
      ['a foreign neighbour', () => ({ pathChildren: list('pathChildren').with(1, 5n) }), ['path to the root']],
      ['a foreign root', () => ({ featuresRoot: 5n }), ['published root']],
      ["another's leaf under one's own consent", () => ({ subject: 5n }), ['path to the root', 'subject behind the consent']],
      ['a foreign consent', () => ({ subjectCommitment: poseidonHash([1002n, 1002n]) }), ['subject behind the consent']],
      ['a foreign salt of the consent', () => ({ consentSalt: 5n }), ['subject behind the consent']],
      ['a point more in a bin of the part', () => spans(0, 1n << 104n), ['hash of the part']],
      ['a foreign salt of the part', () => ({ partSalt: 5n }), ['hash of the part']],
      ['a number called a category', () => registered(spans(0, 1n << 208n)), ['codes of the category bin']],
      ['bins that end before 2^40', () => registered(spans(0, -1n << (52n * 3n + 12n))), ['form of the part']],
      ['bits above the kind', () => registered(spans(0, 1n << 210n)), ['form of the part']],
      ['a blinding of more bits', () => ({ blinding: 2n ** 251n }), ['blinding']],
    ];
    for (const [what, changes, broken] of cases) it(what, async () => expect(await brokenBy(changes())).to.deep.equal(broken));

    it('public inputs of another session, consent, root, part or commitment put into a finished witness', async () => {
      const witness = await circuit.witness(inputs);
      const expected = [
        'commitment to the points',
        'commitment to the points',
        'published root',
        'subject behind the consent',
        'hash of the part',
        'session',
      ];
      for (const [at, rule] of expected.entries()) expect(brokenRules(witness.with(at + 1, 12345n))).to.deep.equal([rule]);
    });
  });

  it('selects the bins that the plain computation names', () => {
    const chosen = selectedBins.map((_, feature) =>
      list('selected')
        .slice(8 * feature, 8 * feature + 8)
        .indexOf(1n),
    );
    expect(chosen).to.deep.equal(selectedBins);
  });
});
