import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bn254 } from '@noble/curves/bn254.js';
import { expect } from 'chai';
import { type AcceptedKeys, readArtefacts, shippedArtefacts } from '../../../../gateway/adapters/prover/artefacts.ts';
import { openProver } from '../../../../gateway/adapters/prover/open-prover.ts';
import { sha256Hex } from '../../../../gateway/domain/hash.ts';
import { type Groth16Proof, publicInputs } from '../../../../gateway/domain/points-proof.ts';
import { bn254ScalarOrder } from '../../../../gateway/domain/poseidon.ts';
import type { Proved, Prover } from '../../../../gateway/ports/prover.ts';
import { preparePointsProof } from '../../../../gateway/scoring/points-witness.ts';
import { pointsCase } from '../../../helpers/points-case.ts';
import { valueIn } from '../../../helpers/refusal.ts';
import { rejection } from '../../../helpers/rejection.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../helpers/temporary-folder.ts';

const options = { accept: 'trial keys too', maxWaiting: 8, idleMs: 60_000 } as const;
const { statement, inputs } = valueIn(
  preparePointsProof(pointsCase({ part: [{ kind: 'numeric', missing: -5, bins: [{ below: undefined, points: 7 }] }], codes: [0] })),
);

/** A point on the twist outside the subgroup of order r: the first that a small x gives and the library doesn't take. */
const outsideSubgroup = (): Groth16Proof['b'] => {
  const { Fp2 } = bn254.fields;
  for (let c0 = 1n; c0 < 100n; c0 += 1n) {
    const x = Fp2.create({ c0, c1: 0n });
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b));
      if (!bn254.G2.Point.fromAffine({ x, y }).isTorsionFree())
        return [
          [x.c0, x.c1],
          [y.c0, y.c1],
        ];
    } catch {
      // No point has this x.
    }
  }
  throw new Error('none found');
};

describe('adapters/prover', () => {
  describe('proofs', () => {
    let prover: Prover;
    let proved: Proved;

    before(async function () {
      this.timeout(120_000);
      prover = openProver(options);
      proved = await prover.prove(inputs);
    });
    after(() => prover.close());

    it('proves the statement that was computed plainly', async () => {
      expect(proved.publicInputs).to.deep.equal(publicInputs(statement));
      expect(await prover.verify(proved.publicInputs, proved.proof)).to.equal(true);
    });

    it('verifies for no other commitment, root, consent, part or session', async () => {
      for (const at of proved.publicInputs.keys()) {
        const foreign = proved.publicInputs.with(at, proved.publicInputs[at]! + 1n);
        expect(await prover.verify(foreign, proved.proof), `public input ${at}`).to.equal(false);
      }
      for (const some of [proved.publicInputs.slice(1), [...proved.publicInputs, 0n], []]) {
        expect(await prover.verify(some, proved.proof), `${some.length} public inputs`).to.equal(false);
      }
    });

    it('takes no public input or coordinate a second time modulo the field', async () => {
      const { a, b, c } = proved.proof;
      const { ORDER } = bn254.fields.Fp;
      expect(await prover.verify(proved.publicInputs.with(5, proved.publicInputs[5]! + bn254ScalarOrder), proved.proof)).to.equal(false);
      expect(await prover.verify(proved.publicInputs, { a: [a[0] + ORDER, a[1]], b, c })).to.equal(false);
      expect(await prover.verify(proved.publicInputs, { a: [a[0] - ORDER, a[1]], b, c })).to.equal(false);
    });

    it('takes no changed proof, point off the curve or out of the subgroup', async () => {
      const { a, b, c } = proved.proof;
      const forged: readonly Groth16Proof[] = [
        { a: c, b, c: a },
        { a: [a[0], a[1] + 1n], b, c },
        { a, b: [b[0], [b[1][0] + 1n, b[1][1]]], c },
        { a, b: outsideSubgroup(), c },
        { a: [0n, 0n], b, c },
      ];
      for (const proof of forged) expect(await prover.verify(proved.publicInputs, proof)).to.equal(false);
    });

    it('says so when the inputs satisfy no proof, and goes on', async () => {
      await rejection('PROOF_IMPOSSIBLE', () => prover.prove({ ...inputs, session: 1n, leafSalt: 1n }));
      await rejection('PROOF_IMPOSSIBLE', () => prover.prove({ ...inputs, features: [1n] }));
      expect(await prover.verify(proved.publicInputs, proved.proof)).to.equal(true);
    });
  });

  describe('its process', () => {
    let folder: TemporaryFolder;
    const verification = () => join(folder.path, 'artefacts', 'verification-key.json');

    beforeEach(async () => {
      folder = await temporaryFolder();
      mkdirSync(join(folder.path, 'artefacts'));
      cpSync(join(shippedArtefacts.points, 'artefacts.json'), join(folder.path, 'artefacts.json'));
      cpSync(join(shippedArtefacts.points, 'artefacts', 'verification-key.json'), verification());
      for (const name of ['points.wasm', 'points.zkey']) {
        symlinkSync(join(shippedArtefacts.points, 'artefacts', name), join(folder.path, 'artefacts', name));
      }
    });
    afterEach(() => folder.remove());

    const noProof: Groth16Proof = {
      a: [1n, 2n],
      b: [
        [0n, 0n],
        [0n, 0n],
      ],
      c: [1n, 2n],
    };

    it('is started again after it has died', async () => {
      const prover = openProver({ ...options, folder: folder.path });
      const kept = readFileSync(verification());
      writeFileSync(verification(), `${kept} `);
      const { detail } = await rejection('PROVER_FAILED', () => prover.verify([], noProof));
      expect(detail.reason).to.include('ARTEFACT_ALTERED');
      writeFileSync(verification(), kept);
      expect(await prover.verify([], noProof)).to.equal(false);
      await prover.close();
    });

    it('ends when there is nothing to do, and comes back', async () => {
      const prover = openProver({ ...options, folder: folder.path, idleMs: 0 });
      for (let round = 0; round < 2; round += 1) {
        expect(await prover.verify([], noProof)).to.equal(false);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await prover.close();
    });

    it('fails what is under way when it is closed, and all that comes later', async () => {
      const prover = openProver(options);
      const waiting = [1, 2].map(() => rejection('PROVER_FAILED', () => prover.prove(inputs)));
      await prover.close();
      await Promise.all(waiting);
      await rejection('PROVER_FAILED', () => prover.verify([], noProof));
    });

    it('lets only so many wait', async () => {
      const prover = openProver({ ...options, maxWaiting: 1 });
      const waiting = [1, 2].map(() => rejection('PROVER_FAILED', () => prover.prove(inputs)));
      await rejection('OVERLOADED', () => prover.prove(inputs));
      await prover.close();
      await Promise.all(waiting);
    });

    it('is not opened over an altered, missing or unknown artefact, or trial keys where they are not taken', () => {
      const codeOf = (accept: AcceptedKeys = 'trial keys too'): unknown => {
        try {
          return readArtefacts(folder.path, 'points', accept);
        } catch (error) {
          return (error as { code?: string }).code;
        }
      };
      expect(codeOf('keys of a ceremony')).to.equal('ARTEFACTS_FOR_TRIAL');
      const kept = readFileSync(verification());
      const flipped = Buffer.from(kept);
      flipped[40]! ^= 1;
      writeFileSync(verification(), flipped);
      expect(codeOf()).to.equal('ARTEFACT_ALTERED');
      rmSync(verification());
      expect(codeOf()).to.equal('ARTEFACT_UNREADABLE');
      writeFileSync(verification(), kept);
      expect(readArtefacts(folder.path, 'points', 'trial keys too').verificationKeyHash).to.equal(sha256Hex(kept));
      const named = readFileSync(join(shippedArtefacts.points, 'artefacts.json'), 'utf8');
      const wrong = [
        '{',
        '{}',
        'null',
        '{"circuit":"points","use":"trial","files":{}}',
        named.replace('"trial"', '"production"'),
        named.replace('"points"', '"score-band"'),
      ];
      for (const text of wrong) {
        writeFileSync(join(folder.path, 'artefacts.json'), text);
        expect(codeOf(), text).to.equal('ARTEFACT_UNREADABLE');
      }
    });
  });
});
