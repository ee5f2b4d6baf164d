import type { Address, Hex } from '../domain/ids.ts';
import type { KeyPurpose } from '../domain/registry-state.ts';

export type HeldKey = {
  readonly purpose: KeyPurpose;
  readonly suite: string;
  readonly data: Hex;
  /** Made by a rotation, so that the registry is to follow. What was made first is the founders' business. */
  readonly rolled: boolean;
};

/** All keys that a member holds, of each purpose in the order of their making. */
export type HeldKeys = {
  readonly keys: readonly HeldKey[];
  readonly accounts: readonly Address[];
  /** Public halves that are to be retired at once. */
  readonly retire: readonly Hex[];
};

/** Which of them are used: their public halves. */
export type KeyChoice = { readonly sign: Hex; readonly note: Hex; readonly tls: Hex; readonly account: Address };

/** The keys behind `Keys`, while some are rolled. */
export interface KeyRing {
  held(): HeldKeys;
  /** From here on `Keys` signs and shows these. What is sealed to any held key can be opened all the time. */
  use(choice: KeyChoice): void;
  /** Takes up keys that were made meanwhile. Throws KEYSTORE_UNREADABLE, KEYSTORE_PASSPHRASE, and goes on with those it has. */
  refresh(): Promise<void>;
}
