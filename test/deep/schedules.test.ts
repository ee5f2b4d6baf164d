import { mirroredSchedules } from '../helpers/schedules/mirrored-schedules.ts';

mirroredSchedules({ runs: Number(process.env.RUNS ?? 10_000), seed: Number(process.env.SEED ?? 20260401) });
