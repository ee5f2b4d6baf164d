import type { Wallet } from 'ethers';
import { checkpointDomain, checkpointMessage, checkpointTypes, logSuite } from '../../gateway/audit/checkpoint.ts';
import { type ForkAnswer, type ForkEvidence, type ForkStatement, forkEvidence } from '../../gateway/audit/fork-evidence.ts';
import { fromHex, sha256Hex } from '../../gateway/domain/hash.ts';
import type { Address, Hex, MemberId } from '../../gateway/domain/ids.ts';
import { testAccount } from './member-documents.ts';
import { naiveConsistency, naiveRoot } from './naive-merkle.ts';

export type ForkPlace = { readonly chainId: number; readonly anchor: Address };

/** Leaves of one of two histories that share the first three. */
export const historyOf = (name: 'shown' | 'hidden', size: number): readonly Uint8Array[] =>
  Array.from({ length: size }, (_, at) => Buffer.from(at < 3 ? `leaf ${at}` : `${name} leaf ${at}`));

export const statement = async (
  place: ForkPlace,
  member: MemberId,
  size: number,
  root: Hex,
  by: Wallet = testAccount(member),
): Promise<ForkStatement> => ({
  size,
  root,
  account: by.address as Address,
  signature: (await by.signTypedData(
    checkpointDomain(place.chainId, place.anchor),
    checkpointTypes,
    checkpointMessage(member, 0, size, fromHex(root)),
  )) as Hex,
});

export const evidenceOf = (
  place: ForkPlace,
  member: MemberId,
  one: ForkStatement,
  other: ForkStatement,
  answer: ForkAnswer = { fromRoot: naiveRoot([]), proof: [] },
): ForkEvidence => forkEvidence({ ...place, member, log: 0, suite: logSuite }, one, other, answer);

/** Two roots of one size, both signed by the member's account. */
export const forkedBy = async (member: MemberId, size: number, place: ForkPlace): Promise<ForkEvidence> => {
  const roots = [sha256Hex(`one ${size}`), sha256Hex(`other ${size}`)];
  const [one, other] = await Promise.all(roots.map((root) => statement(place, member, size, root)));
  return evidenceOf(place, member, one as ForkStatement, other as ForkStatement);
};

/** The shown history at `first` against the hidden one at `second`, with the proof along the hidden one. */
export const forkedBetween = async (
  member: MemberId,
  first: number,
  second: number,
  place: ForkPlace,
  by?: Wallet,
): Promise<ForkEvidence> => {
  const hidden = historyOf('hidden', second);
  const [one, other] = await Promise.all([
    statement(place, member, first, naiveRoot(historyOf('shown', first)), by),
    statement(place, member, second, naiveRoot(hidden), by),
  ]);
  return evidenceOf(place, member, one, other, { fromRoot: naiveRoot(hidden.slice(0, first)), proof: naiveConsistency(first, hidden) });
};
