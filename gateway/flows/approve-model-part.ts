import { derivationHash } from '../domain/dataset-schema.ts';
import type { DatasetId, MemberId, ModelId } from '../domain/ids.ts';
import { leakageWithin } from '../domain/model-leakage.ts';
import type { Dataset, Model, ModelPart } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { setPartApproval } from '../ports/ledger-calls.ts';
import { hashPartDocument } from '../scoring/check-part.ts';
import { decideFresh } from './decide-fresh.ts';
import { declaredFeatures } from './declared-features.ts';
import { heldDocument, heldPart, registeredModel } from './held-models.ts';
import type { Modules } from './modules.ts';

export type PartApproval = { readonly model: ModelId; readonly version: number; readonly dataset: DatasetId };
export type PartApproved = { readonly block: number };

type OwnPart = { readonly model: Model; readonly part: ModelPart; readonly dataset: Dataset };

const ownPart = (view: RegistryView, member: MemberId, { model: id, version, dataset }: PartApproval): Result<OwnPart> => {
  const model = registeredModel(view, id, version);
  if (!model.ok) return model;
  const part = model.value.parts.find((one) => one.dataset === dataset);
  const found = view.dataset(dataset);
  if (part === undefined || found === undefined) return refuse('MODEL_UNKNOWN', { model: id, version, dataset });
  return found.owner === member ? ok({ model: model.value, part, dataset: found }) : refuse('MODEL_PART_NOT_OURS', { model: id, dataset });
};

/** The part is here and is the one on chain, and it bins the features that the dataset declares now. */
const checkHeld = async ({ documents }: Pick<Modules, 'documents'>, { model, part, dataset }: OwnPart): Promise<Result<void>> => {
  const document = await heldDocument({ documents }, model);
  const held = await heldPart({ documents }, model, dataset.id);
  if (document === undefined || held === undefined)
    return refuse('MODEL_UNDELIVERED', { model: model.id, version: model.version, dataset: dataset.id });
  const { features } = document.parts.find((one) => one.dataset === dataset.id)!;
  const hashed = hashPartDocument(features, held);
  if (!hashed.ok) return hashed;
  if (hashed.value.partHash !== part.partHash)
    return refuse('MODEL_MISMATCH', { model: model.id, version: model.version, what: dataset.id });
  const declared = await declaredFeatures({ documents }, dataset);
  if (!declared.ok) return declared;
  return derivationHash(declared.value) === part.derivation
    ? ok(undefined)
    : refuse('MODEL_FEATURES_CHANGED', { model: model.id, version: model.version, dataset: dataset.id });
};

/**
 * A provider approves its own part: only one that it holds, that is what the chain says, that bins its dataset's features as they are declared now, of a model whose
 * leakage is within the network's bound. Refuses with MODEL_UNKNOWN, MODEL_PART_NOT_OURS, MODEL_RETIRED, MODEL_UNDELIVERED, MODEL_MISMATCH, MODEL_FEATURES_CHANGED,
 * MODEL_UNREPORTED, MODEL_LEAKS.
 */
export const approveModelPart = async (modules: Modules, asked: PartApproval): Promise<Result<PartApproved>> => {
  const { member, ledger, writer } = modules;
  // The report may stand in a block that is not mirrored yet, and one that came after a good one counts.
  await ledger.freshen();
  const view = await decideFresh(modules);
  if (!view.ok) return view;
  const own = ownPart(view.value, member, asked);
  if (!own.ok) return own;
  if (own.value.model.retired) return refuse('MODEL_RETIRED', { model: asked.model, version: asked.version });
  const held = await checkHeld(modules, own.value);
  if (!held.ok) return held;
  const leakage = leakageWithin(view.value, own.value.model);
  if (!leakage.ok) return leakage;
  const included = await writer.submit(setPartApproval(asked.model, asked.version, asked.dataset, true));
  return included.ok ? ok({ block: included.value.block }) : included;
};

/** A provider takes its approval back; decided on the newest block known, whatever its age: stopping never waits. Refuses with MODEL_UNKNOWN, MODEL_PART_NOT_OURS. */
export const disapproveModelPart = async (modules: Modules, asked: PartApproval): Promise<Result<PartApproved>> => {
  const own = ownPart(modules.ledger.head(), modules.member, asked);
  if (!own.ok) return own;
  const included = await modules.writer.submit(setPartApproval(asked.model, asked.version, asked.dataset, false));
  return included.ok ? ok({ block: included.value.block }) : included;
};
