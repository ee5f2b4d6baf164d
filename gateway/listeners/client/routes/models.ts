import { Type } from 'typebox';
import { modelState } from '../../../domain/model-state.ts';
import type { Model } from '../../../domain/registry-state.ts';
import { deliverModel } from '../../../flows/deliver-model.ts';
import { heldDocument, heldPart, providersOf, registeredModel } from '../../../flows/held-models.ts';
import type { Modules } from '../../../flows/modules.ts';
import { exportModel, registerModel } from '../../../flows/register-model.ts';
import { retireModel } from '../../../flows/retire-model.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Committed, List, MemberCode, ModelCode } from '../schemas/common.ts';
import { ModelFile, ModelShown, modelParams, VersionNumber } from '../schemas/models.ts';

const tags = ['models'];
const steward = { access: ['steward'] } as const;

const present = async (modules: Modules, model: Model) => {
  const view = modules.ledger.head();
  const providers = providersOf(view, model);
  const held = await Promise.all(model.parts.map(({ dataset }) => heldPart(modules, model, dataset)));
  const { approvedParts, parts, retired: _, ...shown } = model;
  return {
    ...shown,
    state: modelState(view, model),
    parts: parts.map((part, place) => ({
      ...part,
      provider: providers[place] ?? null,
      approved: approvedParts.includes(part.dataset),
      held: held[place] !== undefined,
    })),
  };
};

export const modelRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/models',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Every version of every model at the newest final block',
        response: { 200: Type.Object({ block: BlockNumber, models: List(ModelShown) }) },
      },
    },
    async () => {
      const view = modules.ledger.head();
      return { block: view.block.number, models: await Promise.all(view.models().map((model) => present(modules, model))) };
    },
  );
  app.get(
    '/v1/models/:id/:version',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'One version, with its public document once it has been delivered here',
        params: modelParams,
        response: { 200: Type.Object({ model: ModelShown, document: Type.Unknown() }) },
      },
    },
    async (request, reply) => {
      const model = registeredModel(modules.ledger.head(), request.params.id, request.params.version);
      if (!model.ok) return sendRefusal(reply, model.refusal);
      return { model: await present(modules, model.value), document: (await heldDocument(modules, model.value)) ?? null };
    },
  );
  app.post(
    '/v1/models',
    {
      config: steward,
      schema: {
        tags,
        summary: 'Register the next version of a model of this institution',
        description: 'Nothing happens when anything is wrong; all faults come at once. Hand it on with `deliver`.',
        body: ModelFile,
        response: { 201: Type.Object({ model: ModelCode, version: VersionNumber, block: BlockNumber }) },
      },
    },
    async (request, reply) => {
      const registered = await registerModel(modules, request.body);
      if (!registered.ok) return sendRefusal(reply, registered.refusal);
      if (registered.value.kind === 'rejected')
        return sendRefusal(reply, { code: 'MODEL_INVALID', detail: {} }, { faults: registered.value.faults });
      const { model, version, block } = registered.value;
      return reply.code(201).send({ model, version, block });
    },
  );
  app.get(
    '/v1/models/:id/:version/file',
    {
      config: steward,
      schema: {
        tags,
        summary: 'A model with all its parts, as it was registered; where this gateway holds them',
        params: modelParams,
        response: { 200: ModelFile },
      },
    },
    async (request, reply) => {
      const exported = await exportModel(modules, request.params.id, request.params.version);
      return exported.ok ? { document: exported.value.document, parts: [...exported.value.parts] } : sendRefusal(reply, exported.refusal);
    },
  );
  app.post(
    '/v1/models/:id/:version/deliver',
    {
      config: steward,
      schema: {
        tags,
        summary: 'Hand the document to every member, each part to its provider, all parts to these auditors',
        description: 'Whoever can not be reached now gets it as soon as it can. May be repeated.',
        params: modelParams,
        body: Type.Object({ auditors: List(MemberCode, { maxItems: 20 }) }, { additionalProperties: false }),
        response: { 200: Type.Object({ to: List(MemberCode), delivered: List(MemberCode) }) },
      },
    },
    async (request, reply) => {
      const { id: model, version } = request.params;
      const delivered = await deliverModel(modules, { model, version, auditors: request.body.auditors });
      return delivered.ok ? delivered.value : sendRefusal(reply, delivered.refusal);
    },
  );
  app.post(
    '/v1/models/:id/:version/retire',
    { config: steward, schema: { tags, summary: 'End a version for good', params: modelParams, response: { 200: Committed } } },
    async (request, reply) => {
      const retired = await retireModel(modules, request.params.id, request.params.version);
      return retired.ok ? retired.value : sendRefusal(reply, retired.refusal);
    },
  );
};
