import type { ConsentId, Hex } from '../domain/ids.ts';
import { messageTypes } from '../sealing/messages.ts';
import type { Modules } from './modules.ts';

/** How a log ends for one consent, signed: an entry beyond it that turns up at a lower index than `size` is evidence against this member. */
export type HistoryEnd = {
  readonly statement: string;
  readonly size: number;
  /** RFC 9162 §2.1.4 from the newest anchor to `size`, and from the size the subject named to `size`. */
  readonly anchored: { readonly size: number; readonly proof: readonly Hex[] } | undefined;
  readonly since: readonly Hex[];
};

/** States that this log, at this size and root, holds `count` entries under the consent. */
export const endHistory = async (
  { member, ledger, audit, keys, clock }: Modules,
  { consent, report, count, size, since }: { consent: ConsentId; report: Hex; count: number; size: number; since: number },
): Promise<HistoryEnd> => {
  const claims = {
    v: 1,
    chain: ledger.chainId,
    iss: member,
    iat: Math.floor(clock.now() / 1000),
    consent,
    report,
    log: audit.log,
    count,
    size,
  };
  const statement = await keys.sign(messageTypes.historyEnd, { ...claims, root: await audit.root(size) });
  const anchor = ledger.head().latestAnchor(member, audit.log);
  const anchored =
    anchor === undefined || anchor.size > size ? undefined : { size: anchor.size, proof: await audit.consistency(anchor.size, size) };
  return { statement, size, anchored, since: await audit.consistency(since, size) };
};
