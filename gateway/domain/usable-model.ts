import type { MemberId, ModelId } from './ids.ts';
import { leakageWithin } from './model-leakage.ts';
import type { Model } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';

// Values of the network parameter `model-approval`.
const byCouncil = 0;

const isApproved = (view: RegistryView, model: Model): boolean =>
  view.parameter('model-approval') === byCouncil
    ? model.approvedByCouncil
    : model.parts.every(({ dataset }) => model.approvedParts.includes(dataset));

/**
 * A model that a consumer may run at the view's block: registered, within its time, not retired, approved as the network says, of enough contributors, and leaking no more
 * than the network allows, by the word of someone who is neither its owner nor the consumer.
 */
export const usableModel = (view: RegistryView, id: ModelId, version: number, consumer: MemberId): Result<Model> => {
  const facts = { model: id, version };
  const model = view.model(id, version);
  if (model === undefined) return refuse('MODEL_UNKNOWN', facts);
  if (model.retired) return refuse('MODEL_RETIRED', facts);
  if (view.block.time < model.notBefore || view.block.time >= model.notAfter)
    return refuse('MODEL_OUT_OF_TIME', { ...facts, notBefore: model.notBefore, notAfter: model.notAfter });
  if (!isApproved(view, model)) return refuse('MODEL_NOT_APPROVED', facts);
  const least = Math.max(model.minContributors, view.parameter('min-contributors'));
  if (model.parts.length < least) return refuse('MODEL_TOO_FEW_CONTRIBUTORS', { ...facts, least, parts: model.parts.length });
  const leakage = leakageWithin(view, model, consumer);
  return leakage.ok ? ok(model) : leakage;
};
