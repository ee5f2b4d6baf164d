import { Type } from 'typebox';
import {
  BlockNumber,
  Bytes32,
  ConsentCode,
  Count,
  DatasetCode,
  Fen,
  GrantCode,
  List,
  OperationWord,
  Seconds,
  Subject,
  UsageCode,
  Word,
} from './common.ts';

export const Query = Type.Object(
  {
    usage: Type.Optional(UsageCode),
    subject: Subject,
    dataset: DatasetCode,
    fields: Type.Optional(List(Word, { minItems: 1, maxItems: 64 })),
    // Any text: an unlisted or empty purpose is a refusal that must be logged, not bad input (rules 13 and 14).
    purpose: Type.String({ maxLength: 64 }),
    operation: OperationWord,
    grant: Type.Optional(GrantCode),
    consent: Type.Optional(ConsentCode),
    review: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  },
  { additionalProperties: false },
);
export type Query = Type.Static<typeof Query>;

const Position = Type.Object({ log: Count, index: Count, leafHash: Bytes32 });

export const Answer = Type.Object({
  usage: UsageCode,
  outcome: Type.Literal('ok'),
  provider: Type.String({ description: 'Id of the member that served it' }),
  dataset: DatasetCode,
  version: Type.Integer(),
  block: Type.Object({ number: BlockNumber, hash: Bytes32, time: Seconds }),
  priceFen: Fen,
  records: List(
    Type.Record(Type.String(), Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'] })),
  ),
  withheld: List(Type.Object({ record: Type.Optional(Count), field: Type.Optional(Type.String()), reason: Type.String() }), {
    description:
      'What travelled as a hash only: a field of all delivered records, a record (counted from 0), or, with both, a field of one record',
  }),
  proof: Type.Object(
    { root: Bytes32, verified: Type.Literal(true) },
    { description: 'The records were checked against this root on chain' },
  ),
  receipt: Type.Object({ request: Bytes32, response: Bytes32, requested: Position, served: Position, received: Position }),
});

export const Review = Type.Object({
  review: Type.String(),
  state: Type.Enum(['open', 'approved', 'rejected']),
  datasets: List(DatasetCode),
  purpose: Type.String(),
  requester: Type.String(),
  reviewer: Type.Union([Type.String(), Type.Null()]),
  openedAt: Type.Integer({ description: 'Milliseconds since the epoch' }),
});
