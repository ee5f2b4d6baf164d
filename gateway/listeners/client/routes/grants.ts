import { Type } from 'typebox';
import { amendGrant } from '../../../flows/amend-grant.ts';
import { revokeGrant } from '../../../flows/revoke-grant.ts';
import type { Routes } from '../options.ts';
import { presentGrant } from '../present.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Bytes32, Committed, DatasetCode, Fen, GrantCode, List, Reason } from '../schemas/common.ts';
import { Grant, PartialScope } from '../schemas/registry.ts';

const config = { access: ['steward'] } as const;
const tags = ['grants'];
const params = Type.Object({ id: GrantCode });

export const grantRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/grants',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Grants this institution gave or got',
        querystring: Type.Object({ dataset: Type.Optional(DatasetCode) }),
        response: { 200: Type.Object({ block: BlockNumber, grants: List(Grant) }) },
      },
    },
    async (request) => {
      const view = modules.ledger.head();
      const grants = view
        .grants()
        .filter(({ provider, consumer }) => provider === modules.member || consumer === modules.member)
        .filter(({ dataset }) => request.query.dataset === undefined || dataset === request.query.dataset);
      return { block: view.block.number, grants: grants.map(presentGrant) };
    },
  );
  app.post(
    '/v1/grants/:id/amend',
    {
      config,
      schema: {
        tags,
        summary: 'Replace parts of a grant; what is left out stays',
        params,
        body: Type.Object(
          { scope: Type.Optional(PartialScope), priceFen: Type.Optional(Fen), termsHash: Type.Optional(Bytes32) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ version: Type.Integer(), block: BlockNumber }) },
      },
    },
    async (request, reply) => {
      const { scope, priceFen, termsHash } = request.body;
      const amended = await amendGrant(modules, {
        grant: request.params.id,
        scope: scope ?? {},
        priceFen: priceFen === undefined ? undefined : BigInt(priceFen),
        termsHash,
      });
      return amended.ok ? amended.value : sendRefusal(reply, amended.refusal);
    },
  );
  app.post(
    '/v1/grants/:id/revoke',
    {
      config,
      schema: {
        tags,
        summary: 'End a grant for good',
        params,
        body: Type.Object({ reason: Reason }, { additionalProperties: false }),
        response: { 200: Committed },
      },
    },
    async (request, reply) => {
      const revoked = await revokeGrant(modules, { grant: request.params.id, reason: request.body.reason });
      return revoked.ok ? revoked.value : sendRefusal(reply, revoked.refusal);
    },
  );
};
