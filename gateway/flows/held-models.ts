import type { DatasetId, MemberId, ModelId } from '../domain/ids.ts';
import { type ModelDocument, type ModelPartDocument, modelDocumentHash } from '../domain/model-document.ts';
import type { Model } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { HashedPart } from '../scoring/check-part.ts';
import type { Modules } from './modules.ts';

/*
 * Documents and parts are kept under the hashes that stand on chain: what is found is what was registered, and two attempts at a version can't overwrite each other.
 */

type Held = Pick<Modules, 'documents'>;

/** Resolves when durable. */
export const keepDocument = ({ documents }: Held, document: ModelDocument): Promise<void> =>
  documents.put('modelDocument', modelDocumentHash(document), document);
export const keepPart = ({ documents }: Held, { partHash }: Pick<HashedPart, 'partHash'>, part: ModelPartDocument): Promise<void> =>
  documents.put('modelPart', partHash, part);

/** The public document of a model; undefined when none came to this gateway. */
export const heldDocument = ({ documents }: Held, { documentHash }: Pick<Model, 'documentHash'>): Promise<ModelDocument | undefined> =>
  documents.get<ModelDocument>('modelDocument', documentHash);

/** A part that this gateway holds; undefined when none came, or the model has none of this dataset. */
export const heldPart = async (
  { documents }: Held,
  { parts }: Pick<Model, 'parts'>,
  dataset: DatasetId,
): Promise<ModelPartDocument | undefined> => {
  const part = parts.find((one) => one.dataset === dataset);
  return part === undefined ? undefined : await documents.get<ModelPartDocument>('modelPart', part.partHash);
};

/** The model on chain. Refuses with MODEL_UNKNOWN. */
export const registeredModel = (view: Pick<RegistryView, 'model'>, model: ModelId, version: number): Result<Model> => {
  const found = view.model(model, version);
  return found === undefined ? refuse('MODEL_UNKNOWN', { model, version }) : ok(found);
};

/** The same, of which this member is the owner. Refuses with MODEL_NOT_OURS, too. */
export const ownModel = (view: Pick<RegistryView, 'model'>, member: MemberId, model: ModelId, version: number): Result<Model> => {
  const found = registeredModel(view, model, version);
  return found.ok && found.value.owner !== member ? refuse('MODEL_NOT_OURS', { model, owner: found.value.owner }) : found;
};

/** Providers of a model's parts, in their order; undefined for a dataset that the catalog no longer has. */
export const providersOf = (view: Pick<RegistryView, 'dataset'>, { parts }: Pick<Model, 'parts'>): readonly (MemberId | undefined)[] =>
  parts.map(({ dataset }) => view.dataset(dataset)?.owner);
