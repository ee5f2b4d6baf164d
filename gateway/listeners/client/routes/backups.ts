import { Type } from 'typebox';
import type { Routes } from '../options.ts';
import { Bytes32, Count } from '../schemas/common.ts';

export const backupRoutes: Routes = (app, { modules }) => {
  app.post(
    '/v1/backups',
    {
      config: { access: ['operator'], unbounded: true },
      schema: {
        tags: ['status'],
        summary: "Copy this gateway's folder while it serves; the copy is opened and checked",
        response: {
          200: Type.Object({
            folder: Type.String({ description: 'On the machine of the gateway' }),
            openingKeys: Type.String({ description: 'Copy of the keys of what is sealed: keep it elsewhere, 30 days at most' }),
            size: Count,
            root: Bytes32,
          }),
        },
      },
    },
    () => modules.backups.make(),
  );
};
