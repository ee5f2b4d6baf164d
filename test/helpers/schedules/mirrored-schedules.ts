import { expect } from 'chai';
import fc from 'fast-check';
import type { GatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { levelStore } from '../level-store.ts';
import { mirroredWorld } from './mirrored-world.ts';
import { Difference, newTally, runSchedule, type Tally } from './run-schedule.ts';
import { scheduleArbitrary } from './schedule-arbitrary.ts';

/** Codes that a decision can end with, each of which a long enough run must have met; and so must leaving its rule out of the model be noticed. */
export const decidedCodes: readonly string[] = [
  ...['MEMBER_SUSPENDED', 'DATASET_UNKNOWN', 'DATASET_RETIRED', 'PURPOSE_UNKNOWN', 'OPERATION_NOT_ALLOWED', 'FIELD_UNKNOWN'],
  ...['GRANT_MISSING', 'GRANT_REVOKED', 'GRANT_EXPIRED', 'GRANT_NOT_YET_VALID', 'GRANT_MISMATCH', 'GRANT_FIELD_MISMATCH'],
  ...['GRANT_PURPOSE_MISMATCH', 'GRANT_OPERATION_MISMATCH', 'GRANT_QUOTA_USED'],
  ...['CONSENT_MISSING', 'CONSENT_UNKNOWN', 'CONSENT_WITHDRAWN', 'CONSENT_RENEWED', 'CONSENT_EXPIRED', 'CONSENT_NOT_YET_VALID'],
  ...['CONSENT_GRANTEE_MISMATCH', 'CONSENT_DATASET_MISMATCH', 'CONSENT_FIELD_MISMATCH', 'CONSENT_PURPOSE_MISMATCH'],
  ...['CONSENT_OPERATION_MISMATCH', 'CONSENT_SUBJECT_MISMATCH', 'CONSENT_OPENING_MISSING', 'CONSENT_OPENING_INVALID', 'CONSENT_USED_UP'],
  ...['CREDENTIAL_EXPIRED', 'CREDENTIAL_REVOKED', 'CREDENTIAL_ISSUER_NOT_ACCEPTED', 'REVIEW_REQUIRED', 'REVIEW_SAME_PERSON'],
];
/** What always comes with another reason: no consent but its own grantee's credential, and that issuer is never believed either. */
export const alsoMet = ['CREDENTIAL_ISSUER_IS_GRANTEE'];

export const report = ({ schedules, acts, taken, served, refused }: Tally): string => {
  const refusals = [...refused.values()].reduce((sum, count) => sum + count, 0);
  return `      ${schedules} schedules: ${taken} of ${acts} acts taken, ${served} usages served, ${refusals} refused with ${refused.size} codes`;
};

/** Random schedules against authorize(), the mirror's reducer and a real store on disk. */
export const mirroredSchedules = ({
  runs,
  seed,
  leftOut = decidedCodes,
}: {
  readonly runs: number;
  readonly seed: number;
  /** Rules whose absence from the model must be noticed. */
  readonly leftOut?: readonly string[];
}): void => {
  describe(`${runs} random schedules against an independent model (SEED=${seed})`, function () {
    this.timeout(0);
    let store: GatewayStore;
    let salts = 0;
    const check = (numRuns: number, tally: Tally, without?: string) =>
      fc.check(
        fc.asyncProperty(scheduleArbitrary({ onChain: false }), async (schedule) => {
          salts += 1;
          const world = await mirroredWorld(store.audit, schedule, `${seed}/${salts}`);
          await runSchedule(world, schedule, tally, without === undefined ? {} : { without });
        }),
        { seed, numRuns, endOnFailure: without !== undefined },
      );
    before(async () => {
      store = await levelStore();
    });
    after(() => store.close());

    it('decides, counts and refuses as the rules do', async () => {
      const tally = newTally();
      const details = await check(runs, tally);
      console.log(report(tally));
      if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
      expect(tally.schedules).to.equal(runs);
      expect(tally.served).to.be.greaterThan(runs / 2);
      if (runs >= 10_000)
        expect(
          [...decidedCodes, ...alsoMet].filter((code) => !tally.refused.has(code)),
          'never met',
        ).to.deep.equal([]);
    });

    it('would find a rule left out', async () => {
      for (const without of leftOut) {
        const details = await check(20_000, newTally(), without);
        expect(details.errorInstance, `${without} left out, unnoticed in ${details.numRuns} schedules`).to.be.instanceOf(Difference);
      }
    });
  });
};
