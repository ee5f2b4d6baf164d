import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { shippedArtefacts } from '../../gateway/adapters/prover/artefacts.ts';
import { bandPublicInputs, totalOffset } from '../../gateway/domain/band-proof.ts';
import { sha256Hex } from '../../gateway/domain/hash.ts';
import type { CircuitInputs } from '../../gateway/domain/points-proof.ts';
import { bn254ScalarOrder } from '../../gateway/domain/poseidon.ts';
import { subgroupOrder } from '../../gateway/scoring/babyjubjub.ts';
import { prepareBandProof } from '../../gateway/scoring/band-statement.ts';
import { bandCase } from '../helpers/band-case.ts';
import { type CheckedCircuit, compileChecked } from '../helpers/checked-circuit.ts';
import { brokenConstraints, freeWires } from '../helpers/r1cs.ts';
import { valueIn } from '../helpers/refusal.ts';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.ts';

/** Which rule a broken constraint belongs to, told by the signals in it; the first that fits. */
const rules: readonly (readonly [rule: string, ...signals: string[]])[] = [
  ['commitment to the total', 'commitment'],
  ['session', 'session'],
  ['asker', 'context'],
  ['upper end of the band', 'high'],
  ['lower end of the band', 'low'],
  ['range of the total', 'offsetTotal'],
  ['blinding', 'blinding'],
];
const ruleOf = (about: readonly string[]): string =>
  rules.find(([, ...signals]) => signals.every((one) => about.includes(one)))?.[0] ?? 'other';

describe('circuits/score-band', () => {
  let folder: TemporaryFolder;
  let circuit: CheckedCircuit;
  // Scores from 560 to 639; this one is 600.
  const { facts, total } = bandCase();
  const { statement, inputs } = valueIn(prepareBandProof(facts, total));

  before(async function () {
    this.timeout(300_000);
    folder = await temporaryFolder();
    circuit = await compileChecked('score-band', folder.path);
  });
  after(() => folder.remove());

  const brokenRules = (witness: readonly bigint[]): readonly string[] =>
    [...new Set(brokenConstraints(circuit.r1cs, witness).map((constraint) => ruleOf(circuit.about(constraint))))].sort();
  const brokenBy = async (changes: CircuitInputs): Promise<readonly string[]> =>
    brokenRules(await circuit.witness({ ...inputs, ...changes }));

  it('is what the artefacts were made from, with its public inputs in the documented order', () => {
    const { r1cs, files } = JSON.parse(readFileSync(join(shippedArtefacts['score-band'], 'artefacts.json'), 'utf8'));
    expect(sha256Hex(readFileSync(circuit.shipped.r1cs))).to.equal(`0x${r1cs.sha256}`);
    expect(sha256Hex(readFileSync(circuit.shipped.witness))).to.equal(`0x${files['score-band.wasm'].sha256}`);
    expect(circuit.r1cs.constraints.length).to.equal(900);
    expect(circuit.r1cs.outputs + circuit.r1cs.publicInputs).to.equal(6);
    const names = [1, 2, 3, 4, 5, 6].map((wire) => circuit.names(wire));
    const order = ['commitment[0]', 'commitment[1]', 'low', 'high', 'session', 'context'];
    expect(names).to.deep.equal(order.map((name) => [`main.${name}`]));
  });

  it('computes what the plain computation does, for any total, band and blinding', async () => {
    const range = fc.integer({ min: -totalOffset, max: totalOffset - 1 });
    const blinding = fc.oneof(fc.constantFrom(0n, 1n, subgroupOrder - 1n), fc.bigInt({ min: 0n, max: subgroupOrder - 1n }));
    const end = fc.option(range, { nil: null });
    await fc.assert(
      fc.asyncProperty(range, end, end, blinding, async (points, low, high, blinding) => {
        const from = low === null ? null : Math.min(low, points);
        const below = high === null && from !== null ? null : Math.max(high ?? 0, points + 1);
        const some = bandCase({ points, blinding, base: 0, band: { from, below } });
        const prepared = valueIn(prepareBandProof(some.facts, some.total));
        const witness = await circuit.witness(prepared.inputs);
        expect(brokenRules(witness)).to.deep.equal([]);
        expect(witness.slice(1, 7)).to.deep.equal(bandPublicInputs(prepared.statement));
      }),
      {
        numRuns: 40,
        examples: [
          [-totalOffset, null, -totalOffset, 0n],
          [totalOffset - 1, totalOffset - 1, null, 1n],
        ],
      },
    );
  }).timeout(120_000);

  it('catches every single wire that is one more or one less than it should be', async () => {
    const lowest = bandCase({ points: -totalOffset, base: 0, band: { from: null, below: 1 - totalOffset } });
    for (const some of [inputs, valueIn(prepareBandProof(lowest.facts, lowest.total)).inputs]) {
      const witness = await circuit.witness(some);
      for (const change of [1n, -1n]) expect(freeWires(circuit.r1cs, witness, change).map(circuit.names)).to.deep.equal([]);
    }
  });

  describe('refuses a dishonest witness for the reason meant', () => {
    const total = inputs.offsetTotal as bigint;
    const cases: readonly (readonly [what: string, changes: CircuitInputs, broken: readonly string[]])[] = [
      ['a band that begins above the score', { low: total + 1n }, ['lower end of the band']],
      ['a band that ends at the score', { high: total }, ['upper end of the band']],
      ['a band far below', { low: 0n, high: 1n }, ['upper end of the band']],
      ['a band far above', { low: 2n ** 23n - 1n, high: 2n ** 23n }, ['lower end of the band']],
      ['a lower end around the field', { low: total + 2n ** 23n }, ['lower end of the band']],
      ['a total past the range', { offsetTotal: 2n ** 23n, low: 1n, high: 2n ** 23n + 1n }, ['range of the total']],
      ['a total below the range', { offsetTotal: bn254ScalarOrder - 1n, low: bn254ScalarOrder - 2n, high: 1n }, ['range of the total']],
      ['a blinding of more bits', { blinding: 2n ** 251n }, ['blinding']],
    ];
    for (const [what, changes, broken] of cases) it(what, async () => expect(await brokenBy(changes)).to.deep.equal(broken));

    it("another total under the same commitment, which the circuit's own gives away", async () => {
      const witness = await circuit.witness({ ...inputs, offsetTotal: total + 1n });
      const commitment = bandPublicInputs(statement).slice(0, 2);
      expect(witness.slice(1, 3)).to.not.deep.equal(commitment);
      expect(brokenRules(witness.with(1, commitment[0]!).with(2, commitment[1]!))).to.deep.equal(['commitment to the total']);
    });

    it('public inputs of another commitment, band, session or asker put into a finished witness', async () => {
      const witness = await circuit.witness(inputs);
      const expected = [
        'commitment to the total',
        'commitment to the total',
        'lower end of the band',
        'upper end of the band',
        'session',
        'asker',
      ];
      for (const [at, rule] of expected.entries()) expect(brokenRules(witness.with(at + 1, 12345n))).to.deep.equal([rule]);
    });
  });
});
