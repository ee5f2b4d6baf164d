import { stat } from 'node:fs/promises';
import { Wallet } from 'ethers';
import { XinshuError } from '../../domain/errors.ts';
import type { Address, Hex } from '../../domain/ids.ts';
import type { HeldKeys, KeyChoice, KeyRing } from '../../ports/key-ring.ts';
import type { Keys } from '../../ports/keys.ts';
import { allAccounts, allPublicKeys, type KeyMaterial, publicKeys } from './key-material.ts';
import { readKeystore } from './keystore-file.ts';
import { keysOf, type Unseal } from './open-keystore.ts';

type First = Pick<KeyMaterial, 'sign' | 'seal' | 'note' | 'tls'>;

const heldOf = (material: KeyMaterial): HeldKeys => ({
  keys: allPublicKeys(material).map((key, at) => ({ ...key, rolled: at >= publicKeys(material).length })),
  accounts: allAccounts(material).map((account) => new Wallet(account).address as Address),
  retire: (material.retire ?? []) as Hex[],
});

/** Every key with the public half that names it. */
const named = <P extends keyof First>(material: KeyMaterial, purpose: P): readonly { readonly data: Hex; readonly key: First[P] }[] => {
  const keys = [material[purpose], ...((material.others?.[purpose] ?? []) as First[P][])];
  const data = allPublicKeys(material).filter((entry) => entry.purpose === purpose);
  return keys.map((key, at) => ({ key, data: data[at]!.data }));
};

/** The keystore file as a ring: `keys` stays the same object while what it signs with changes. */
export class FileKeyRing implements KeyRing {
  readonly keys: Keys;
  readonly #path: string;
  readonly #passphrase: string;
  readonly #unseal: Unseal;
  #stamp: string;
  #material: KeyMaterial;
  #held: HeldKeys;
  #choice: KeyChoice | undefined;
  #current: Keys;
  /** One for each Sign and each Seal key that is held. */
  #signers: readonly Keys[];
  #openers: readonly Keys[];

  private constructor(path: string, passphrase: string, unseal: Unseal, stamp: string, material: KeyMaterial) {
    this.#path = path;
    this.#passphrase = passphrase;
    this.#unseal = unseal;
    this.#stamp = stamp;
    this.#material = material;
    this.#held = heldOf(material);
    this.#current = keysOf(material, unseal);
    this.#signers = this.#each('sign');
    this.#openers = this.#each('seal');
    this.keys = this.#delegate();
  }

  /** Throws KEYSTORE_UNREADABLE, KEYSTORE_PASSPHRASE. */
  static async open(path: string, passphrase: string, unseal: Unseal): Promise<FileKeyRing> {
    const stamp = await stampOf(path);
    return new FileKeyRing(path, passphrase, unseal, stamp, await readKeystore(path, passphrase));
  }

  held(): HeldKeys {
    return this.#held;
  }

  use(choice: KeyChoice): void {
    const now = this.#choice;
    if (
      now !== undefined &&
      now.sign === choice.sign &&
      now.note === choice.note &&
      now.tls === choice.tls &&
      now.account === choice.account
    )
      return;
    const pick = <P extends 'sign' | 'note' | 'tls'>(purpose: P): First[P] => {
      const found = named(this.#material, purpose).find(({ data }) => data === choice[purpose]);
      if (found === undefined) throw new XinshuError('INTERNAL', { reason: `no ${purpose} key of this name is held` });
      return found.key;
    };
    const account = allAccounts(this.#material)[this.#held.accounts.indexOf(choice.account)];
    if (account === undefined) throw new XinshuError('INTERNAL', { reason: 'this account is not held' });
    this.#current = keysOf({ ...this.#material, sign: pick('sign'), note: pick('note'), tls: pick('tls'), account }, this.#unseal);
    this.#choice = choice;
  }

  async refresh(): Promise<void> {
    const stamp = await stampOf(this.#path);
    if (stamp === this.#stamp) return;
    const material = await readKeystore(this.#path, this.#passphrase);
    if (material.member !== this.#material.member)
      throw new XinshuError('KEYSTORE_UNREADABLE', { path: this.#path, member: material.member });
    this.#stamp = stamp;
    this.#material = material;
    this.#held = heldOf(material);
    this.#signers = this.#each('sign');
    this.#openers = this.#each('seal');
  }

  #each(purpose: 'sign' | 'seal'): readonly Keys[] {
    return named(this.#material, purpose).map(({ key }) => keysOf({ ...this.#material, [purpose]: key }, this.#unseal));
  }

  async #open(jwe: string): Promise<Uint8Array> {
    // The newest first: others seal to it from its block on.
    for (const opener of [...this.#openers].reverse()) {
      const opened = await opener.open(jwe).catch((error: unknown) => error as Error);
      if (!(opened instanceof Error)) return opened;
    }
    throw new XinshuError('SEAL_UNOPENABLE', {});
  }

  #delegate(): Keys {
    const current = (): Keys => this.#current;
    return {
      get member() {
        return current().member;
      },
      get account() {
        return current().account;
      },
      get signer() {
        return current().signer;
      },
      get noteKey() {
        return current().noteKey;
      },
      sign: (typ, claims, signer) => (this.#signers.find((each) => each.signer === signer) ?? this.#current).sign(typ, claims),
      open: (jwe) => this.#open(jwe),
      signNote: (bytes) => this.#current.signNote(bytes),
      signTypedData: (domain, types, value) => this.#current.signTypedData(domain, types, value),
      signTransaction: (transaction) => this.#current.signTransaction(transaction),
      sealLocal: (bytes, context) => this.#current.sealLocal(bytes, context),
      openLocal: (sealed, context) => this.#current.openLocal(sealed, context),
      subjectKey: (subject) => this.#current.subjectKey(subject),
      tls: () => this.#current.tls(),
    };
  }
}

/** Another file has another inode: keystores are replaced, never written over. */
const stampOf = async (path: string): Promise<string> => {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return `${ino}/${mtimeMs}/${size}`;
  } catch (cause) {
    throw new XinshuError('KEYSTORE_UNREADABLE', { path }, { cause });
  }
};
