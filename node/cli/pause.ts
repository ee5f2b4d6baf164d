import { clockTime } from '../council/clock-time.ts';
import { seconds } from '../council/duration.ts';
import { NodeError } from '../errors.ts';
import { sendCall, tryCall } from '../network/send-call.ts';
import { type CouncilOptions, withCouncil } from './council/open-council.ts';
import { answer, type Output } from './output.ts';

export interface PauseOptions extends CouncilOptions {
  /** Such as 2h. */
  readonly for: string;
  readonly dryRun?: boolean;
}

/** One seat's ask for the emergency pause; when few have asked within the hour, it begins. */
export async function pause(options: PauseOptions, output: Output): Promise<void> {
  const duration = durationOf(options.for);
  await withCouncil(options, async (council) => {
    const { chain, contracts } = council;
    const seat = await council.seat();
    const call = contracts.encode({ contract: 'emergency-pause', method: 'pause', args: [duration] });
    if (options.dryRun === true) await tryCall(chain, seat.address, call);
    else await sendCall(chain, seat.privateKey, call);
    const [until, paused, few] = await Promise.all([
      contracts.view<bigint>('emergency-pause', 'pausedUntil'),
      contracts.view<boolean>('emergency-pause', 'isPaused'),
      contracts.view<bigint>('emergency-pause', 'few'),
    ]);
    const text = paused
      ? `paused until ${clockTime(Number(until))}; withdrawals, revocations, suspensions and anchors go on`
      : `${seat.member} ${options.dryRun === true ? 'may ask' : 'has asked'}; the pause begins when ${few} seats have asked within an hour`;
    answer(
      output,
      { ok: true, ...(options.dryRun === true ? { dryRun: true } : {}), paused, pausedUntil: paused ? Number(until) : 0, few: Number(few) },
      text,
    );
  });
}

function durationOf(text: string): number {
  try {
    return seconds(text);
  } catch (error) {
    throw new NodeError('NODE_USAGE', { option: '--for', given: text }, { cause: error });
  }
}
