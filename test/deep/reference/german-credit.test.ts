import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Report } from '../../../scripts/dev/report.ts';
import { startReferenceNetwork } from '../../../scripts/reference/german-credit/network.ts';
import { defaultFolder, hasReference, readReference } from '../../../scripts/reference/german-credit/read-reference.ts';
import { consentOfAll, scoreApplicants } from '../../../scripts/reference/german-credit/score-applicants.ts';
import { freePortBase } from '../../e2e/free-ports.ts';

describe('German credit at four running gateways', () => {
  it("gives the other tool's scores, with proofs and without; a wrong reference is told apart", async function () {
    if (!hasReference(defaultFolder)) {
      console.log(`      not run: no reference in ${defaultFolder}`);
      this.skip();
    }
    const whole = readReference(defaultFolder);
    const reference = { ...whole, applicants: whole.applicants.slice(0, 8) };
    const root = await mkdtemp(join(tmpdir(), 'xinshu-german-credit-'));
    try {
      const network = await startReferenceNetwork(root, await freePortBase(), reference, new Report(true));
      try {
        const consents = await consentOfAll(network, reference, () => {});
        // The last one's score is put down as one point less than it is.
        const last = reference.applicants.at(-1)!.number;
        const found = whole.scores.get(last)!;
        const scores = new Map([...whole.scores, [last, found - 1]]);
        const outcome = await scoreApplicants(network, { ...reference, scores }, consents, 2, () => {});
        expect(outcome).to.deep.equal({
          applicants: 8,
          equal: 7,
          proved: 2,
          mismatches: [{ applicant: last, expected: found - 1, got: found }],
        });
      } finally {
        await network.stop();
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
