import type { ConsentId, MemberId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { SignedWithdrawal } from './held-withdrawals.ts';
import type { Modules } from './modules.ts';

export type RelayWithdrawalInput = SignedWithdrawal & {
  /** The member whose gateway handed it on; undefined: the subject itself. */
  readonly from?: MemberId;
};
/** 'held': nothing more is served here under the consent; the chain is being told until it is final. */
export type RelayWithdrawalOutput = { readonly consent: ConsentId; readonly state: 'held' | 'final' };

export const relayWithdrawal = async (_modules: Modules, _input: RelayWithdrawalInput): Promise<Result<RelayWithdrawalOutput>> => {
  throw new Error('in work');
};
