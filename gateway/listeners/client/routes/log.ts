import { Type } from 'typebox';
import { toBase64url } from '../../../domain/hash.ts';
import { proveConsistency } from '../../../flows/prove-consistency.ts';
import { proveInclusion } from '../../../flows/prove-inclusion.ts';
import { readCheckpoint } from '../../../flows/read-checkpoint.ts';
import { readLog } from '../../../flows/read-log.ts';
import { readOpenings } from '../../../flows/read-openings.ts';
import { readUsage } from '../../../flows/read-usage.ts';
import { showConsent } from '../../../flows/show-consent.ts';
import { ndjsonStream, ndjsonType } from '../ndjson.ts';
import type { ClientApp, ClientOptions } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { BlockNumber, Bytes32, ConsentCode, Count, List, MemberCode, UsageCode } from '../schemas/common.ts';
import { LeafText, Opening, ShownConsent } from '../schemas/log.ts';

const tags = ['log'];
const config = { access: ['auditor'] } as const;
const streamed = { access: ['auditor'], unbounded: true } as const;
const Range = Type.Object({ from: Type.Optional(Count), to: Type.Optional(Count) });

async function* mapped<T, U>(values: AsyncIterable<T>, change: (value: T) => U): AsyncGenerator<U> {
  for await (const value of values) yield change(value);
}

export const logRoutes = (app: ClientApp, { modules }: ClientOptions): void => {
  app.get(
    '/v1/log/checkpoint',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Size and root of the log now, signed with the note key, and the newest anchor this gateway knows',
        response: {
          200: Type.Object({
            member: MemberCode,
            log: Count,
            size: Count,
            root: Bytes32,
            note: Type.String({ description: 'C2SP tlog-checkpoint as a signed note' }),
            cosigned: Type.Union(
              [Type.Object({ size: Count, root: Bytes32, note: Type.String(), witnesses: List(MemberCode) }), Type.Null()],
              {
                description: 'The newest that a quorum of witnesses has cosigned',
              },
            ),
            anchored: Type.Union([Type.Object({ size: Count, root: Bytes32, block: BlockNumber }), Type.Null()]),
          }),
        },
      },
    },
    async () => readCheckpoint(modules),
  );
  app.get(
    '/v1/log/leaves',
    {
      config: streamed,
      schema: {
        tags,
        summary: 'Leaves as they were hashed, one a line: {index, leaf}',
        querystring: Range,
        produces: [ndjsonType],
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) => {
      const leaves = await readLog(modules, { from: request.query.from ?? 0, to: request.query.to });
      if (!leaves.ok) return sendRefusal(reply, leaves.refusal);
      return reply.type(ndjsonType).send(ndjsonStream(mapped(leaves.value, ({ index, leaf }) => ({ index, leaf: toBase64url(leaf) }))));
    },
  );
  app.get(
    '/v1/log/openings',
    {
      config: streamed,
      schema: {
        tags,
        summary: 'What stands behind the commitments, one a line: {index, opening}; null where it was erased',
        querystring: Range,
        produces: [ndjsonType],
        response: { 200: Type.Any() },
      },
    },
    async (request, reply) => {
      const openings = await readOpenings(modules, { from: request.query.from ?? 0, to: request.query.to });
      if (!openings.ok) return sendRefusal(reply, openings.refusal);
      return reply
        .type(ndjsonType)
        .send(ndjsonStream(mapped(openings.value, ({ index, opening }) => ({ index, opening: opening ?? null }))));
    },
  );
  app.get(
    '/v1/log/consents/:id',
    {
      config,
      schema: {
        tags,
        summary: 'What stands behind a consent besides the chain: whose it is, by which credential; null where it was erased or never came',
        params: Type.Object({ id: ConsentCode }),
        response: {
          200: Type.Object({ consent: ConsentCode, opening: Type.Union([ShownConsent, Type.Null()]), erased: Type.Boolean() }),
        },
      },
    },
    async (request) => {
      const { consent, opening, erased } = await showConsent(modules, request.params.id);
      return { consent, opening: opening ?? null, erased };
    },
  );
  app.get(
    '/v1/log/inclusion',
    {
      config,
      schema: {
        tags,
        summary: 'Inclusion proof (RFC 9162 §2.1.3)',
        querystring: Type.Object({ index: Count, size: Count }),
        response: { 200: Type.Object({ index: Count, size: Count, root: Bytes32, proof: List(Bytes32) }) },
      },
    },
    async (request, reply) => {
      const proof = await proveInclusion(modules, request.query);
      return proof.ok ? proof.value : sendRefusal(reply, proof.refusal);
    },
  );
  app.get(
    '/v1/log/consistency',
    {
      config,
      schema: {
        tags,
        summary: 'Consistency proof (RFC 9162 §2.1.4)',
        querystring: Type.Object({ from: Count, to: Count }),
        response: { 200: Type.Object({ from: Count, to: Count, fromRoot: Bytes32, toRoot: Bytes32, proof: List(Bytes32) }) },
      },
    },
    async (request, reply) => {
      const proof = await proveConsistency(modules, request.query);
      return proof.ok ? proof.value : sendRefusal(reply, proof.refusal);
    },
  );
  app.get(
    '/v1/log/usages/:usage',
    {
      config,
      schema: {
        tags,
        summary: 'Everything the log holds on one usage',
        params: Type.Object({ usage: UsageCode }),
        response: {
          200: Type.Object({
            leaves: List(Type.Object({ step: Type.String(), index: Count, leaf: LeafText, opening: Type.Union([Opening, Type.Null()]) })),
          }),
        },
      },
    },
    async (request, reply) => {
      const found = await readUsage(modules, { usage: request.params.usage });
      if (!found.ok) return sendRefusal(reply, found.refusal);
      return {
        leaves: found.value.map(({ step, index, leaf, opening }) => ({ step, index, leaf: toBase64url(leaf), opening: opening ?? null })),
      };
    },
  );
};
