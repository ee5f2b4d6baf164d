import type { DatasetId, Hex, ModelId } from '../domain/ids.ts';
import { keysInForce } from '../domain/member-keys.ts';
import type { ModelPartDocument } from '../domain/model-document.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { seal, sealEntropyLength } from '../sealing/jwe.ts';
import { type ModelMessage, sealTypes } from '../sealing/messages.ts';
import { heldDocument, heldPart, ownModel } from './held-models.ts';
import type { Modules } from './modules.ts';
import type { OutboxWork } from './outbox.ts';

/** A model on its way to one member: the document, and the parts that are for it. */
export type ModelDelivery = Extract<OutboxWork, { readonly kind: 'model' }>;
export type ModelClaims = Pick<ModelMessage, 'model' | 'version' | 'document' | 'sealed'>;

/** What a sealed part belongs to: it opens for this place in this version only. */
export const partContext = (model: ModelId, version: number, dataset: DatasetId): string => `${model}/${version}/${dataset}`;

type Sealing = Pick<Modules, 'member' | 'ledger' | 'documents' | 'randomness'>;

/** The claims of the message, each part sealed afresh to the receiver's Seal key. Refuses with MODEL_UNKNOWN, MODEL_NOT_OURS, MEMBER_KEY_MISSING. */
export const modelClaims = async (modules: Sealing, { to, model: id, version, parts }: ModelDelivery): Promise<Result<ModelClaims>> => {
  const view = modules.ledger.head();
  const model = ownModel(view, modules.member, id, version);
  if (!model.ok) return model;
  const document = await heldDocument(modules, model.value);
  if (document === undefined) return refuse('MODEL_UNKNOWN', { model: id, version });
  const sealed: { dataset: DatasetId; part: string }[] = [];
  const key = keysInForce(view.member(to)?.keys ?? [], 'seal', view.block.number).at(-1);
  for (const dataset of parts) {
    if (key === undefined) return refuse('MEMBER_KEY_MISSING', { member: to, purpose: 'seal' });
    const part = await heldPart(modules, model.value, dataset);
    if (part === undefined) return refuse('MODEL_UNKNOWN', { model: id, version, dataset });
    const made = sealPart(modules, key.data, part, partContext(id, version, dataset));
    if (!made.ok) return made;
    sealed.push({ dataset, part: made.value });
  }
  return ok({ model: id, version, document, sealed });
};

const sealPart = ({ randomness }: Sealing, key: Hex, part: ModelPartDocument, context: string): Result<string> =>
  seal(key, Buffer.from(JSON.stringify(part), 'utf8'), { typ: sealTypes.modelPart, context }, randomness.bytes(sealEntropyLength));
