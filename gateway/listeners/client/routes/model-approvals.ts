import { Type } from 'typebox';
import { approveModelPart, disapproveModelPart } from '../../../flows/approve-model-part.ts';
import { measureLeakage, reportLeakage } from '../../../flows/report-leakage.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Committed, DatasetCode } from '../schemas/common.ts';
import { Leakage, modelParams, VersionNumber } from '../schemas/models.ts';

const tags = ['models'];

export const modelApprovalRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/models/:id/:version/leakage',
    {
      config: { access: ['steward', 'auditor'] },
      schema: {
        tags,
        summary: 'For how many totals the model pins a provider down; where this gateway holds all parts',
        params: modelParams,
        response: { 200: Type.Object(Leakage) },
      },
    },
    async (request, reply) => {
      const measured = await measureLeakage(modules, request.params.id, request.params.version);
      return measured.ok ? measured.value : sendRefusal(reply, measured.refusal);
    },
  );
  app.post(
    '/v1/models/:id/:version/leakage',
    {
      config: { access: ['auditor'] },
      schema: {
        tags,
        summary: 'Measure the same and state it on chain, as an auditor member that does not own the model',
        params: modelParams,
        response: { 201: Type.Object({ ...Leakage, block: BlockNumber }) },
      },
    },
    async (request, reply) => {
      const reported = await reportLeakage(modules, request.params.id, request.params.version);
      return reported.ok ? reply.code(201).send(reported.value) : sendRefusal(reply, reported.refusal);
    },
  );
  app.put(
    '/v1/models/:id/:version/parts/:dataset/approval',
    {
      config: { access: ['steward'] },
      schema: {
        tags,
        summary: "Approve this institution's own part of a model, or take the approval back",
        params: Type.Object({ id: modelParams.properties.id, version: VersionNumber, dataset: DatasetCode }),
        body: Type.Object({ approved: Type.Boolean() }, { additionalProperties: false }),
        response: { 200: Committed },
      },
    },
    async (request, reply) => {
      const { id: model, version, dataset } = request.params;
      const decide = request.body.approved ? approveModelPart : disapproveModelPart;
      const decided = await decide(modules, { model, version, dataset });
      return decided.ok ? decided.value : sendRefusal(reply, decided.refusal);
    },
  );
};
