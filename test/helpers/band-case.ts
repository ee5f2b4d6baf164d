import type { Band, BandAsker } from '../../gateway/domain/band-proof.ts';
import { toScalar } from '../../gateway/scoring/babyjubjub.ts';
import type { BandFacts } from '../../gateway/scoring/band-statement.ts';
import type { Total } from '../../gateway/scoring/combine-sums.ts';
import { commit } from '../../gateway/scoring/pedersen.ts';

type Changes = {
  readonly points?: number;
  readonly blinding?: bigint;
  readonly base?: number;
  readonly band?: Band;
  readonly asker?: BandAsker;
  readonly session?: `0x${string}`;
};

/** A score of three providers, whose points are -300, 200 and the rest, and a band that is asked of it. */
export const bandCase = ({
  points = -50,
  blinding = 987_654_321n,
  base = 650,
  band = { from: 560, below: 640 },
  asker = { audience: 'auditor-one', challenge: `0x${'5a'.repeat(32)}` },
  session = `0x${'c3'.repeat(32)}`,
}: Changes = {}): { readonly facts: BandFacts; readonly total: Total } => {
  const scalar = (value: number): bigint => toScalar(BigInt(value));
  const commitments = [commit(scalar(-300), 11n), commit(scalar(200), 22n), commit(scalar(points + 100), toScalar(blinding - 33n))];
  return { facts: { session, commitments, base, band, asker }, total: { points, blinding } };
};
