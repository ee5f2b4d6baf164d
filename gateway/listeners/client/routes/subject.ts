import { Type } from 'typebox';
import { toBase64url } from '../../../domain/hash.ts';
import { longestHistoryDeadline, mostHistoryEntries } from '../../../flows/check-history-owner.ts';
import { readHistory } from '../../../flows/read-history.ts';
import { relayAmendment } from '../../../flows/relay-amendment.ts';
import { relayConsent } from '../../../flows/relay-consent.ts';
import { relayWithdrawal } from '../../../flows/relay-withdrawal.ts';
import { explainScores } from '../../../flows/scoring/explain-scores.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import {
  AccountAddress,
  BlockNumber,
  Bytes32,
  ConsentCode,
  Count,
  DatasetCode,
  DatasetScope,
  List,
  MemberCode,
  ModelCode,
  OperationWord,
  Seconds,
  Signature,
  SubjectCommitmentCode,
  UsageCode,
  Word,
} from '../schemas/common.ts';
import { LeafText, Opening } from '../schemas/log.ts';

const tags = ['subject'];
const strict = { additionalProperties: false };
const Scopes = List(DatasetScope, { minItems: 1, maxItems: 32 });
const Operations = List(OperationWord, { minItems: 1, maxItems: 4 });
const MaxUses = Type.Integer({ minimum: 1, maximum: 2 ** 32 - 1 });

const Consent = Type.Object(
  {
    subject: SubjectCommitmentCode,
    key: AccountAddress,
    grantee: MemberCode,
    scopes: Scopes,
    purpose: Word,
    operations: Operations,
    notBefore: Seconds,
    notAfter: Seconds,
    maxUses: MaxUses,
    renews: Bytes32,
    nonce: Bytes32,
    deadline: Seconds,
  },
  strict,
);
const Amendment = Type.Object(
  {
    consent: ConsentCode,
    revision: Type.Integer({ minimum: 1 }),
    scopes: Scopes,
    operations: Operations,
    notAfter: Seconds,
    maxUses: MaxUses,
    deadline: Seconds,
  },
  strict,
);
const HistoryRequest = Type.Object(
  {
    consent: ConsentCode,
    member: MemberCode,
    log: Count,
    from: Count,
    count: Type.Integer({ minimum: 1, maximum: mostHistoryEntries }),
    report: Bytes32,
    since: Count,
    deadline: Type.Integer({ minimum: 0, description: `Seconds; at most ${longestHistoryDeadline} ahead` }),
  },
  strict,
);
const Openings = Type.Unsafe<Readonly<Record<string, string>>>({
  type: 'object',
  maxProperties: 33,
  propertyNames: { type: 'string', pattern: '^[a-z0-9.-]{1,31}$' },
  additionalProperties: { type: 'string', minLength: 1, maxLength: 16_384 },
  description: 'Compact JWE for the grantee and for each provider named, by member id; made by the subject, read by that member only',
});
const Entry = Type.Object({
  n: Count,
  index: Count,
  leaf: LeafText,
  anchoredSize: Type.Union([Count, Type.Null()], { description: 'null until the leaf is under an anchored root' }),
  proof: List(Bytes32),
  opening: Type.Union([Opening, Type.Null()], { description: "Of this subject's own entry; names of staff stay closed" }),
  evidence: Type.Union([Type.String(), Type.Null()], { description: "The other side's signed message that this entry answers" }),
});
const End = Type.Object({
  statement: Type.String({ description: 'Compact JWS: how many entries the log holds under the consent at this size and root' }),
  size: Count,
  anchored: Type.Union([Type.Object({ size: Count, proof: List(Bytes32) }), Type.Null()]),
  since: List(Bytes32),
});
const ReportCount = Type.Object({
  year: Type.String(),
  number: Count,
  free: Count,
  chargeable: Type.Boolean({ description: 'Beyond the free ones of this calendar year; answered all the same' }),
});

/** No token: each of these is signed by the key of the consent itself, so anyone may relay it. */
export const subjectRoutes: Routes = (app, { modules, limits }) => {
  const open = { config: { access: 'open', rateLimit: { max: limits.subjectRatePerMinute, groupId: 'subject' } } } as const;
  const security: never[] = [];
  app.post(
    '/v1/subject/consents',
    {
      ...open,
      schema: {
        tags,
        security,
        summary: 'Give a consent to this institution: put on chain, openings handed to the providers',
        body: Type.Object({ consent: Consent, signature: Signature, openings: Openings }, strict),
        response: { 201: Type.Object({ consent: ConsentCode, block: BlockNumber, providers: List(MemberCode) }) },
      },
    },
    async (request, reply) => {
      const given = await relayConsent(modules, request.body);
      return given.ok ? reply.code(201).send(given.value) : sendRefusal(reply, given.refusal);
    },
  );
  app.post(
    '/v1/subject/amendments',
    {
      ...open,
      schema: {
        tags,
        security,
        summary: 'Narrow a consent',
        body: Type.Object({ amendment: Amendment, signature: Signature }, strict),
        response: { 200: Type.Object({ consent: ConsentCode, revision: Type.Integer(), block: BlockNumber }) },
      },
    },
    async (request, reply) => {
      const amended = await relayAmendment(modules, request.body);
      return amended.ok ? amended.value : sendRefusal(reply, amended.refusal);
    },
  );
  const Withdrawn = Type.Object({ consent: ConsentCode, state: Type.Enum(['held', 'final']) });
  app.post(
    '/v1/subject/withdrawals',
    {
      ...open,
      schema: {
        tags,
        security,
        summary: 'Withdraw a consent: stops here at once (202 until the chain has it)',
        body: Type.Object({ consent: ConsentCode, key: AccountAddress, signature: Signature }, strict),
        response: { 200: Withdrawn, 202: Withdrawn },
      },
    },
    async (request, reply) => {
      const withdrawn = await relayWithdrawal(modules, request.body);
      if (!withdrawn.ok) return sendRefusal(reply, withdrawn.refusal);
      return reply.code(withdrawn.value.state === 'final' ? 200 : 202).send(withdrawn.value);
    },
  );
  app.post(
    '/v1/subject/history',
    {
      ...open,
      schema: {
        tags,
        security,
        summary: 'What this log holds under a consent, for the owner of its key',
        body: Type.Object({ request: HistoryRequest, signature: Signature }, strict),
        response: {
          200: Type.Object({
            entries: List(Entry),
            end: Type.Union([End, Type.Null()], { description: 'null while there are more' }),
            report: Type.Union([ReportCount, Type.Null()], { description: 'Persons only: reports of this calendar year' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const history = await readHistory(modules, request.body);
      if (!history.ok) return sendRefusal(reply, history.refusal);
      const { entries, end, report } = history.value;
      return {
        report,
        end: end === undefined ? null : { ...end, anchored: end.anchored ?? null },
        entries: entries.map((entry) => ({
          ...entry,
          leaf: toBase64url(entry.leaf),
          anchoredSize: entry.anchoredSize ?? null,
          opening: entry.opening ?? null,
          evidence: entry.evidence ?? null,
        })),
      };
    },
  );
  app.post(
    '/v1/subject/score-reasons',
    {
      ...open,
      schema: {
        tags,
        security,
        summary: "Reason codes of this provider's contributions to scores under a consent, for the owner of its key",
        description: 'Signed as a history request. Nobody proves reason codes: they are the word of the provider.',
        body: Type.Object({ request: HistoryRequest, signature: Signature }, strict),
        response: {
          200: Type.Object({
            scores: List(
              Type.Object({
                usage: UsageCode,
                session: Bytes32,
                model: ModelCode,
                version: Count,
                dataset: DatasetCode,
                reasons: List(Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() })),
              }),
            ),
          }),
        },
      },
    },
    async (request, reply) => {
      const scores = await explainScores(modules, request.body);
      return scores.ok ? { scores: scores.value } : sendRefusal(reply, scores.refusal);
    },
  );
};
