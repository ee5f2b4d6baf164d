import type { DatasetId, MemberId, ModelId } from '../domain/ids.ts';
import { checkMember } from '../domain/membership.ts';
import type { Model } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result } from '../domain/result.ts';
import { ownModel, providersOf } from './held-models.ts';
import { type ModelDelivery, modelClaims } from './model-delivery.ts';
import type { Modules } from './modules.ts';

/** `auditors` get every part, to measure what the model gives away. */
export type DeliverModelInput = { readonly model: ModelId; readonly version: number; readonly auditors: readonly MemberId[] };
/** `to`: the members it goes to; `delivered`: those that have it already, the others get it as soon as they can be reached. */
export type ModelDelivered = { readonly to: readonly MemberId[]; readonly delivered: readonly MemberId[] };

/** How long the caller waits for the other gateways, in milliseconds. */
const waitMs = 3_000;

const partsFor = (view: RegistryView, model: Model, to: MemberId, auditors: readonly MemberId[]): DatasetId[] => {
  const providers = providersOf(view, model);
  return model.parts.flatMap(({ dataset }, place) => (auditors.includes(to) || providers[place] === to ? [dataset] : []));
};

/**
 * Hands a version of this institution's model on: the document to every active member, to each provider its own part, all parts to the auditors named. Durable before
 * it is answered; may be repeated, for a member that joined later or an auditor named later. Refuses with MODEL_UNKNOWN, MODEL_NOT_OURS or why an auditor is none.
 */
export const deliverModel = async (modules: Modules, input: DeliverModelInput): Promise<Result<ModelDelivered>> => {
  const { member, ledger, outbox } = modules;
  const { model: id, version, auditors } = input;
  await ledger.freshen();
  const view = ledger.head();
  const model = ownModel(view, member, id, version);
  if (!model.ok) return model;
  for (const auditor of auditors) {
    const checked = checkMember(view, auditor, 'auditor');
    if (!checked.ok) return checked;
  }
  const deliveries = view
    .members()
    .filter((other) => other.status === 'active' && other.id !== member)
    .map(({ id: to }): ModelDelivery => ({ kind: 'model', to, model: id, version, parts: partsFor(view, model.value, to, auditors) }));
  // All that is needed is here, and every receiver of a part has a key: else nothing goes out.
  for (const delivery of deliveries) {
    const claims = await modelClaims(modules, delivery);
    if (!claims.ok) return claims;
  }
  const keys = await Promise.all(deliveries.map((delivery) => outbox.enqueue(delivery)));
  const finished = await Promise.all(keys.map((key) => outbox.finished(key, waitMs)));
  const to = deliveries.map((delivery) => delivery.to);
  return ok({ to, delivered: to.filter((_, place) => finished[place] === true) });
};
