import Type, { type Static, type TProperties } from 'typebox';
import type { ConsentOpening, CredentialClaims, ShownOpening } from '../domain/credential.ts';
import { jsonOf } from '../domain/json.ts';
import { type Result, refuse } from '../domain/result.ts';
import {
  address,
  bigUint,
  block,
  bytes,
  bytes32,
  code,
  compact,
  consentId,
  count,
  credentialId,
  datasetId,
  grantId,
  leaf,
  memberId,
  modelId,
  nullable,
  operation,
  outcome,
  signature,
  staffName,
  subject,
  usageId,
} from './message-parts.ts';
import { parser } from './parser.ts';
import { Payload } from './payload.ts';

/* Every message between gateways (docs/protocol/peer.md): form, type and check at once. Names not listed are refused. */

const strict = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });

/** Most receipts in one acknowledgement. */
export const mostReceipts = 100;

/** Times in seconds; `exp` exclusive. */
const envelope = { v: Type.Literal(1), chain: count, iss: memberId, aud: memberId, iat: count, exp: count };

export const oneTimePublicKey = strict({ kty: Type.Literal('OKP'), crv: Type.Literal('X25519'), x: bytes(32) });

export const UsageRequest = strict({
  ...envelope,
  usage: usageId,
  block,
  dataset: datasetId,
  fields: Type.Array(code, { minItems: 1, maxItems: 100, uniqueItems: true }),
  purpose: code,
  operation,
  grant: nullable(grantId),
  consent: nullable(consentId),
  oneTimeKey: oneTimePublicKey,
  leaf,
  sealed: compact,
});
export type UsageRequest = Static<typeof UsageRequest>;

/** Sealed to the provider inside a usage request, context = usage: who is asked about, and who asks. */
export const UsageParties = strict({
  subject,
  requester: staffName,
  reviewer: nullable(staffName),
  review: nullable(Type.String({ maxLength: 64 })),
});
export type UsageParties = Static<typeof UsageParties>;

export const UsageResponse = strict({
  ...envelope,
  usage: usageId,
  request: bytes32,
  outcome,
  detail: Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 500 }), Type.Number()])),
  block,
  leaf,
  dataset: datasetId,
  version: nullable(count),
  priceFen: bigUint,
  payload: nullable(compact),
});
export type UsageResponse = Static<typeof UsageResponse>;

/** What the consumer says of one served usage: `response` is the SHA-256 of the answer's JWS, `leaf` its own `received` entry. */
export const UsageReceipt = strict({ usage: usageId, response: bytes32, verdict: outcome, leaf });
/** Receipts of many usages under one signature: on the busiest path a message for each would cost as much as the query. */
export const Acknowledgement = strict({ ...envelope, receipts: Type.Array(UsageReceipt, { minItems: 1, maxItems: mostReceipts }) });
export type UsageReceipt = Static<typeof UsageReceipt>;
export type Acknowledgement = Static<typeof Acknowledgement>;

/** `sealed` is made by the subject itself, context = consent. */
export const OpeningMessage = strict({ ...envelope, consent: consentId, sealed: compact });
export type OpeningMessage = Static<typeof OpeningMessage>;

export const WithdrawalNotice = strict({ ...envelope, consent: consentId, key: address, signature });
export type WithdrawalNotice = Static<typeof WithdrawalNotice>;

/** How a log ends for one consent: `count` entries under it among the first `size`, whose root is this. Given to the subject. */
export const HistoryEndStatement = strict({
  v: Type.Literal(1),
  chain: count,
  iss: memberId,
  iat: count,
  consent: consentId,
  report: bytes32,
  log: count,
  count,
  size: count,
  root: bytes32,
});
export type HistoryEndStatement = Static<typeof HistoryEndStatement>;

/** A model's public document, from its owner; `sealed` are the parts that are for the receiver, context = model/version/dataset. */
export const ModelMessage = strict({
  ...envelope,
  model: modelId,
  version: count,
  document: Type.Unsafe<unknown>({ type: 'object' }),
  sealed: Type.Array(strict({ dataset: datasetId, part: compact }), { maxItems: 128 }),
});
export type ModelMessage = Static<typeof ModelMessage>;

const Credential = strict({
  v: Type.Literal(1),
  id: credentialId,
  iss: memberId,
  subject,
  key: address,
  grade: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]),
  iat: count,
  nbf: count,
  exp: count,
  method: Type.String({ minLength: 1, maxLength: 100 }),
});
const shown = {
  v: Type.Literal(1),
  consent: consentId,
  subject,
  salt: bytes32,
  credential: compact,
  certificate: strict({ subjectKey: address, consentKey: address, credential: credentialId, signature }),
};
const Opening = strict({ ...shown, historyKey: bytes32 });

/** `typ` of each JWS, and of each JWE inside. */
export const messageTypes = {
  usageRequest: 'xinshu-usage-request+jws',
  usageResponse: 'xinshu-usage-response+jws',
  acknowledgement: 'xinshu-acknowledgement+jws',
  opening: 'xinshu-opening+jws',
  withdrawal: 'xinshu-withdrawal+jws',
  historyEnd: 'xinshu-history-end+jws',
  model: 'xinshu-model+jws',
} as const;
export const sealTypes = {
  usageParties: 'xinshu-usage-parties+jwe',
  payload: 'xinshu-payload+jwe',
  opening: 'xinshu-opening+jwe',
  modelPart: 'xinshu-model-part+jwe',
} as const;

/** Each refuses with MESSAGE_MALFORMED and the place of the first fault. */
export const parseUsageRequest = parser<UsageRequest>(UsageRequest);
export const parseUsageParties = parser<UsageParties>(UsageParties);
export const parseUsageResponse = parser<UsageResponse>(UsageResponse);
export const parseAcknowledgement = parser<Acknowledgement>(Acknowledgement);
export const parseOpeningMessage = parser<OpeningMessage>(OpeningMessage);
export const parseWithdrawalNotice = parser<WithdrawalNotice>(WithdrawalNotice);
export const parseHistoryEnd = parser<HistoryEndStatement>(HistoryEndStatement);
export const parseModelMessage = parser<ModelMessage>(ModelMessage);
export const parseCredentialClaims = parser<CredentialClaims>(Credential);
export const parseConsentOpening = parser<ConsentOpening>(Opening);
export const parseShownOpening = parser<ShownOpening>(strict(shown));
export const parsePayload = parser<Payload>(Payload);

/** JSON text of sealed bytes, parsed by one of the above. Refuses with MESSAGE_MALFORMED. */
export const parseSealedJson = <T>(plaintext: Uint8Array, parse: (value: unknown) => Result<T>): Result<T> => {
  const value = jsonOf(plaintext);
  return value === undefined ? refuse('MESSAGE_MALFORMED', { path: '', rule: 'json' }) : parse(value);
};
