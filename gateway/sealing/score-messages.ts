import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { scoreSuites } from '../domain/score-session.ts';
import {
  address,
  bigUint,
  block,
  bytes32,
  code,
  compact,
  consentId,
  count,
  datasetId,
  grantId,
  leaf,
  memberId,
  modelId,
  nullable,
  oneOf,
  outcome,
  signature,
  subjectCommitment,
  usageId,
} from './message-parts.ts';
import { parser } from './parser.ts';

/* The messages of a joint scoring session (docs/protocol/score.md): form, type and check at once. Names not listed are refused. */

const strict = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });
/** No model has more parts (IModelRegistry). */
const mostProviders = 128;
const list = <T extends TSchema>(part: T) => Type.Array(part, { minItems: 2, maxItems: mostProviders });

/** Times in seconds; `exp` exclusive. */
const envelope = { v: Type.Literal(1), chain: count, iss: memberId, aud: memberId, iat: count, exp: count };
// As wide as the contract's.
const uint32 = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 });
const fieldElement = Type.String({ pattern: '^(0|[1-9][0-9]{0,77})$' });

export const SessionTermsForm = strict({
  suite: oneOf(scoreSuites),
  verifier: address,
  verificationKey: bytes32,
  consumer: memberId,
  oneTimeKey: bytes32,
  subject: subjectCommitment,
  authorization: consentId,
  model: modelId,
  modelVersion: uint32,
  contributions: list(strict({ dataset: datasetId, version: uint32, grant: grantId, root: bytes32 })),
  epoch: count,
  blockNumber: count,
  blockHash: bytes32,
  nonce: bytes32,
});

/** Round 1, to one provider: `leaf` and `usage` are those of its contribution, `signature` is the consumer's over the session (EIP-712), `sealed` holds UsageParties. */
export const ScoreProposal = strict({
  ...envelope,
  usage: usageId,
  terms: SessionTermsForm,
  signature,
  fields: Type.Array(code, { minItems: 1, maxItems: 100, uniqueItems: true }),
  purpose: code,
  leaf,
  sealed: compact,
});
export type ScoreProposal = Static<typeof ScoreProposal>;

/** What every answer of a provider says. `request` is the SHA-256 of the proposal's JWS. */
const answer = { ...envelope, session: bytes32, usage: usageId, request: bytes32, block };

export const ScoreAgreement = strict({ ...answer, priceFen: bigUint });
export type ScoreAgreement = Static<typeof ScoreAgreement>;

/** In any round instead of its answer; logged before it leaves. `evidence` is a signed message of whom `detail.member` names, where there is one. */
export const ScoreRefusal = strict({
  ...answer,
  outcome,
  detail: Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 500 }), Type.Number()])),
  evidence: nullable(compact),
  leaf,
});
export type ScoreRefusal = Static<typeof ScoreRefusal>;

/** Round 2: what all agreed to, in the order of the contributions. */
export const ScoreAgreements = strict({ ...envelope, session: bytes32, agreements: list(compact) });
export type ScoreAgreements = Static<typeof ScoreAgreements>;

/**
 * `commitment` and `shareCommitments` are points (domain of gateway/scoring/babyjubjub.ts); `signature` is over the PartCommitment (EIP-712); `shares[j]` is sealed to the
 * provider at place j and holds a ScoreShare as JWS.
 */
export const ScoreDeal = strict({ ...answer, commitment: bytes32, shareCommitments: list(bytes32), signature, shares: list(compact) });
export type ScoreDeal = Static<typeof ScoreDeal>;

/** One share, signed by who dealt it: what the receiver accuses it with. */
export const ScoreShare = strict({
  v: Type.Literal(1),
  chain: count,
  iss: memberId,
  aud: memberId,
  session: bytes32,
  value: bytes32,
  blinding: bytes32,
});
export type ScoreShare = Static<typeof ScoreShare>;

/** Round 3: what all dealt. */
export const ScoreDeals = strict({ ...envelope, session: bytes32, deals: list(compact) });
export type ScoreDeals = Static<typeof ScoreDeals>;

const pair = Type.Tuple([fieldElement, fieldElement]);
export const ProofForm = strict({ a: pair, b: Type.Tuple([pair, pair]), c: pair });

/** `deals` is the SHA-256 of all deals as they came; `sums` is sealed to the session's one-time key, context = session; `proof` is null in an unproven session. */
export const ScoreOpening = strict({
  ...answer,
  dataset: datasetId,
  version: count,
  priceFen: bigUint,
  deals: bytes32,
  sums: compact,
  proof: nullable(ProofForm),
  leaf,
});
export type ScoreOpening = Static<typeof ScoreOpening>;

/** The sums of the shares that one provider received, and the reason codes of its part where the model lets the consumer have them. */
export const ScoreSums = strict({ value: bytes32, blinding: bytes32, reasons: nullable(Type.Array(code, { maxItems: 16 })) });
export type ScoreSums = Static<typeof ScoreSums>;

export const scoreTypes = {
  proposal: 'xinshu-score-proposal+jws',
  agreement: 'xinshu-score-agreement+jws',
  refusal: 'xinshu-score-refusal+jws',
  agreements: 'xinshu-score-agreements+jws',
  deal: 'xinshu-score-deal+jws',
  share: 'xinshu-score-share+jws',
  deals: 'xinshu-score-deals+jws',
  opening: 'xinshu-score-opening+jws',
} as const;
export const scoreSealTypes = {
  parties: 'xinshu-score-parties+jwe',
  share: 'xinshu-score-share+jwe',
  sums: 'xinshu-score-sums+jwe',
} as const;

/** Each refuses with MESSAGE_MALFORMED and the place of the first fault. */
export const parseScoreProposal = parser<ScoreProposal>(ScoreProposal);
export const parseScoreAgreement = parser<ScoreAgreement>(ScoreAgreement);
export const parseScoreRefusal = parser<ScoreRefusal>(ScoreRefusal);
export const parseScoreAgreements = parser<ScoreAgreements>(ScoreAgreements);
export const parseScoreDeal = parser<ScoreDeal>(ScoreDeal);
export const parseScoreShare = parser<ScoreShare>(ScoreShare);
export const parseScoreDeals = parser<ScoreDeals>(ScoreDeals);
export const parseScoreOpening = parser<ScoreOpening>(ScoreOpening);
export const parseScoreSums = parser<ScoreSums>(ScoreSums);
