import { XinshuError } from '../../domain/errors.ts';
import { equalBytes } from '../../domain/hash.ts';
import type { ConsentId } from '../../domain/ids.ts';
import { CompactTree, edgeAt, type NodeSource } from '../../domain/merkle.ts';
import { AuditKeys } from './audit-keys.ts';
import { readU64, u64 } from './bytes.ts';
import { Counts } from './counts.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';
import type { Participant } from './writer.ts';

/** Complete subtrees out of the store: leaf hashes stand before their leaves, the levels above by themselves. Throws STORE_CORRUPT for a missing one. */
export const nodesIn =
  (database: Database, keys: AuditKeys): NodeSource =>
  async (level, index) => {
    const hash = level === 0 ? database.get(keys.leaf(index))?.subarray(0, 32) : database.get(keys.node(level, index));
    if (hash?.length !== 32) throw new XinshuError('STORE_CORRUPT', { part: 'node', level, index });
    return hash;
  };

/** The growing end of one audit log: the tree that the next append extends, how much of it is durable, uses by counter, tagged leaves by consent. */
export class AuditLog implements Participant {
  readonly log: number;
  readonly keys: AuditKeys;
  readonly uses: Counts<string>;
  readonly tags: Counts<ConsentId>;
  #tree = new CompactTree();
  #durable = 0;

  constructor(log: number) {
    this.log = log;
    this.keys = new AuditKeys(log);
    this.uses = new Counts((key) => this.keys.counter(key));
    this.tags = new Counts((consent) => this.keys.tagCount(consent));
  }

  /** Leaves that are durable. */
  get size(): number {
    return this.#durable;
  }

  /** The index that the next leaf gets. */
  get next(): number {
    return this.#tree.size;
  }

  /** Takes one leaf into the tree and stages it, with every subtree that is complete by it. */
  append(transaction: Transaction, hash: Uint8Array, leaf: Uint8Array): void {
    this.#tree.append(hash, (level, index, node) => {
      if (level === 0) transaction.add(this.keys.leaf(index), Buffer.concat([node, leaf]));
      else transaction.add(this.keys.node(level, index), node);
    });
  }

  seal(transaction: Transaction): void {
    if (this.#tree.size === this.#durable) return;
    transaction.add(this.keys.head, Buffer.concat([u64(this.#tree.size), this.#tree.root()]));
    this.uses.seal(transaction);
    this.tags.seal(transaction);
  }

  committed(): void {
    this.#durable = this.#tree.size;
    this.uses.committed();
    this.tags.committed();
  }

  /** Reads the edge of the tree: one node for each bit of the size. Throws STORE_CORRUPT when it doesn't give the root that was written with the last leaf. */
  async reload(database: Database): Promise<void> {
    this.uses.forget();
    this.tags.forget();
    const head = database.get(this.keys.head);
    const size = head === undefined ? 0 : readU64(head);
    const tree = new CompactTree(size, await edgeAt(size, nodesIn(database, this.keys)));
    if (head !== undefined && !equalBytes(tree.root(), head.subarray(8))) throw new XinshuError('STORE_CORRUPT', { part: 'root', size });
    if (database.get(this.keys.leaf(size)) !== undefined) throw new XinshuError('STORE_CORRUPT', { part: 'head', size });
    this.#tree = tree;
    this.#durable = size;
  }
}
