import { chainSchedules } from '../helpers/schedules/chain-schedules.ts';

chainSchedules({ runs: Number(process.env.CHAIN_RUNS ?? 200), seed: Number(process.env.SEED ?? 20260401) });
