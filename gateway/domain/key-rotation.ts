import type { Address, Hex } from './ids.ts';
import { keysInForce } from './member-keys.ts';
import type { KeyPurpose, Member, MemberKey } from './registry-state.ts';

/** `rolled`: made by a rotation, so that the registry is to follow. */
export type RotationKey = { readonly purpose: KeyPurpose; readonly suite: string; readonly data: Hex; readonly rolled: boolean };

export type RotationFacts = {
  readonly member: Member;
  readonly block: number;
  /** What this gateway holds, of each purpose in the order of its making. */
  readonly held: {
    readonly keys: readonly RotationKey[];
    readonly accounts: readonly Address[];
    readonly retire: readonly Hex[];
  };
  /** Seconds that a key of the registry has been in force for. */
  readonly age: (key: MemberKey) => number;
  /** Until everyone who may decide has seen a new key: the network's `max-block-age`. */
  readonly settleSeconds: number;
  /** For how long something signed with the key before is still under way once the new one is used. */
  readonly underWaySeconds: number;
};

export type RotationStep =
  | { readonly kind: 'add'; readonly key: RotationKey }
  | { readonly kind: 'retire'; readonly key: MemberKey }
  | { readonly kind: 'account'; readonly next: Address };

const purposes = ['sign', 'seal', 'note', 'tls'] as const satisfies readonly KeyPurpose[];

const isHeld = ({ held }: RotationFacts, key: MemberKey): boolean =>
  held.keys.some(({ purpose, data }) => purpose === key.purpose && data === key.data);

/** Of the suite that the gateway holds: a member's node publishes a key under `tls` too (docs/decisions/0019), which is not the gateway's to roll. */
const inForce = ({ member, block, held }: RotationFacts, purpose: KeyPurpose): readonly MemberKey[] =>
  keysInForce(member.keys, purpose, block).filter(({ suite }) => held.keys.some((key) => key.purpose === purpose && key.suite === suite));

/**
 * The key of this purpose that is used now: the newest that everyone has seen, else the oldest in force. Undefined when none that is held is in force.
 */
export const keyInUse = (facts: RotationFacts, purpose: KeyPurpose): Hex | undefined => {
  const own = inForce(facts, purpose).filter((key) => isHeld(facts, key));
  return (own.findLast((key) => facts.age(key) >= facts.settleSeconds) ?? own[0])?.data;
};

/** Credentials hold only while the Sign key they were signed with is in force (authorize-consent.ts), so an issuer's stays until its member says otherwise. */
const isKept = ({ member }: RotationFacts, { purpose }: MemberKey): boolean => purpose === 'sign' && member.roles.includes('issuer');

const toRetire = (facts: RotationFacts, purpose: KeyPurpose): MemberKey | undefined => {
  const { held, age, settleSeconds, underWaySeconds } = facts;
  const keys = inForce(facts, purpose);
  const newest = keys.at(-1);
  if (newest === undefined || !held.keys.some(({ rolled, data }) => rolled && data === newest.data)) return undefined;
  const before = keys.slice(0, -1);
  const named = before.find(({ data }) => held.retire.includes(data));
  if (named !== undefined) return named;
  return age(newest) < settleSeconds + underWaySeconds ? undefined : before.find((key) => !isKept(facts, key));
};

/**
 * What brings the registry one step nearer to what is held: a key that was made is added, an account that was made takes over, what has been replaced for long
 * enough is retired. All of it is read from the registry and the keystore, so it goes on after a crash at any point. Undefined: nothing to do now.
 */
export const rotationStep = (facts: RotationFacts): RotationStep | undefined => {
  const { member, held } = facts;
  const added = held.keys.find(
    ({ purpose, data, rolled }) => rolled && !member.keys.some((key) => key.purpose === purpose && key.data === data),
  );
  if (added !== undefined) return { kind: 'add', key: added };
  const next = held.accounts[held.accounts.indexOf(member.account) + 1];
  if (held.accounts.includes(member.account) && next !== undefined) return { kind: 'account', next };
  for (const purpose of purposes) {
    const key = toRetire(facts, purpose);
    if (key !== undefined) return { kind: 'retire', key };
  }
  return undefined;
};
