import { Type } from 'typebox';
import { type ErasurePlan, planErasure } from '../../../flows/plan-erasure.ts';
import { runErasure } from '../../../flows/run-erasure.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { Bytes32, ConsentCode, Count, List } from '../schemas/common.ts';

const tags = ['log'];
const config = { access: ['operator'] } as const;
const Month = Type.String({ pattern: '^[0-9]{4}-(?:0[1-9]|1[0-2])$', description: 'Month in UTC' });
const Asked = { consent: Type.Optional(ConsentCode), before: Type.Optional(Month) };
const Day = Type.String({ description: 'Date in China' });

/** How many keys of each month; which consents they are of stays inside. */
const byMonth = (due: ErasurePlan['due']) => {
  const keys = new Map<string | null, number>();
  for (const { month } of due) keys.set(month ?? null, (keys.get(month ?? null) ?? 0) + 1);
  return [...keys].map(([month, count]) => ({ month, keys: count }));
};

export const erasureRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/log/erasures',
    {
      config,
      schema: {
        tags,
        summary: 'What may be erased today, and what must still be kept; changes nothing',
        querystring: Type.Object(Asked),
        response: {
          200: Type.Object({
            plan: Bytes32,
            today: Day,
            due: List(
              Type.Object({
                month: Type.Union([Month, Type.Null()], { description: 'null: openings of consents that have ended' }),
                keys: Count,
              }),
            ),
            kept: Type.Object({ keys: Count, next: Type.Union([Day, Type.Null()]) }),
            rules: List(Type.Object({ source: Type.String(), months: Count, confirmed: Type.Boolean() })),
          }),
        },
      },
    },
    async (request, reply) => {
      const planned = await planErasure(modules, request.query);
      if (!planned.ok) return sendRefusal(reply, planned.refusal);
      const { plan, today, due, kept, rules } = planned.value;
      return { plan, today, due: byMonth(due), kept: { keys: kept.keys, next: kept.next ?? null }, rules };
    },
  );
  app.post(
    '/v1/log/erasures',
    {
      config,
      schema: {
        tags,
        summary: 'Destroy the keys of a plan that was looked at: what they sealed is erased, leaves and proofs stay',
        body: Type.Object({ ...Asked, plan: Bytes32 }, { additionalProperties: false }),
        response: { 200: Type.Object({ erased: Count }) },
      },
    },
    async (request, reply) => {
      const done = await runErasure(modules, { ...request.body, staff: request.staff });
      return done.ok ? done.value : sendRefusal(reply, done.refusal);
    },
  );
};
