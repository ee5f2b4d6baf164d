import { Type } from 'typebox';
import { decideReview } from '../../../flows/decide-review.ts';
import { openReview, type Review as ReviewDocument } from '../../../flows/open-review.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { ConsentCode, DatasetCode, List, Subject } from '../schemas/common.ts';
import { Review } from '../schemas/query.ts';

const tags = ['queries'];

/** Whom the review is about stays with the one who opened it and the one who decides. */
const present = ({ id, state, datasets, purpose, requester, reviewer, openedAt }: ReviewDocument) => ({
  review: id,
  state,
  datasets,
  purpose,
  requester,
  reviewer: reviewer ?? null,
  openedAt,
});

export const reviewRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/reviews',
    {
      config: { access: ['requester', 'reviewer'] },
      schema: {
        tags,
        summary: 'Reviews, newest last; a reviewer also sees whom they are about',
        querystring: Type.Object({ state: Type.Optional(Type.Enum(['open', 'approved', 'rejected'])) }),
        response: { 200: Type.Object({ reviews: List(Type.Object({ ...Review.properties, subject: Type.Optional(Subject) })) }) },
      },
    },
    async (request) => {
      const reviews = [];
      for await (const [, review] of modules.documents.list<ReviewDocument>('review')) {
        if (request.query.state !== undefined && review.state !== request.query.state) continue;
        const sees = request.staff.roles.includes('reviewer') || review.requester === request.staff.name;
        reviews.push(sees ? { ...present(review), subject: review.subject } : present(review));
      }
      return { reviews: reviews.sort((a, b) => a.openedAt - b.openedAt) };
    },
  );
  app.post(
    '/v1/reviews',
    {
      config: { access: ['requester'] },
      schema: {
        tags,
        summary: 'Ask a reviewer for leave to query data of grade 3 and above',
        body: Type.Object(
          {
            subject: Subject,
            datasets: List(DatasetCode, { minItems: 1, maxItems: 32 }),
            purpose: Type.String({ maxLength: 64 }),
            consent: Type.Optional(ConsentCode),
          },
          { additionalProperties: false },
        ),
        response: { 201: Review },
      },
    },
    async (request, reply) => {
      const opened = await openReview(modules, { ...request.body, staff: request.staff });
      return opened.ok ? reply.code(201).send(present(opened.value)) : sendRefusal(reply, opened.refusal);
    },
  );
  app.post(
    '/v1/reviews/:id/decision',
    {
      config: { access: ['reviewer'] },
      schema: {
        tags,
        summary: 'Approve or reject; never by the requester',
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
        body: Type.Object({ approve: Type.Boolean() }, { additionalProperties: false }),
        response: { 200: Review },
      },
    },
    async (request, reply) => {
      const decided = await decideReview(modules, { review: request.params.id, approve: request.body.approve, staff: request.staff });
      return decided.ok ? present(decided.value) : sendRefusal(reply, decided.refusal);
    },
  );
};
