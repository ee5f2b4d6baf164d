import { XinshuError } from '../domain/errors.ts';
import { checkScope } from '../domain/grant-scope.ts';
import type { GrantId, Hex } from '../domain/ids.ts';
import type { GrantScope } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { amendGrant as amendCall } from '../ports/ledger-calls.ts';
import { decideFresh } from './decide-fresh.ts';
import type { Modules } from './modules.ts';

/** What is left out stays as it is. */
export type GrantAmended = {
  readonly grant: GrantId;
  readonly scope: Partial<GrantScope>;
  readonly priceFen: bigint | undefined;
  readonly termsHash: Hex | undefined;
};

/** The provider replaces scope, price or terms of a grant; the next version holds from its block on. */
export const amendGrant = async (
  { member, ledger, writer, clock }: Modules,
  { grant, scope, priceFen, termsHash }: GrantAmended,
): Promise<Result<{ readonly version: number; readonly block: number }>> => {
  const view = await decideFresh({ ledger, clock });
  if (!view.ok) return view;
  const found = view.value.grant(grant);
  const dataset = found === undefined ? undefined : view.value.dataset(found.dataset);
  if (found === undefined || dataset === undefined) return refuse('GRANT_UNKNOWN', { grant });
  if (found.provider !== member) return refuse('GRANT_NOT_OURS', { grant });
  if (found.state === 'revoked') return refuse('GRANT_REVOKED', { grant });
  const amended = { ...found.scope, ...scope };
  const checked = checkScope(amended, dataset, view.value.block.time);
  if (!checked.ok) return checked;
  const included = await writer.submit(amendCall(grant, amended, priceFen ?? found.priceFen, termsHash ?? found.termsHash));
  if (!included.ok) return included;
  const version = included.value.events.find(({ name }) => name === 'GrantAmended')?.args.version;
  if (version === undefined) throw new XinshuError('LEDGER_ANSWER_INVALID', { method: 'amend', transaction: included.value.transaction });
  return ok({ version: Number(version), block: included.value.block });
};
