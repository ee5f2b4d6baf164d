import { engineConformance } from '../conformance.ts';
import { engineDurability } from '../durability.ts';
import { embeddedUnderTest } from './under-test.ts';

engineConformance('embedded', embeddedUnderTest);
engineDurability('embedded', embeddedUnderTest);
