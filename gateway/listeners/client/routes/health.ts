import { Type } from 'typebox';
import { readStatus } from '../../../flows/read-status.ts';
import type { Routes } from '../options.ts';

const Health = Type.Object({
  healthy: Type.Boolean(),
  member: Type.String(),
  block: Type.Integer(),
  blockAgeSeconds: Type.Integer(),
  anchorLagLeaves: Type.Integer(),
  cosignedLagLeaves: Type.Integer(),
  flagged: Type.Array(Type.String(), { description: 'Members whose checkpoints stay without a quorum of cosignatures, as seen from here' }),
});

export const healthRoutes: Routes = (app, { modules }) => {
  app.get(
    '/health',
    {
      config: { access: 'open', rateLimit: false },
      schema: {
        tags: ['status'],
        security: [],
        summary: 'Whether this gateway may decide now, and how far its log is anchored',
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const status = await readStatus(modules);
      return reply.code(status.healthy ? 200 : 503).send({
        healthy: status.healthy,
        member: status.member,
        block: status.block.number,
        blockAgeSeconds: status.block.ageSeconds,
        anchorLagLeaves: status.log.lagLeaves,
        cosignedLagLeaves: status.log.size - status.witness.cosignedSize,
        flagged: status.witness.standings.filter(({ flagged }) => flagged).map(({ member }) => member),
      });
    },
  );
  app.get(
    '/metrics',
    {
      config: { access: ['operator'] },
      schema: { tags: ['status'], summary: 'Counters for Prometheus', response: { 200: Type.String() }, produces: ['text/plain'] },
    },
    async (_request, reply) => {
      const { contentType, text } = await modules.meter.exposition();
      return reply.type(contentType).send(text);
    },
  );
};
