import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Result } from '../../../domain/result.ts';
import { type LogResource, readLogResource } from '../../../flows/read-log-resource.ts';
import type { ClientApp, ClientOptions } from '../options.ts';
import { sendRefusal } from '../problem.ts';

const tags = ['log'];
const LogNumber = Type.String({ description: 'Number of the log', examples: ['0'] });

const send = (reply: FastifyReply, resource: Result<LogResource>): FastifyReply => {
  if (!resource.ok) return sendRefusal(reply.header('cache-control', 'no-store'), resource.refusal);
  return reply.headers(resource.value.headers).send(resource.value.body);
};

/** The log in the format of C2SP tlog-tiles, for readers that know only that; the prefix is `/log/<number>`. */
export const logTileRoutes = (app: ClientApp, { modules }: ClientOptions): void => {
  app.get(
    '/log/:log/checkpoint',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Size and root of the log: C2SP tlog-checkpoint, a signed note',
        params: Type.Object({ log: LogNumber }),
        produces: ['text/plain'],
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) =>
      send(reply, await readLogResource(modules, { log: request.params.log, name: 'checkpoint', encodings: undefined })),
  );
  app.get(
    '/log/:log/tile/*',
    {
      config: { access: ['auditor'] },
      schema: {
        tags,
        summary: 'Tiles of hashes, <L>/<N>[.p/<W>], and bundles of entries, entries/<N>[.p/<W>]: C2SP tlog-tiles',
        produces: ['application/octet-stream'],
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) => {
      // No schema for the parameters: TypeBox reads the name `*` as a pattern.
      const { log, '*': rest } = request.params as { readonly log: string; readonly '*': string };
      return send(reply, await readLogResource(modules, { log, name: `tile/${rest}`, encodings: request.headers['accept-encoding'] }));
    },
  );
};
