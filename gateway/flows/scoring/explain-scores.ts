import type { HistoryRequestMessage } from '../../domain/consent-typed-data.ts';
import type { ConsentId, DatasetId, Hex, ModelId, UsageId } from '../../domain/ids.ts';
import type { ModelDocument } from '../../domain/model-document.ts';
import { ok, type Result } from '../../domain/result.ts';
import { checkHistoryOwner } from '../check-history-owner.ts';
import { heldDocument } from '../held-models.ts';
import type { Modules } from '../modules.ts';
import { parseServed } from '../served-record.ts';
import type { ServedScore } from './opening-answer.ts';
import { findPart } from './stored-part.ts';

export type ScoreReason = ModelDocument['reasons'][number];
export type ExplainedScore = {
  readonly usage: UsageId;
  readonly session: Hex;
  readonly model: ModelId;
  readonly version: number;
  readonly dataset: DatasetId;
  /** What this provider's part of the model says of the subject: its word, not a proof. */
  readonly reasons: readonly ScoreReason[];
};

const explain = async (modules: Modules, usage: UsageId): Promise<ExplainedScore | undefined> => {
  const attachment = (await modules.audit.recall(usage, 'served'))?.attachment;
  if (attachment === undefined || attachment === 'erased') return undefined;
  const { session } = parseServed(attachment) as Partial<ServedScore>;
  const part = session === undefined ? undefined : await findPart(modules, session);
  if (session === undefined || part?.dealt === undefined) return undefined;
  const view = modules.ledger.head();
  const { terms } = part.proposal;
  const model = view.model(terms.model, terms.modelVersion);
  const explained = (model && (await heldDocument(modules, model)))?.reasons ?? [];
  const dataset = terms.contributions.find((one) => view.dataset(one.dataset)?.owner === modules.member)!.dataset;
  const reasons = part.dealt.reasons.map((code) => explained.find((one) => one.code === code) ?? { code, zh: code, en: code });
  return { usage, session, model: terms.model, version: terms.modelVersion, dataset, reasons };
};

/**
 * The reason codes of this provider's contributions to scores under one consent, for whoever proves to own the consent's key (rule 45): those among the tagged entries
 * [from, from + count). Refuses as `checkHistoryOwner`.
 */
export const explainScores = async (
  modules: Modules,
  asked: { readonly request: HistoryRequestMessage; readonly signature: Hex },
): Promise<Result<readonly ExplainedScore[]>> => {
  const owner = checkHistoryOwner(modules, asked);
  if (!owner.ok) return owner;
  const { audit } = modules;
  const { consent, from, count } = asked.request;
  const scores: ExplainedScore[] = [];
  for (let n = from; n < from + count; n += 1) {
    const position = await audit.tagged(consent as ConsentId, n);
    if (position === undefined) break;
    const opening = await audit.opening(position.index);
    const score = opening?.step === 'served' && opening.values.operation === 'score' ? await explain(modules, opening.usage) : undefined;
    if (score !== undefined) scores.push(score);
  }
  return ok(scores);
};
