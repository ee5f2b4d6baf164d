import type { KeyPurpose, MemberKey } from './registry-state.ts';

/** The keys of one purpose that hold at a block: from `fromBlock` on, before `untilBlock`. */
export const keysInForce = (keys: readonly MemberKey[], purpose: KeyPurpose, block: number): readonly MemberKey[] =>
  keys.filter((key) => key.purpose === purpose && key.fromBlock <= block && (key.untilBlock === 0 || block < key.untilBlock));
