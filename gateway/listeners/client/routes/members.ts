import { Type } from 'typebox';
import type { Routes } from '../options.ts';
import { BlockNumber, List } from '../schemas/common.ts';
import { Member } from '../schemas/registry.ts';

export const memberRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/members',
    {
      config: { access: 'staff' },
      schema: {
        tags: ['registry'],
        summary: 'Members of the consortium at the newest final block',
        response: { 200: Type.Object({ block: BlockNumber, members: List(Member) }) },
      },
    },
    async () => {
      const view = modules.ledger.head();
      return { block: view.block.number, members: view.members() };
    },
  );
};
