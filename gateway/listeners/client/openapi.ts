import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

const tags = [
  { name: 'status', description: 'How this gateway stands' },
  { name: 'registry', description: 'Members and datasets as the chain has them' },
  { name: 'datasets', description: "This institution's own datasets" },
  { name: 'grants', description: 'Access between institutions' },
  { name: 'credentials', description: 'Credentials of subjects, for issuers' },
  { name: 'models', description: 'Scoring models: registering, handing on, measuring, approving' },
  { name: 'queries', description: 'Queries and their reviews' },
  { name: 'scores', description: 'Joint scores of several providers' },
  { name: 'log', description: 'The audit log of this institution' },
  { name: 'subject', description: 'What subjects call themselves; signed, no token' },
];

const problemAnswer = {
  description: 'Problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The routes' schemas are the document: /openapi.json (OpenAPI 3.1) and a page to read and try it at /docs. Register before the routes. */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  const { $id: _id, ...problemSchema } = JSON.parse(JSON.stringify(Problem)) as Record<string, unknown>;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Xinshu gateway, client listener',
        version: '1.0.0',
        description:
          'For the systems and people of the institution this gateway belongs to. Every error is a problem document with a stable code.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags,
      security: [{ token: [] }],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Made by `xinshu token create`' } },
        schemas: { Problem: problemSchema },
      },
    },
    transformObject: (documentObject) => {
      if (!('openapiObject' in documentObject)) return documentObject.swaggerObject;
      const document = documentObject.openapiObject;
      for (const methods of Object.values(document.paths ?? {}))
        for (const operation of Object.values(methods ?? {}))
          if (typeof operation === 'object' && 'responses' in operation)
            Object.assign(operation.responses as object, { default: problemAnswer });
      return document;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true }, config: { access: 'open' } }, async () => app.swagger());
};
