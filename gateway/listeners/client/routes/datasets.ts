import { Type } from 'typebox';
import { FeatureForm } from '../../../domain/feature.ts';
import { declareDataset } from '../../../flows/declare-dataset.ts';
import { declaredFeatures } from '../../../flows/declared-features.ts';
import type { CatalogPolicy } from '../../../ports/ledger-calls.ts';
import type { Routes } from '../options.ts';
import { presentDataset } from '../present.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Bytes32, Count, DatasetCode, List, OperationWord, SectorWord, Word } from '../schemas/common.ts';
import { Dataset } from '../schemas/registry.ts';

const params = Type.Object({ id: DatasetCode });
const CatalogPolicySchema = Type.Unsafe<CatalogPolicy>(
  Type.Object(
    {
      active: Type.Boolean(),
      sectors: List(SectorWord),
      purposes: List(Word),
      operations: List(OperationWord),
      maxDuration: Type.Integer({ minimum: 0, description: 'Seconds' }),
      quota: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1, description: '0 is unlimited' }),
    },
    { additionalProperties: false, description: 'Access granted without a steward' },
  ),
);

export const datasetRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/datasets',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['registry'],
        summary: 'The catalog at the newest final block',
        response: { 200: Type.Object({ block: BlockNumber, datasets: List(Dataset) }) },
      },
    },
    async () => {
      const view = modules.ledger.head();
      return { block: view.block.number, datasets: view.datasets().map(presentDataset) };
    },
  );
  app.get(
    '/v1/datasets/:id',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['registry'],
        summary: 'One dataset with its newest version',
        params,
        response: {
          200: Type.Object({
            dataset: Dataset,
            version: Type.Union([
              Type.Object({
                version: Count,
                commitments: List(Type.Object({ name: Type.String(), suite: Type.String(), root: Bytes32, size: Count })),
                asOf: Type.Integer({ description: 'Seconds since the epoch' }),
                block: BlockNumber,
              }),
              Type.Null(),
            ]),
          }),
        },
      },
    },
    async (request, reply) => {
      const view = modules.ledger.head();
      const found = view.dataset(request.params.id);
      if (found === undefined) return sendRefusal(reply, { code: 'DATASET_UNKNOWN', detail: { dataset: request.params.id } });
      return { dataset: presentDataset(found), version: view.datasetVersion(found.id, found.version) ?? null };
    },
  );
  app.get(
    '/v1/datasets/:id/features',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['datasets'],
        summary: "What one of this institution's datasets declares for models to bin",
        params,
        response: { 200: Type.Object({ dataset: DatasetCode, features: List(FeatureForm) }) },
      },
    },
    async (request, reply) => {
      const dataset = modules.ledger.head().dataset(request.params.id);
      if (dataset === undefined) return sendRefusal(reply, { code: 'DATASET_UNKNOWN', detail: { dataset: request.params.id } });
      const features = await declaredFeatures(modules, dataset);
      return features.ok ? { dataset: dataset.id, features: features.value } : sendRefusal(reply, features.refusal);
    },
  );
  app.put(
    '/v1/datasets/:id',
    {
      config: { access: ['steward'] },
      schema: {
        tags: ['datasets'],
        summary: 'Register a dataset, or bring it in step with its schema, price, terms and policy',
        description: 'Safe to repeat: only what still differs goes on chain. Faults of the schema come all at once.',
        params,
        body: Type.Object(
          {
            schema: Type.Unsafe<{ readonly id?: unknown }>({ type: 'object', description: 'Dataset schema: docs/reference' }),
            policy: Type.Optional(CatalogPolicySchema),
            terms: Type.Optional(Type.String({ maxLength: 65_536, description: 'Text of the terms; its SHA-256 goes on chain' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ dataset: DatasetCode, schemaHash: Bytes32, registrationCode: Bytes32, changed: List(Type.String()) }),
        },
      },
    },
    async (request, reply) => {
      if (request.body.schema.id !== request.params.id)
        return sendRefusal(
          reply,
          { code: 'SCHEMA_INVALID', detail: {} },
          { faults: [{ path: '/id', reason: 'is not the id of the address' }] },
        );
      const declared = await declareDataset(modules, request.body);
      if (!declared.ok) return sendRefusal(reply, declared.refusal);
      if (declared.value.kind === 'rejected')
        return sendRefusal(reply, { code: 'SCHEMA_INVALID', detail: {} }, { faults: declared.value.faults });
      return declared.value;
    },
  );
};
