import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { curves, powersOfTau, zKey } from 'snarkjs';

/** 2^14 constraints at most. */
const power = 14;
/**
 * The trial keys come from beacons of public texts, so that anyone rebuilds the same bytes. Just as well anyone can compute the secrets and forge proofs: a
 * network that means it makes its keys in a ceremony.
 */
const beacon = (phase: number): string =>
  createHash('sha256').update(`xinshu trial keys, phase ${phase}: this randomness is public`).digest('hex');
const iterationsExponent = 10;

/** Powers of tau, prepared for phase 2: one minute of CPU, then eight. Taken from the cache if they are there. */
export const trialPowers = async (cache: string, report: (text: string) => void): Promise<string> => {
  const final = join(cache, `trial-${power}.ptau`);
  if (existsSync(final)) return final;
  const part = (name: string): string => join(cache, `trial-${power}.${name}.part`);
  const curve = await curves.getCurveFromName('bn128');
  report('powers of tau: 1 minute of CPU');
  await powersOfTau.newAccumulator(curve, power, part('new'));
  await powersOfTau.beacon(part('new'), part('beacon'), 'trial', beacon(1), iterationsExponent);
  report('preparing them for phase 2: 8 minutes of CPU');
  await powersOfTau.preparePhase2(part('beacon'), part('final'));
  renameSync(part('final'), final);
  return final;
};

/** The proving key of a circuit: half a minute of CPU for the points circuit. */
export const trialProvingKey = async (r1cs: string, powers: string, folder: string): Promise<string> => {
  const [first, final] = [join(folder, 'first.zkey'), join(folder, 'final.zkey')];
  if ((await zKey.newZKey(r1cs, powers, first)) === -1) throw new Error('the circuit does not fit the powers of tau');
  await zKey.beacon(first, final, 'trial', beacon(2), iterationsExponent);
  return final;
};
