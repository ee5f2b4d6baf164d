import { derivationHash } from '../domain/dataset-schema.ts';
import type { DatasetId, ModelId } from '../domain/ids.ts';
import { type ModelDocument, type ModelPartDocument, modelDocumentHash } from '../domain/model-document.ts';
import { type ModelFault, modelFaults, partFaults } from '../domain/model-faults.ts';
import type { ModelPart } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { saltFromBytes, saltToHex } from '../domain/subject-commitment.ts';
import { registerModel as registerCall } from '../ports/ledger-calls.ts';
import { hashPartDocument } from '../scoring/check-part.ts';
import { decideFresh } from './decide-fresh.ts';
import { heldDocument, heldPart, keepDocument, keepPart, registeredModel } from './held-models.ts';
import type { Modules } from './modules.ts';

/** A model as its owner wrote it; parts without salts, in the order of the document. */
export type ModelAsked = { readonly document: unknown; readonly parts: readonly unknown[] };
export type ModelRegistered =
  | { readonly kind: 'registered'; readonly model: ModelId; readonly version: number; readonly block: number }
  | { readonly kind: 'rejected'; readonly faults: readonly ModelFault[] };

type Prepared = {
  readonly document: ModelDocument;
  readonly parts: readonly { readonly part: ModelPartDocument; readonly onChain: ModelPart }[];
};
type Checked = { readonly faults: readonly ModelFault[] } | Prepared;

const at = (path: string, reason: string): ModelFault => ({ path, code: 'MODEL_PART_INVALID', reason });

const prepare = ({ randomness }: Pick<Modules, 'randomness'>, { document: input, parts: given }: ModelAsked): Checked => {
  const faults: ModelFault[] = [...modelFaults(input).map((one) => ({ ...one, path: `/document${one.path}` }))];
  if (faults.length > 0) return { faults };
  const document = input as ModelDocument;
  if (given.length !== document.parts.length) return { faults: [at('/parts', `the document names ${document.parts.length} parts`)] };
  const parts: Prepared['parts'][number][] = [];
  for (const [place, { dataset, features }] of document.parts.entries()) {
    const salted: unknown = { v: 1, ...(given[place] as object), dataset, salt: saltToHex(saltFromBytes(randomness.bytes(48))) };
    const found = partFaults(document, salted);
    faults.push(...found.map((one) => ({ ...one, path: `/parts/${place}${one.path}` })));
    if (found.length > 0) continue;
    const part = salted as ModelPartDocument;
    const hashed = hashPartDocument(features, part);
    if (!hashed.ok) faults.push(at(`/parts/${place}`, Object.values(hashed.refusal.detail).join(': ')));
    else {
      const onChain = { dataset: dataset as DatasetId, derivation: derivationHash(features), partHash: hashed.value.partHash };
      parts.push({ part, onChain });
    }
  }
  return faults.length > 0 ? { faults } : { document, parts };
};

/**
 * Registers the next version of a model of this institution. The parts get fresh salts and stay here; `deliverModel` hands them on. Kept before the chain is told, so
 * that nothing on chain lacks what is behind it. With a fault nothing happens and all faults come back. Refuses with MODEL_NOT_OURS and what the registry says.
 */
export const registerModel = async (modules: Modules, asked: ModelAsked): Promise<Result<ModelRegistered>> => {
  const { member, ledger, writer, clock, locks } = modules;
  const prepared = prepare(modules, asked);
  if ('faults' in prepared) return ok({ kind: 'rejected', faults: prepared.faults });
  const { document, parts } = prepared;
  const model = document.id as ModelId;
  return locks.run(`model/${model}`, async () => {
    const view = await decideFresh({ ledger, clock });
    if (!view.ok) return view;
    const earlier = view.value.models().filter((one) => one.id === model);
    const owner = earlier[0]?.owner ?? member;
    if (owner !== member) return refuse('MODEL_NOT_OURS', { model, owner });
    const version = 1 + Math.max(0, ...earlier.map((one) => one.version));
    await keepDocument(modules, document);
    for (const { part, onChain } of parts) await keepPart(modules, onChain, part);
    const { output, reasonsToConsumer, minContributors, notBefore, notAfter } = document;
    const terms = { output: output.kind, reasonsToConsumer, minContributors, notBefore, notAfter };
    const included = await writer.submit(
      registerCall(model, version, {
        documentHash: modelDocumentHash(document),
        ...terms,
        parts: parts.map(({ onChain }) => onChain),
      }),
    );
    return included.ok ? ok({ kind: 'registered', model, version, block: included.value.block }) : included;
  });
};

/** The model as its owner wrote it, salts left out: what `registerModel` takes. Refuses with MODEL_UNKNOWN where this gateway does not hold all parts. */
export const exportModel = async (
  modules: Pick<Modules, 'ledger' | 'documents'>,
  model: ModelId,
  version: number,
): Promise<Result<{ readonly document: ModelDocument; readonly parts: readonly Pick<ModelPartDocument, 'features'>[] }>> => {
  const registered = registeredModel(modules.ledger.head(), model, version);
  if (!registered.ok) return registered;
  const document = await heldDocument(modules, registered.value);
  const parts = await Promise.all(registered.value.parts.map(({ dataset }) => heldPart(modules, registered.value, dataset)));
  const all = parts.filter((part) => part !== undefined);
  if (document === undefined || all.length < parts.length) return refuse('MODEL_UNKNOWN', { model, version, held: all.length });
  return ok({ document, parts: all.map(({ features }) => ({ features })) });
};
