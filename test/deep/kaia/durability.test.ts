import { describeOnKaia } from '../../helpers/kaia-network.ts';
import { engineDurability } from '../../node/engines/durability.ts';
import { kaiaUnderTest } from '../../node/engines/kaia/under-test.ts';

// Six kills of the whole network; after each, the first round may wait its 10 s, and the next one longer.
describeOnKaia('four Kaia validators', (binaries) => engineDurability('kaia', () => kaiaUnderTest(binaries), 1_200_000));
