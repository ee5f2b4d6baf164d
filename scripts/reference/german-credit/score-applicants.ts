import { systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import { withChain } from '../../../gateway/cli/chain.ts';
import { CliFailure } from '../../../gateway/cli/failure.ts';
import type { GatewayClient } from '../../../gateway/cli/gateway-client.ts';
import type { ConsentId } from '../../../gateway/domain/ids.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { consentOfApplicant } from './consent-of-applicant.ts';
import type { ReferenceNetwork } from './network.ts';
import { patiently } from './patiently.ts';
import type { Reference } from './read-reference.ts';
import { modelId, purpose, subjectOf } from './sectors.ts';

export type Mismatch = { readonly applicant: string; readonly expected: number; readonly got: number | string };
export type Outcome = {
  readonly applicants: number;
  /** Whose joint score is the tool's own. */
  readonly equal: number;
  /** Of the equal ones, those whose session came with proofs that the bank verified. */
  readonly proved: number;
  readonly mismatches: readonly Mismatch[];
};
type Scored = { readonly result: { readonly score: number }; readonly proofs: 'verified' | 'unproven' };

/** Consents mostly wait for blocks, sessions for processors. */
const consentsAtOnce = 12;
const sessionsAtOnce = 4;

/** One joint score, asked for under one id until it is there. */
const scoreOf = (bank: GatewayClient, number: string, consent: ConsentId, unproven: boolean): Promise<Scored> => {
  const score = usageIdFrom(systemRandomness.bytes(16));
  const body = { score, subject: subjectOf(number), model: modelId, version: 1, purpose, consent, unproven };
  return patiently(() => bank.post<Scored>('/v1/scores', body));
};

/** Works the list off with so many workers. */
const eachOf = async <T>(list: readonly T[], workers: number, work: (one: T, place: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let place = next++; place < list.length; place = next++) await work(list[place]!, place);
  };
  await Promise.all(Array.from({ length: workers }, worker));
};

export type Consents = ReadonlyMap<string, ConsentId>;

/** Every applicant consents. */
export const consentOfAll = (network: ReferenceNetwork, { applicants }: Reference, progress: (done: number) => void): Promise<Consents> =>
  withChain(network.file, async (chain) => {
    const consents = new Map<string, ConsentId>();
    await eachOf(applicants, consentsAtOnce, async ({ number }) => {
      consents.set(number, await consentOfApplicant(network, chain, number));
      progress(consents.size);
    });
    return consents;
  });

/** All applicants through the share protocol, the first `proofs` of them with all proofs. */
export const scoreApplicants = async (
  network: ReferenceNetwork,
  { applicants, scores }: Reference,
  consents: Consents,
  proofs: number,
  progress: (done: number, proved: number) => void,
): Promise<Outcome> => {
  const bank = network.as('bank.requester');
  let [equal, proved, done] = [0, 0, 0];
  const mismatches: Mismatch[] = [];
  await eachOf(applicants, sessionsAtOnce, async ({ number }, place) => {
    const expected = scores.get(number)!;
    try {
      const { result, proofs: kind } = await scoreOf(bank, number, consents.get(number)!, place >= proofs);
      if (result.score !== expected) mismatches.push({ applicant: number, expected, got: result.score });
      else {
        equal += 1;
        if (kind === 'verified') proved += 1;
      }
    } catch (failure) {
      mismatches.push({ applicant: number, expected, got: failure instanceof CliFailure ? failure.code : String(failure) });
    }
    done += 1;
    progress(done, proved);
  });
  mismatches.sort((a, b) => Number(a.applicant) - Number(b.applicant));
  return { applicants: applicants.length, equal, proved, mismatches };
};
