import rateLimit from '@fastify/rate-limit';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { guardAccess } from './access.ts';
import { atMost } from './at-most.ts';
import { ndjsonType } from './ndjson.ts';
import { describeApi } from './openapi.ts';
import type { ClientOptions, Routes } from './options.ts';
import { answerProblems, CallRefused } from './problem.ts';
import { accessRequestRoutes } from './routes/access-requests.ts';
import { backupRoutes } from './routes/backups.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { forkRoutes } from './routes/forks.ts';
import { grantRoutes } from './routes/grants.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { logRoutes } from './routes/log.ts';
import { logTileRoutes } from './routes/log-tiles.ts';
import { memberRoutes } from './routes/members.ts';
import { modelApprovalRoutes } from './routes/model-approvals.ts';
import { modelRoutes } from './routes/models.ts';
import { queryRoutes } from './routes/queries.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { scoreRoutes } from './routes/scores.ts';
import { statusRoutes } from './routes/status.ts';
import { subjectRoutes } from './routes/subject.ts';
import { bodyWithin, withinTime } from './time-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Streams and imports: as long as the caller keeps reading or sending, no time limit holds. */
    unbounded?: true;
  }
}

const routes: readonly Routes[] = [
  healthRoutes,
  statusRoutes,
  backupRoutes,
  memberRoutes,
  datasetRoutes,
  importRoutes,
  accessRequestRoutes,
  grantRoutes,
  credentialRoutes,
  modelRoutes,
  modelApprovalRoutes,
  reviewRoutes,
  scoreRoutes,
  queryRoutes,
  logRoutes,
  logTileRoutes,
  erasureRoutes,
  forkRoutes,
  subjectRoutes,
];

/**
 * The listener for the institution's own systems and people: a plugin, so that a test can call it without a port. Register it at the root with the
 * Fastify `bodyLimit` at or above `limits.bodyBytes`; it does nothing outside `modules`.
 */
export const clientApp = async (app: FastifyInstance, options: ClientOptions): Promise<void> => {
  const { limits, tokens, modules } = options;
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  answerProblems(app);
  guardAccess(app, tokens, modules.clock);
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= limits.bodyBytes;
    if (route.config?.unbounded === true) return;
    route.onRequest = [bodyWithin(limits.callTimeoutMs), ...[route.onRequest ?? []].flat()];
    route.handler = withinTime(route.handler, limits.callTimeoutMs);
  });
  await app.register(rateLimit, {
    max: limits.ratePerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) =>
      request.staff === undefined || request.staff === null ? `address/${request.ip}` : `staff/${request.staff.name}`,
    errorResponseBuilder: () => new CallRefused({ code: 'RATE_LIMITED', detail: { perMinute: limits.ratePerMinute } }),
  });
  // Streams: read by the flow as it goes, never held in memory.
  app.addContentTypeParser(ndjsonType, (_request, payload, done) => done(null, payload));
  app.addContentTypeParser('text/csv', (request, payload, done) => done(null, atMost(payload, request.routeOptions.bodyLimit)));
  await describeApi(app);
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  for (const add of routes) add(typed, options);
};
