import { expect } from 'chai';
import fc from 'fast-check';
import { believes, members } from '../electricity.ts';
import { type GatewayNetwork, startGatewayNetwork } from '../gateway-network.ts';
import { chainWorld } from './chain-world.ts';
import { report } from './mirrored-schedules.ts';
import { newTally, runSchedule } from './run-schedule.ts';
import { scheduleArbitrary } from './schedule-arbitrary.ts';

/** Random schedules on real contracts, mirrors and gateways. Not shrunk: each takes seconds of block time. */
export const chainSchedules = ({ runs, seed }: { readonly runs: number; readonly seed: number }): void => {
  describe(`${runs} random schedules on a real chain against the same model (SEED=${seed})`, function () {
    this.timeout(0);
    let network: GatewayNetwork;
    let names = 0;
    before(async () => {
      network = await startGatewayNetwork(members, believes);
    });
    after(() => network.remove());

    it('takes, decides, counts and refuses as the rules do', async () => {
      const tally = newTally();
      const details = await fc.check(
        fc.asyncProperty(scheduleArbitrary({ onChain: true }), async (schedule) => {
          names += 1;
          // Now and then the provider's gateway begins anew, from what is on its disk.
          if (names % 10 === 0) {
            await network.stop('grid-qinchuan');
            await network.start('grid-qinchuan');
          }
          const world = await chainWorld(network, schedule, `s${names}`);
          await runSchedule(world, schedule, tally);
          await world.finish();
        }),
        { seed, numRuns: runs, endOnFailure: true },
      );
      console.log(report(tally));
      if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
      expect(tally.schedules).to.equal(runs);
      expect(tally.served).to.be.greaterThan(0);
    });
  });
};
