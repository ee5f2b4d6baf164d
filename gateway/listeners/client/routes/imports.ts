import { Type } from 'typebox';
import { importDataset } from '../../../flows/import-dataset.ts';
import { resumeImports } from '../../../flows/resume-imports.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Bytes32, Count, DatasetCode, List } from '../schemas/common.ts';

const config = { access: ['steward'], unbounded: true } as const;
const tags = ['datasets'];

export const importRoutes: Routes = (app, { modules, limits }) => {
  app.post(
    '/v1/datasets/:id/imports',
    {
      config,
      bodyLimit: limits.importBytes,
      schema: {
        tags,
        summary: 'Import a CSV file as the next version and publish it, as a whole or not at all',
        description:
          'With a fault in any row nothing changes and all faults come back, each with line, column, class of the value and code.',
        params: Type.Object({ id: DatasetCode }),
        consumes: ['text/csv'],
        response: {
          201: Type.Object({
            dataset: DatasetCode,
            version: Count,
            rows: Count,
            subjects: Count,
            root: Bytes32,
            block: BlockNumber,
            late: List(Count, { description: 'Lines published later than seven working days after the decision' }),
            lateCount: Count,
          }),
        },
      },
    },
    async (request, reply) => {
      const imported = await importDataset(modules, { dataset: request.params.id, file: request.body as AsyncIterable<Uint8Array> });
      if (!imported.ok) return sendRefusal(reply, imported.refusal);
      if (imported.value.kind === 'published') return reply.code(201).send(imported.value);
      const { rows, faults, faultCount } = imported.value;
      return sendRefusal(reply, { code: 'IMPORT_REJECTED', detail: {} }, { rows, faultCount, faults });
    },
  );
  app.post(
    '/v1/imports/resume',
    {
      config,
      schema: {
        tags,
        summary: 'Publish what was imported as a whole and is not on chain yet, after an outage of the chain',
        response: { 200: Type.Object({ finished: Count, refused: Count, waiting: Count }) },
      },
    },
    async () => resumeImports(modules),
  );
};
