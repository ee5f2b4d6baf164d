import { Type } from 'typebox';
import { Bytes32, ConsentCode, Count, List, MemberCode, ModelCode, Subject, UsageCode } from './common.ts';

export const ScoreQuery = Type.Object(
  {
    score: Type.Optional(UsageCode),
    subject: Subject,
    model: ModelCode,
    version: Type.Integer({ minimum: 1, maximum: 2 ** 32 - 1 }),
    // Any text: an unlisted purpose is a refusal that must be logged, not bad input.
    purpose: Type.String({ maxLength: 64 }),
    consent: ConsentCode,
    review: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    unproven: Type.Optional(Type.Boolean({ description: 'Without proofs: only where the network allows it' })),
  },
  { additionalProperties: false },
);
export type ScoreQuery = Type.Static<typeof ScoreQuery>;

export const ScoreResult = Type.Object({
  score: Type.Integer(),
  band: Type.Optional(Type.String()),
  decision: Type.Optional(Type.Enum(['approve', 'decline'])),
  grade: Type.Integer({ description: 'The highest grade of the datasets (rule 42)' }),
});

export const Score = Type.Object({
  score: UsageCode,
  session: Type.String(),
  state: Type.Enum(['running', 'scored', 'failed']),
  model: ModelCode,
  version: Type.Integer(),
  proofs: Type.Enum(['verified', 'unproven', 'none']),
  result: Type.Union([ScoreResult, Type.Null()]),
  failure: Type.Union([Type.Object({ code: Type.String(), facts: Type.Record(Type.String(), Type.Unknown()) }), Type.Null()]),
  providers: List(Type.Object({ member: MemberCode, answered: Count }), { description: 'How many of the three rounds each has answered' }),
  reviewAsked: Type.Union([Type.String(), Type.Null()], { description: 'Id of the human review that was asked for' }),
});

export const BandAsked = Type.Object(
  {
    from: Type.Optional(Type.Integer({ description: 'Least score of the band; left out: open' })),
    below: Type.Optional(Type.Integer({ description: 'First score above the band; left out: open' })),
    audience: Type.String({ minLength: 1, maxLength: 200, description: 'To whom it is shown' }),
    challenge: Bytes32,
  },
  { additionalProperties: false },
);
