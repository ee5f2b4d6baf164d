import { chainSchedules } from '../../helpers/schedules/chain-schedules.ts';
import { mirroredSchedules } from '../../helpers/schedules/mirrored-schedules.ts';

// A taste of `npm run test:deep`.
const seed = Number(process.env.SEED ?? 20260401);
mirroredSchedules({ runs: 150, seed, leftOut: ['CONSENT_WITHDRAWN', 'CONSENT_USED_UP', 'GRANT_REVOKED'] });
chainSchedules({ runs: 5, seed });
