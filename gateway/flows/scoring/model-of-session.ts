import { type DatasetSchema, derivationHash } from '../../domain/dataset-schema.ts';
import { fieldsRead } from '../../domain/feature.ts';
import type { DatasetId } from '../../domain/ids.ts';
import type { ModelDocument } from '../../domain/model-document.ts';
import type { Model } from '../../domain/registry-state.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import { type HashedPart, hashPartDocument } from '../../scoring/check-part.ts';
import { heldDocument, heldPart } from '../held-models.ts';
import type { Modules } from '../modules.ts';

/** A provider's part of a model, held against the chain. `fields` are what the features that it bins are derived from. */
export type OwnPart = HashedPart & { readonly fields: readonly string[] };

/** Refuses with MODEL_UNDELIVERED, MODEL_FEATURES_CHANGED, MODEL_MISMATCH, MODEL_PART_INVALID. */
export const ownPart = async (
  modules: Pick<Modules, 'documents'>,
  model: Model,
  dataset: DatasetId,
  schema: DatasetSchema,
): Promise<Result<OwnPart>> => {
  const facts = { model: model.id, version: model.version, dataset };
  const declared = schema.features ?? [];
  const registered = model.parts.find((one) => one.dataset === dataset);
  if (registered?.derivation !== derivationHash(declared)) return refuse('MODEL_FEATURES_CHANGED', facts);
  const document = await heldPart(modules, model, dataset);
  if (document === undefined) return refuse('MODEL_UNDELIVERED', facts);
  const hashed = hashPartDocument(declared, document);
  if (!hashed.ok) return hashed;
  if (hashed.value.partHash !== registered.partHash) return refuse('MODEL_MISMATCH', facts);
  const binned = declared.filter(({ name }) => document.features.some((feature) => feature.name === name));
  return ok({ ...hashed.value, fields: [...new Set(binned.flatMap(({ derivation }) => fieldsRead(derivation)))] });
};

/** A model's public document, kept under the hash on chain. Refuses with MODEL_UNDELIVERED. */
export const publicModel = async (modules: Pick<Modules, 'documents'>, model: Model): Promise<Result<ModelDocument>> => {
  const document = await heldDocument(modules, model);
  return document === undefined ? refuse('MODEL_UNDELIVERED', { model: model.id, version: model.version }) : ok(document);
};
