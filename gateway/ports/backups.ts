import type { Hex } from '../domain/ids.ts';

export type BackupMade = {
  /** Everything but the two secrets that must lie elsewhere: the passphrase, and the opening keys. */
  readonly folder: string;
  readonly openingKeys: string;
  /** Of the log in the copy, as read from the copy. */
  readonly size: number;
  readonly root: Hex;
};

/** Copies of this gateway's folder, made while it serves. */
export interface Backups {
  /** The copy is of one moment between two writes, and was opened and checked before this resolves. Left half-made by a crash, it has another name. One at a time. */
  make(): Promise<BackupMade>;
}
