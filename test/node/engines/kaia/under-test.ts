import type { KaiaBinaries } from '../../../../node/engines/kaia/binary/cache.ts';
import { makeKaiaNetwork } from '../../../helpers/kaia-network.ts';
import type { EngineUnderTest } from '../conformance.ts';

/** Four real validators on a fresh chain; `kill` ends all of them at once. */
export async function kaiaUnderTest(binaries: KaiaBinaries): Promise<EngineUnderTest> {
  const network = await makeKaiaNetwork(binaries);
  let current = network.engine();
  return {
    engine: current,
    kill: async () => {
      await Promise.all(current.validators.map((validator) => validator.kill()));
    },
    again: () => {
      current = network.engine();
      return current;
    },
    remove: async () => {
      await current.stop();
      await network.remove();
    },
  };
}
