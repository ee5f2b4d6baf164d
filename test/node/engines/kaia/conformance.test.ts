import { describeOnKaia } from '../../../helpers/kaia-network.ts';
import { engineConformance } from '../conformance.ts';
import { kaiaUnderTest } from './under-test.ts';

describeOnKaia('four Kaia validators', (binaries) => engineConformance('kaia', () => kaiaUnderTest(binaries)));
