import { expectedOf, isThere, missing, type UsageHalves } from '../../audit/usage-halves.ts';
import type { UsageId } from '../../domain/ids.ts';
import { CliFailure } from '../failure.ts';
import { auditLog } from './audit-log.ts';
import { type Desk, note } from './desk.ts';
import type { LogSource } from './log-source.ts';

/** A log that could not be read this time. */
export type Unread = { readonly name: string; readonly code: string; readonly message: string };

/** Names what another log lacks although it was read whole, by a checkpoint that it signed after the first half had been seen. */
const judgeAwaited = async (desk: Desk): Promise<void> => {
  const { state } = desk;
  const readIn = new Map((await state.logs()).map(({ member, round }) => [member, round]));
  for await (const { usage, since } of state.awaited()) {
    const halves = state.halves(usage);
    if (judge(desk, usage, halves, since, readIn)) state.setAwaited(usage, undefined);
  }
  await state.commit();
};

/** True once nothing more is to be waited for. */
const judge = (desk: Desk, usage: UsageId, halves: UsageHalves, since: number, readIn: ReadonlyMap<string, number>): boolean => {
  let done = true;
  for (const expected of expectedOf(halves)) {
    if (isThere(halves, expected)) continue;
    const read = readIn.get(expected.member);
    // Nobody gave this auditor that log: nothing can be said of it.
    if (read === undefined) continue;
    if (read <= since) {
      done = false;
      continue;
    }
    const erased = expected.steps.find((step) => desk.state.erased(expected.member, step) > 0);
    if (erased === undefined) note(desk, missing(usage, expected));
    else desk.state.addErased(expected.member, erased, -1);
  }
  return done;
};

/** Every log once, each as far as it goes now; then what of earlier rounds is missing. */
export const auditRound = async (desk: Desk, sources: readonly LogSource[]): Promise<readonly Unread[]> => {
  const round = desk.state.beginRound();
  await desk.state.commit();
  const unread: Unread[] = [];
  for (const source of sources) {
    try {
      await auditLog(desk, source, round);
    } catch (failure) {
      desk.state.abandon();
      if (!(failure instanceof CliFailure)) throw failure;
      unread.push({ name: source.name, code: failure.code, message: failure.message });
    }
  }
  await judgeAwaited(desk);
  return unread;
};
