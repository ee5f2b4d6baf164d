import { Type } from 'typebox';
import { memberStatuses } from '../../../domain/vocabulary.ts';
import { readStatus } from '../../../flows/read-status.ts';
import type { Routes } from '../options.ts';
import { BlockNumber, Bytes32, Count, List, MemberCode, Seconds } from '../schemas/common.ts';

const Status = Type.Object({
  member: MemberCode,
  status: Type.Enum([...memberStatuses, 'unknown']),
  chainId: Count,
  block: Type.Object({ number: BlockNumber, hash: Bytes32, time: Seconds, ageSeconds: Count, fresh: Type.Boolean() }),
  log: Type.Object({ number: Count, size: Count, anchoredSize: Count, lagLeaves: Count }),
  witness: Type.Object({
    quorum: Count,
    cosignedSize: Count,
    waitingSeconds: Count,
    standings: List(
      Type.Object({
        member: MemberCode,
        size: Count,
        quorumSize: Count,
        waitingSeconds: Count,
        flagged: Type.Boolean(),
        contradicted: Type.Boolean(),
      }),
    ),
  }),
  outbox: Type.Integer({ minimum: 0, description: 'Messages that still have to reach another gateway or the chain' }),
  healthy: Type.Boolean(),
});

export const statusRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/status',
    { config: { access: 'staff' }, schema: { tags: ['status'], summary: 'How this gateway stands', response: { 200: Status } } },
    async () => readStatus(modules),
  );
};
