import { Type } from 'typebox';
import { approveAccess } from '../../../flows/approve-access.ts';
import { cancelAccess } from '../../../flows/cancel-access.ts';
import { declineAccess } from '../../../flows/decline-access.ts';
import { requestAccess } from '../../../flows/request-access.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Bytes32, Committed, DatasetCode, Fen, GrantCode, List, Reason, RequestCode } from '../schemas/common.ts';
import { AccessRequest, PartialScope, Scope } from '../schemas/registry.ts';

const config = { access: ['steward'] } as const;
const tags = ['grants'];
const params = Type.Object({ id: RequestCode });

export const accessRequestRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/access-requests',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Requests made by this institution, and those for its datasets',
        querystring: Type.Object({ state: Type.Optional(Type.Enum(['open', 'granted', 'declined', 'cancelled'])) }),
        response: { 200: Type.Object({ block: BlockNumber, requests: List(AccessRequest) }) },
      },
    },
    async (request) => {
      const view = modules.ledger.head();
      const requests = view
        .requests()
        .filter(({ consumer, dataset }) => consumer === modules.member || view.dataset(dataset)?.owner === modules.member)
        .filter(({ state }) => request.query.state === undefined || state === request.query.state);
      return { block: view.block.number, requests };
    },
  );
  app.post(
    '/v1/access-requests',
    {
      config,
      schema: {
        tags,
        summary: 'Ask for access to a dataset; its policy may grant at once',
        body: Type.Object({ dataset: DatasetCode, scope: Scope }, { additionalProperties: false }),
        response: { 201: Type.Object({ request: RequestCode, grant: Type.Union([GrantCode, Type.Null()]), block: BlockNumber }) },
      },
    },
    async (request, reply) => {
      const asked = await requestAccess(modules, request.body);
      return asked.ok ? reply.code(201).send({ ...asked.value, grant: asked.value.grant ?? null }) : sendRefusal(reply, asked.refusal);
    },
  );
  app.post(
    '/v1/access-requests/:id/approve',
    {
      config,
      schema: {
        tags,
        summary: 'Grant a request; what is left out is as asked, price and terms as in the catalog',
        params,
        body: Type.Object(
          { scope: Type.Optional(PartialScope), priceFen: Type.Optional(Fen), termsHash: Type.Optional(Bytes32) },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ grant: GrantCode, block: BlockNumber }) },
      },
    },
    async (request, reply) => {
      const { scope, priceFen, termsHash } = request.body;
      const made = await approveAccess(modules, {
        request: request.params.id,
        scope: scope ?? {},
        priceFen: priceFen === undefined ? undefined : BigInt(priceFen),
        termsHash,
      });
      return made.ok ? reply.code(201).send(made.value) : sendRefusal(reply, made.refusal);
    },
  );
  app.post(
    '/v1/access-requests/:id/decline',
    {
      config,
      schema: {
        tags,
        summary: 'Decline a request',
        params,
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
        response: { 200: Committed },
      },
    },
    async (request, reply) => {
      const declined = await declineAccess(modules, { request: request.params.id, reason: request.body.reason });
      return declined.ok ? declined.value : sendRefusal(reply, declined.refusal);
    },
  );
  app.post(
    '/v1/access-requests/:id/cancel',
    { config, schema: { tags, summary: "Take one of this institution's own requests back", params, response: { 200: Committed } } },
    async (request, reply) => {
      const cancelled = await cancelAccess(modules, { request: request.params.id });
      return cancelled.ok ? cancelled.value : sendRefusal(reply, cancelled.refusal);
    },
  );
};
