import { expect } from 'chai';
import { faults } from '../../helpers/faulty-database.ts';
import { type CellOutcome, runMatrix } from './run-matrix.ts';
import { durableWrites } from './writes.ts';

describe('faults: every durable write of the log', function () {
  this.timeout(300_000);
  let outcomes: readonly CellOutcome[];
  before(async () => {
    outcomes = await runMatrix();
  });

  for (const { name } of durableWrites) {
    it(`${name}: nothing answered is lost, nothing is signed twice differently, whether it ${faults.join(', ')}`, () => {
      const cells = outcomes.filter(({ write }) => write === name);
      expect(cells.map(({ fault, wrong }) => [fault, wrong])).to.deep.equal(faults.map((fault) => [fault, []]));
    });
  }
});
