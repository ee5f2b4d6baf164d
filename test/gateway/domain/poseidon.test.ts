import { Field } from '@noble/curves/abstract/modular.js';
import { grainGenConstants, poseidon } from '@noble/curves/abstract/poseidon.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { bn254ScalarOrder, poseidonHash } from '../../../gateway/domain/poseidon.ts';

/** circomlib, circuits/poseidon.circom */
const roundsPartial = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

describe('domain/poseidon (circomlib parameters)', () => {
  // test/poseidoncircuit.js and test/poseidon.js of circomlib and circomlibjs
  const known: readonly (readonly [readonly bigint[], bigint])[] = [
    [[1n], 18586133768512220936620570745912940619677854269274689475585506675881198879027n],
    [[1n, 2n], 7853200120776062878684798364095072458815029376092732009249414926327459813530n],
    [[1n, 2n, 3n, 4n], 18821383157269793795438455681495246036402687001665670618754263018637548127333n],
    [[1n, 2n, 0n, 0n, 0n], 1018317224307729531995786483840663576608797660851238720571059489595066344487n],
    [[3n, 4n, 0n, 0n, 0n], 5811595552068139067952687508729883632420015185677766880877743348592482390548n],
    [[1n, 2n, 3n, 4n, 5n, 6n], 20400040500897583745843009878988256314335038853985262692600694741116813247201n],
  ];
  for (const [inputs, expected] of known) {
    it(`hashes [${inputs.join(', ')}]`, () => expect(poseidonHash(inputs)).to.equal(expected));
  }

  it('takes 1 to 16 field elements and nothing else', () => {
    for (const inputs of [[], Array(17).fill(0n), [-1n], [bn254ScalarOrder]]) expect(() => poseidonHash(inputs)).to.throw(RangeError);
    expect(() => poseidonHash([bn254ScalarOrder - 1n])).not.to.throw();
  });

  // The permutation as the paper writes it, over the same constants: slow, and short enough to be right.
  const plain = (inputs: number, roundsPartial: number): ((values: readonly bigint[]) => bigint) => {
    const parameters = { Fp: Field(bn254ScalarOrder), t: inputs + 1, roundsFull: 8, roundsPartial, sboxPower: 5 };
    const permute = poseidon({ ...parameters, ...grainGenConstants(parameters) });
    return (values) => permute([0n, ...values])[0]!;
  };
  const field = fc.bigInt({ min: 0n, max: bn254ScalarOrder - 1n });
  for (const [at, rounds] of roundsPartial.entries()) {
    it(`gives what the plain permutation gives, for ${at + 1} inputs`, () => {
      const expected = plain(at + 1, rounds);
      const inputs = fc.array(fc.oneof(field, fc.constantFrom(0n, 1n, bn254ScalarOrder - 1n)), { minLength: at + 1, maxLength: at + 1 });
      fc.assert(
        fc.property(inputs, (values) => poseidonHash(values) === expected(values)),
        { numRuns: 20 },
      );
    });
  }
});
