import type { AppendRequest } from '../../../gateway/ports/audit-store.ts';
import { consentOf, counterOf, draftOf, requestOf } from '../../helpers/append-requests.ts';

export const consents = 5;

/** The append of this number, the same in the process that is killed and in the one that looks afterwards. */
export const killedRequest = (number: number): AppendRequest =>
  requestOf(number, {
    draft: draftOf(number, { consent: consentOf(number % consents) }),
    counters: [counterOf(`consent/${number % consents}`, 1_000_000), counterOf('grant/all', 1_000_000)],
    attachment: Buffer.from(`attachment ${number}`),
  });
