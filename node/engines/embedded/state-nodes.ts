import { type BatchDBOp, type DB, KECCAK256_RLP_S } from '@ethereumjs/util';
import { NodeError } from '../../errors.ts';
import { GenerationCache } from './generation-cache.ts';
import { keys } from './keys.ts';
import type { LedgerStore } from './store.ts';

const emptyRoot = KECCAK256_RLP_S.slice(2);

/** Trie nodes and code on disk, by content hash, with those used last in memory. Keys are hex, as the trie library asks. */
export class StateNodes {
  readonly #store: LedgerStore;
  readonly #cache = new GenerationCache<string, Uint8Array>(100_000);

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /** A node that a root leads to must be there: its absence is a damaged ledger, never an empty answer. */
  get(hex: string): Uint8Array {
    const known = this.#cache.get(hex);
    if (known !== undefined) return known;
    const found = this.#store.get(keys.state(Buffer.from(hex, 'hex')));
    if (found === undefined) throw new NodeError('NODE_DATA_CORRUPT', { node: hex });
    this.#cache.set(hex, found);
    return found;
  }
}

/** What a trie writes while it works: kept in memory beside the nodes on disk, never reaching them by itself. */
export class NodeOverlay implements DB<string, Uint8Array> {
  readonly #base: StateNodes;
  readonly pending = new Map<string, Uint8Array>();

  constructor(base: StateNodes) {
    this.#base = base;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    // The root of an empty trie is asked for like any other, and stands for no node at all.
    return this.pending.get(key) ?? (key === emptyRoot ? undefined : this.#base.get(key));
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.pending.set(key, value);
  }

  async del(key: string): Promise<void> {
    this.pending.delete(key);
  }

  async batch(ops: BatchDBOp<string, Uint8Array>[]): Promise<void> {
    for (const op of ops) {
      if (op.type === 'put') this.pending.set(op.key, op.value);
      else this.pending.delete(op.key);
    }
  }

  shallowCopy(): NodeOverlay {
    return this;
  }

  async open(): Promise<void> {}
}
