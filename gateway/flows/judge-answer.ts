import type { KeyObject } from 'node:crypto';
import { catalogue, type ErrorCode } from '../domain/errors.ts';
import { fromHex } from '../domain/hash.ts';
import type { Hex, MemberId } from '../domain/ids.ts';
import { jsonOf } from '../domain/json.ts';
import type { BlockRef } from '../domain/registry-state.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Refusal, type Result, refuse } from '../domain/result.ts';
import type { SubjectRef } from '../domain/subject.ts';
import { openOneTime } from '../sealing/jwe.ts';
import { messageTypes, parseUsageResponse, sealTypes, type UsageRequest, type UsageResponse } from '../sealing/messages.ts';
import { type VerifiedRecord, verifyPayload } from '../sealing/record-check.ts';
import type { Modules } from './modules.ts';
import { checkAddress, readSigned } from './read-message.ts';

export type AskedAnswer = {
  readonly provider: MemberId;
  readonly claims: Omit<UsageRequest, 'leaf'>;
  /** SHA-256 of the request JWS. */
  readonly requestHash: Hex;
  readonly subject: SubjectRef;
  /** undefined once it is erased: then only a refusal can still be read. */
  readonly privateKey: KeyObject | undefined;
};
export type VerifiedAnswer = {
  readonly response: UsageResponse;
  readonly block: BlockRef;
  readonly root: Hex;
  readonly records: readonly VerifiedRecord[];
};

/**
 * `settled`: this is the provider's signed word on the usage, to be logged: the records, proved against the chain, or a refusal, the provider's or (with what it
 * sent as evidence) one of an answer that does not hold. Not settled: no answer that counts; the same request can be sent again.
 */
export type Judgement =
  | { readonly settled: true; readonly response: UsageResponse; readonly result: Result<VerifiedAnswer> }
  | { readonly settled: false; readonly refusal: Refusal };

const form = { typ: messageTypes.usageResponse, parse: parseUsageResponse };
const garbled = (refusal: Refusal): Judgement => ({ settled: false, refusal: { code: 'PEER_GARBLED', detail: { reason: refusal.code } } });
/** A field that may come unasked: the subject's own statement goes wherever the record goes (rule 21). */
const always = ['statement'];

/** Checks an answer: signature, bindings to the request, the block it names, and the payload against the commitment on chain. `nowSeconds` judges its expiry, unless it was taken before. */
export const judgeAnswer = async (
  modules: Modules,
  asked: AskedAnswer,
  answer: string,
  nowSeconds: number | undefined,
): Promise<Judgement> => {
  const read = readSigned(modules, asked.provider, answer, form);
  if (!read.ok) return garbled(read.refusal);
  const response = read.value;
  const addressed = checkAddress(modules, asked.provider, response, nowSeconds ?? response.iat);
  if (!addressed.ok) return garbled(addressed.refusal);
  const settle = (result: Result<VerifiedAnswer>): Judgement => ({ settled: true, response, result });
  const wrong = mismatch(asked, response);
  if (wrong !== undefined) return settle(refuse('ANSWER_MISMATCH', { what: wrong }));
  if (response.outcome !== 'ok') return settle(refused(response));
  const { number, hash } = response.block;
  if (!(await modules.ledger.reached(number, modules.policy.limits.mirrorWaitMs)))
    return { settled: false, refusal: { code: 'LEDGER_BEHIND', detail: { block: number } } };
  const view = modules.ledger.at(number);
  if (view?.block.hash !== hash) return settle(refuse('BLOCK_MISMATCH', { block: number }));
  return settle(verify(asked, response, view));
};

const mismatch = ({ claims, requestHash }: AskedAnswer, response: UsageResponse): string | undefined => {
  if (response.usage !== claims.usage) return 'usage';
  if (response.request !== requestHash) return 'request';
  if (response.dataset !== claims.dataset) return 'dataset';
  // A block before the one the request named would be a decision on older law.
  return response.block.number < claims.block.number ? 'block' : undefined;
};

const refused = ({ outcome, detail }: UsageResponse): Result<never> => {
  const known = Object.hasOwn(catalogue, outcome) && catalogue[outcome as ErrorCode].kind !== 'retry';
  return known ? refuse(outcome as ErrorCode, detail as Refusal['detail']) : refuse('ANSWER_MISMATCH', { what: 'outcome' });
};

const verify = ({ claims, subject, privateKey }: AskedAnswer, response: UsageResponse, view: RegistryView): Result<VerifiedAnswer> => {
  const dataset = view.dataset(claims.dataset);
  if (response.version === null || response.version !== dataset?.version) return refuse('ANSWER_MISMATCH', { what: 'version' });
  const price = claims.grant === null ? dataset.priceFen : view.grant(claims.grant)?.priceFen;
  if (response.priceFen !== price?.toString()) return refuse('ANSWER_MISMATCH', { what: 'price' });
  const commitment = view.datasetVersion(dataset.id, response.version)?.commitments.find(({ name }) => name === 'records');
  if (commitment === undefined || response.payload === null) return refuse('ANSWER_MISMATCH', { what: 'commitment or payload' });
  if (privateKey === undefined) return refuse('USAGE_CLOSED');
  const plaintext = openOneTime(privateKey, response.payload, { typ: sealTypes.payload, context: claims.usage });
  if (!plaintext.ok) return plaintext;
  const { usage, fields } = claims;
  const expected = {
    usage,
    dataset: dataset.id,
    version: response.version,
    subject,
    fields,
    root: fromHex(commitment.root),
    size: commitment.size,
  };
  const records = verifyPayload(jsonOf(plaintext.value), expected, always);
  return records.ok ? ok({ response, block: view.block, root: commitment.root, records: records.value }) : records;
};
