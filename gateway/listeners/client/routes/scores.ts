import { PassThrough } from 'node:stream';
import { Type } from 'typebox';
import { usageIdFrom } from '../../../domain/usage-id.ts';
import { askHumanReview } from '../../../flows/scoring/ask-human-review.ts';
import { presentStoredScore } from '../../../flows/scoring/present-score.ts';
import { recordScore } from '../../../flows/scoring/record-score.ts';
import { requestScore } from '../../../flows/scoring/request-score.ts';
import { showBand } from '../../../flows/scoring/show-band.ts';
import { findScore } from '../../../flows/scoring/stored-score.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { Bytes32, Count, UsageCode } from '../schemas/common.ts';
import { BandAsked, Score, ScoreQuery } from '../schemas/scores.ts';

const tags = ['scores'];
const id = Type.Object({ id: UsageCode });
/** Of every stream of events, so that a proxy does not end a quiet one. */
const keepAliveMs = 10_000;

export const scoreRoutes: Routes = (app, { modules }) => {
  app.post(
    '/v1/scores',
    {
      config: { access: ['requester'] },
      schema: {
        tags,
        summary: 'Ask the providers of a model for a joint score of one subject',
        description:
          'Safe to repeat with the same `score` after any failure: it goes on where it was and is counted once. When it takes longer than a call may, the answer is CALL_TIMEOUT and the session goes on; the events tell how far it is.',
        body: ScoreQuery,
        response: { 200: Score },
      },
    },
    async (request, reply) => {
      const { version, score: given, ...asked } = request.body;
      const score = given ?? usageIdFrom(modules.randomness.bytes(16));
      const answer = await requestScore(modules, { ...asked, modelVersion: version, score, staff: request.staff });
      const stored = answer.ok ? await findScore(modules, score) : undefined;
      return answer.ok && stored !== undefined
        ? presentStoredScore(stored)
        : sendRefusal(reply, answer.ok ? { code: 'SCORE_UNKNOWN', detail: {} } : answer.refusal, { score });
    },
  );
  app.get(
    '/v1/scores/:id',
    {
      config: { access: ['requester', 'reviewer'] },
      schema: { tags, summary: 'A score, or how far it is', params: id, response: { 200: Score } },
    },
    async (request, reply) => {
      const stored = await findScore(modules, request.params.id);
      return stored === undefined
        ? sendRefusal(reply, { code: 'SCORE_UNKNOWN', detail: { score: request.params.id } })
        : presentStoredScore(stored);
    },
  );
  app.get(
    '/v1/scores/:id/certificate',
    {
      config: { access: ['requester', 'reviewer'] },
      schema: {
        tags,
        summary: 'The certificate of a finished score: checked offline by `xinshu score verify`',
        params: id,
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) => {
      const certificate = (await findScore(modules, request.params.id))?.certificate;
      return certificate ?? sendRefusal(reply, { code: 'SCORE_UNKNOWN', detail: { score: request.params.id } });
    },
  );
  app.get(
    '/v1/scores/:id/events',
    {
      config: { access: ['requester', 'reviewer'], unbounded: true },
      schema: {
        tags,
        summary: 'What happens in a session, as server-sent events, from now to its end',
        description:
          'May be opened before the score is asked for. `data` is JSON: `{"event", "member"?, "outcome"?}`; the last one is `end`.',
        params: id,
        produces: ['text/event-stream'],
        response: { 200: Type.Any() },
      },
    },
    (request, reply) => {
      const stream = new PassThrough();
      const alive = setInterval(() => stream.write(': \n\n'), keepAliveMs);
      const stop = modules.scoreProgress.watch(request.params.id, (event) => {
        stream.write(`data: ${JSON.stringify(event)}\n\n`);
        if (event.event === 'end') stream.end();
      });
      stream.once('close', () => {
        clearInterval(alive);
        stop();
      });
      request.raw.once('close', () => stream.destroy());
      stream.write(': \n\n');
      return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
    },
  );
  app.post(
    '/v1/scores/:id/record',
    {
      config: { access: ['requester', 'operator'] },
      schema: {
        tags,
        summary: 'Bring a score before the chain: the session, then every proof, verified there',
        params: id,
        response: { 200: Type.Object({ session: Bytes32, block: Count, proofs: Count }) },
      },
    },
    async (request, reply) => {
      const recorded = await recordScore(modules, { score: request.params.id });
      return recorded.ok ? { ...recorded.value, session: recorded.value.session as never } : sendRefusal(reply, recorded.refusal);
    },
  );
  app.post(
    '/v1/scores/:id/band',
    {
      config: { access: ['requester', 'reviewer'] },
      schema: {
        tags,
        summary: 'Prove to one third party that the score lies in a band, and nothing else of it',
        description: '`challenge` is 32 bytes that the third party chose freshly. It checks the answer with `xinshu score check-band`.',
        params: id,
        body: BandAsked,
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) => {
      const { from = null, below = null, audience, challenge } = request.body;
      const shown = await showBand(modules, { score: request.params.id, band: { from, below }, asker: { audience, challenge } });
      return shown.ok ? shown.value : sendRefusal(reply, shown.refusal);
    },
  );
  app.post(
    '/v1/scores/:id/review',
    {
      config: { access: ['requester', 'reviewer'] },
      schema: { tags, summary: 'Note that the person concerned asks for a review by a human being', params: id, response: { 200: Score } },
    },
    async (request, reply) => {
      const noted = await askHumanReview(modules, { score: request.params.id, staff: request.staff });
      return noted.ok ? presentStoredScore(noted.value) : sendRefusal(reply, noted.refusal);
    },
  );
};
