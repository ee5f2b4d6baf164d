import { Type } from 'typebox';
import { reportFork } from '../../../flows/report-fork.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Bytes32, MemberCode } from '../schemas/common.ts';

export const forkRoutes: Routes = (app, { modules }) => {
  app.post(
    '/v1/forks',
    {
      config: { access: ['auditor', 'operator'] },
      schema: {
        tags: ['log'],
        summary: 'Bring evidence that a member showed two histories of its log before the chain, for ever; of any member',
        // The flow reads it, with a code for what does not fit.
        body: Type.Unknown({ description: 'The evidence file, as docs/protocol/audit-log.md gives it' }),
        response: {
          200: Type.Object({
            id: Bytes32,
            member: MemberCode,
            recorded: Type.Boolean({ description: 'False when somebody had shown this contradiction before' }),
            block: BlockNumber,
          }),
        },
      },
    },
    async (request, reply) => {
      const reported = await reportFork(modules, { evidence: request.body });
      return reported.ok ? reported.value : sendRefusal(reply, reported.refusal);
    },
  );
};
