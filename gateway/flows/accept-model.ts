import { derivationHash } from '../domain/dataset-schema.ts';
import type { DatasetId, MemberId } from '../domain/ids.ts';
import { checkMember } from '../domain/membership.ts';
import { type ModelDocument, type ModelPartDocument, modelDocumentHash } from '../domain/model-document.ts';
import { modelFaults, partFaults } from '../domain/model-faults.ts';
import type { Model } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { hashPartDocument } from '../scoring/check-part.ts';
import { type ModelMessage, messageTypes, parseModelMessage, parseSealedJson, sealTypes } from '../sealing/messages.ts';
import { keepDocument, keepPart } from './held-models.ts';
import { partContext } from './model-delivery.ts';
import type { Modules } from './modules.ts';
import { unseal } from './open-consent.ts';
import { readMessage } from './read-message.ts';

export type AcceptModelInput = { readonly from: MemberId; readonly message: string };

const form = { typ: messageTypes.model, parse: parseModelMessage };
const mismatch = (model: Model, what: string): Result<never> => refuse('MODEL_MISMATCH', { model: model.id, version: model.version, what });

/** The document must be the one whose hash stands on chain, and the chain must say the same as the document. */
const checkDocument = (model: Model, input: unknown): Result<ModelDocument> => {
  const [fault] = modelFaults(input);
  if (fault !== undefined) return refuse('MODEL_INVALID', { path: fault.path, reason: fault.reason });
  const document = input as ModelDocument;
  if (modelDocumentHash(document) !== model.documentHash) return mismatch(model, 'document');
  const terms =
    document.id === model.id &&
    document.output.kind === model.output &&
    document.reasonsToConsumer === model.reasonsToConsumer &&
    document.minContributors === model.minContributors &&
    document.notBefore === model.notBefore &&
    document.notAfter === model.notAfter;
  if (!terms) return mismatch(model, 'terms');
  const parts =
    document.parts.length === model.parts.length &&
    document.parts.every(({ dataset, features }, place) => {
      const onChain = model.parts[place]!;
      return dataset === onChain.dataset && derivationHash(features) === onChain.derivation;
    });
  return parts ? ok(document) : mismatch(model, 'parts');
};

const checkPart = (model: Model, document: ModelDocument, dataset: DatasetId, input: unknown): Result<ModelPartDocument> => {
  const place = model.parts.findIndex((part) => part.dataset === dataset);
  const [fault] = partFaults(document, input);
  if (fault !== undefined) return refuse('MODEL_PART_INVALID', { dataset, reason: `${fault.path} ${fault.reason}` });
  const part = input as ModelPartDocument;
  const hashed = hashPartDocument(document.parts[place]!.features, part);
  if (!hashed.ok) return hashed;
  return part.dataset === dataset && hashed.value.partHash === model.parts[place]!.partHash ? ok(part) : mismatch(model, dataset);
};

/** A part is for its provider, and for an auditor that the owner asked to measure the model. Anyone else must not hold it. */
const mayHold = (view: RegistryView, member: MemberId, { parts }: Model, dataset: DatasetId): boolean =>
  parts.some((part) => part.dataset === dataset) && (view.dataset(dataset)?.owner === member || checkMember(view, member, 'auditor').ok);

const openParts = async (
  modules: Modules,
  model: Model,
  document: ModelDocument,
  sealed: ModelMessage['sealed'],
): Promise<Result<readonly ModelPartDocument[]>> => {
  const parts: ModelPartDocument[] = [];
  for (const { dataset, part } of sealed) {
    if (!mayHold(modules.ledger.head(), modules.member, model, dataset)) return refuse('MODEL_PART_NOT_OURS', { model: model.id, dataset });
    const plaintext = await unseal(modules, part, sealTypes.modelPart, partContext(model.id, model.version, dataset));
    if (!plaintext.ok) return plaintext;
    const parsed = parseSealedJson<unknown>(plaintext.value, ok);
    if (!parsed.ok) return parsed;
    const checked = checkPart(model, document, dataset, parsed.value);
    if (!checked.ok) return checked;
    parts.push(checked.value);
  }
  return ok(parts);
};

/**
 * Takes a model's document, and the parts that are for this member, from the owner only and only as the chain has them. A part is kept even where the dataset's
 * declared features have changed since: that is said when it is to be approved. Refuses with LEDGER_BEHIND while the model is not mirrored here, MODEL_NOT_OURS,
 * MODEL_INVALID, MODEL_MISMATCH, MODEL_PART_INVALID, MODEL_PART_NOT_OURS, the SEAL_ codes or those of a bad message; then nothing is kept.
 */
export const acceptModel = async (modules: Modules, input: AcceptModelInput): Promise<Result<undefined>> => {
  const { ledger } = modules;
  const read = readMessage(modules, input.from, input.message, form);
  if (!read.ok) return read;
  const { model: id, version, document: given, sealed } = read.value;
  if (ledger.head().model(id, version) === undefined) await ledger.freshen();
  const model = ledger.head().model(id, version);
  if (model === undefined) return refuse('LEDGER_BEHIND', { model: id, version });
  if (model.owner !== input.from) return refuse('MODEL_NOT_OURS', { model: id, owner: model.owner });
  const document = checkDocument(model, given);
  if (!document.ok) return document;
  const parts = await openParts(modules, model, document.value, sealed);
  if (!parts.ok) return parts;
  await keepDocument(modules, document.value);
  for (const part of parts.value) await keepPart(modules, model.parts.find(({ dataset }) => dataset === part.dataset)!, part);
  return ok(undefined);
};
