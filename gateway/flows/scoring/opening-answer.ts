import { fromHex } from '../../domain/hash.ts';
import type { Hex } from '../../domain/ids.ts';
import type { Groth16Proof } from '../../domain/points-proof.ts';
import { ok, type Result } from '../../domain/result.ts';
import { saltToHex } from '../../domain/subject-commitment.ts';
import type { LogPosition } from '../../ports/audit-store.ts';
import { type Share, sumShares } from '../../scoring/deal-shares.ts';
import { seal, sealEntropyLength, toOneTimePublicKey } from '../../sealing/jwe.ts';
import { type ScoreSums, scoreSealTypes, scoreTypes } from '../../sealing/score-messages.ts';
import type { Modules } from '../modules.ts';
import type { ServedRecord } from '../served-record.ts';
import { sessionAnswer } from './answer-session.ts';
import { type AskedSession, ownPlace } from './asked-session.ts';
import { proofToJson } from './stored-part.ts';

/** What the provider keeps with the `served` entry of a contribution: `deals` is the SHA-256 of all deals it opened the sums of. */
export type ServedScore = ServedRecord & { readonly session: Hex; readonly deals: Hex };

export type OpenedSums = {
  readonly shares: readonly Share[];
  readonly proof: Groth16Proof | undefined;
  readonly reasons: readonly string[];
};

/** The answer of round 3 that a durable `served` entry stands for: the sums of the shares, sealed to the session's one-time key, and the proof. */
export const openingAnswer = async (
  modules: Modules,
  asked: AskedSession,
  { shares, proof, reasons }: OpenedSums,
  record: ServedScore,
  leaf: LogPosition,
): Promise<Result<string>> => {
  const { keys, randomness, member } = modules;
  const { session, proposal, view } = asked;
  const { terms } = proposal;
  const { value, blinding } = sumShares(shares);
  const told = view.model(terms.model, terms.modelVersion)?.reasonsToConsumer === true;
  const sums: ScoreSums = { value: saltToHex(value), blinding: saltToHex(blinding), reasons: told ? [...reasons] : null };
  const key = toOneTimePublicKey(fromHex(terms.oneTimeKey));
  const plaintext = Buffer.from(JSON.stringify(sums), 'utf8');
  const sealed = seal(key, plaintext, { typ: scoreSealTypes.sums, context: session }, randomness.bytes(sealEntropyLength));
  if (!sealed.ok) return sealed;
  const claims = {
    ...sessionAnswer(modules, asked, record.block),
    dataset: terms.contributions[ownPlace(view, terms, member)!]!.dataset,
    version: record.version,
    priceFen: record.priceFen,
    deals: record.deals,
    sums: sealed.value,
    proof: proof === undefined ? null : proofToJson(proof),
    leaf,
  };
  return ok(await keys.sign(scoreTypes.opening, claims));
};
