import { decodeLeaf } from '../../audit/leaf.ts';
import { XinshuError } from '../../domain/errors.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { Log } from '../../ports/log.ts';

/** Further back than this is no correction of a clock by its time service, and no waiting for each other. */
export const quietStepBackMs = 60_000;

const newestTime = async (audit: AuditStore): Promise<number> => {
  const size = audit.size();
  for await (const { leaf } of audit.leaves(Math.max(0, size - 1), size)) {
    const decoded = decodeLeaf(leaf);
    if (!decoded.ok) throw new XinshuError('STORE_CORRUPT', { part: 'leaf', index: size - 1 });
    return decoded.value.time;
  }
  return 0;
};

/**
 * The log with times that never go back: a draft older than the newest entry gets that one's time. Not a refusal: a clock that once was far ahead would then stop
 * the gateway until that time has come, and no decision rests on these times. What is more than a correction is said once, and once that it is over.
 */
export const chronological = async (audit: AuditStore, log: Log): Promise<AuditStore> => {
  let newest = await newestTime(audit);
  let behind = false;
  const watch = (behindMs: number): void => {
    if (!behind && behindMs > quietStepBackMs) {
      behind = true;
      log.error({ behindMs }, 'the clock is behind the newest entry of the log, which the next entries get their time from');
    } else if (behind && behindMs <= 0) {
      behind = false;
      log.info({}, 'the clock has reached the newest entry of the log again');
    }
  };
  return {
    ...audit,
    append: (request) => {
      const behindMs = newest - request.draft.time;
      watch(behindMs);
      newest = Math.max(newest, request.draft.time);
      return audit.append(behindMs > 0 ? { ...request, draft: { ...request.draft, time: newest } } : request);
    },
  };
};
