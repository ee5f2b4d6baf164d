import { logSuite } from '../audit/checkpoint.ts';
import { XinshuError } from '../domain/errors.ts';
import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { anchorCheckpoints } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

export type AnchorModules = Pick<Modules, 'member' | 'ledger' | 'writer' | 'audit' | 'checkpoints' | 'meter'>;
/** What is anchored now; `anchored` is false when there was nothing new. */
export type AnchorLogOutput = { readonly size: number; readonly root: Hex; readonly block: number; readonly anchored: boolean };

/** Leaves of the own log that no anchored checkpoint covers yet. */
export const anchorLag = ({ member, ledger, audit }: Pick<Modules, 'ledger' | 'member' | 'audit'>): number =>
  audit.size() - (ledger.head().latestAnchor(member, audit.log)?.size ?? 0);

/**
 * Puts a published checkpoint that covers the durable log on chain, with the proof that it extends the last one there (RFC 9162 §2.1.4) and the signature it was
 * published with. What is anchored is read from the chain each time, so it goes on by itself after a crash. Refuses with what the chain says. Throws LOG_BEHIND_ANCHOR when the log
 * has lost what was anchored: nothing may be written to it then.
 */
export const anchorLog = async (modules: AnchorModules): Promise<Result<AnchorLogOutput>> => {
  const result = await anchor(modules);
  modules.meter.anchor(result.ok ? 'ok' : result.refusal.code);
  return result;
};

const anchor = async ({ member, ledger, writer, audit, checkpoints }: AnchorModules): Promise<Result<AnchorLogOutput>> => {
  const last = ledger.head().latestAnchor(member, audit.log);
  const now = audit.size();
  if (last !== undefined && now < last.size) throw new XinshuError('LOG_BEHIND_ANCHOR', { size: now, anchored: last.size });
  if (last !== undefined && now === last.size) return ok({ size: now, root: last.root, block: last.block, anchored: false });
  if (now === 0) return ok({ size: now, root: await audit.root(0), block: ledger.head().block.number, anchored: false });
  const { size, root, chainSignature } = await checkpoints.fresh();
  const consistency = last === undefined ? [] : await audit.consistency(last.size, size);
  const call = anchorCheckpoints([{ member, log: audit.log, suite: logSuite, size, root, consistency, signature: chainSignature }]);
  const included = await writer.submit(call);
  if (!included.ok) return included;
  // A refused entry doesn't revert the transaction: the event says so.
  const anchored = included.value.events.some((event) => event.name === 'Anchored');
  return anchored
    ? ok({ size, root, block: included.value.block, anchored: true })
    : refuse('ANCHOR_REFUSED', { size, block: included.value.block });
};
