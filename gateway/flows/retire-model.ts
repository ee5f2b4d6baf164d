import type { ModelId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { retireModel as retireCall } from '../ports/ledger-calls.ts';
import { ownModel } from './held-models.ts';
import type { Modules } from './modules.ts';

/** The owner ends a version for good. Decided on the newest block known, whatever its age: stopping never waits. Refuses with MODEL_UNKNOWN, MODEL_NOT_OURS, MODEL_RETIRED. */
export const retireModel = async (
  { member, ledger, writer }: Modules,
  model: ModelId,
  version: number,
): Promise<Result<{ readonly block: number }>> => {
  const found = ownModel(ledger.head(), member, model, version);
  if (!found.ok) return found;
  if (found.value.retired) return refuse('MODEL_RETIRED', { model, version });
  const included = await writer.submit(retireCall(model, version));
  return included.ok ? ok({ block: included.value.block }) : included;
};
