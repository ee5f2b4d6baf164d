import { XinshuError } from '../../../domain/errors.ts';
import type { Address } from '../../../domain/ids.ts';
import type { Namespace, NamespaceWrite } from '../../../ports/namespace.ts';
import type { Change } from '../registry/entity.ts';
import {
  blockKey,
  blockOfKey,
  blockRange,
  changeKey,
  changeRange,
  decodeBlock,
  decodeJson,
  encodeBlock,
  encodeJson,
  headKey,
  mirrorFormat,
  type StoredHead,
} from './mirror-codec.ts';
import type { MirroredBlock } from './mirror-state.ts';

const blocksInWrite = 500;
const deletesInWrite = 5_000;

/**
 * The mirror on disk: the blocks, the changes each made, and the head, which is written together with what it stands on. Losing the newest blocks is harmless:
 * they are final and are read from the chain again.
 */
export class MirrorStore {
  readonly #namespace: Namespace;
  readonly #chain: { readonly chainId: number; readonly directory: string };

  constructor(namespace: Namespace, chainId: number, directory: Address) {
    this.#namespace = namespace;
    this.#chain = { chainId, directory: directory.toLowerCase() };
  }

  /**
   * Blocks as stored, the oldest first; nothing from a store of an earlier format, which is emptied.
   * Throws LEDGER_MISMATCH for the mirror of another chain or directory.
   */
  async *load(): AsyncIterable<MirroredBlock> {
    const stored = await this.#namespace.get(headKey);
    if (stored === undefined) return;
    const head = decodeJson<StoredHead>(stored);
    if (head.chainId !== this.#chain.chainId || head.directory !== this.#chain.directory) {
      throw new XinshuError('LEDGER_MISMATCH', {
        stored: `${head.chainId}/${head.directory}`,
        configured: `${this.#chain.chainId}/${this.#chain.directory}`,
      });
    }
    if (head.format !== mirrorFormat) {
      await this.clear();
      return;
    }
    yield* this.#blocks();
  }

  async save(blocks: readonly MirroredBlock[]): Promise<void> {
    for (let at = 0; at < blocks.length; at += blocksInWrite) await this.#write(blocks.slice(at, at + blocksInWrite));
  }

  /** Forgets everything, so that the next start reads the chain from its beginning. */
  async clear(): Promise<void> {
    // The head goes first: a half-emptied mirror is an empty one.
    await this.#namespace.write([{ type: 'del', key: headKey }]);
    for (;;) {
      const keys: Uint8Array[] = [];
      for await (const [key] of this.#namespace.range({ ...blockRange, lt: changeRange.lt, limit: deletesInWrite })) keys.push(key);
      if (keys.length === 0) return;
      await this.#namespace.write(keys.map((key) => ({ type: 'del', key })));
    }
  }

  async *#blocks(): AsyncIterable<MirroredBlock> {
    const changes = this.#namespace.range(changeRange)[Symbol.asyncIterator]();
    let next = await changes.next();
    for await (const [key, value] of this.#namespace.range(blockRange)) {
      const number = blockOfKey(key);
      const own: Change[] = [];
      while (next.done !== true && blockOfKey(next.value[0]) === number) {
        own.push(decodeJson<Change>(next.value[1]));
        next = await changes.next();
      }
      yield { ref: decodeBlock(number, value), changes: own };
    }
  }

  async #write(blocks: readonly MirroredBlock[]): Promise<void> {
    const last = blocks.at(-1);
    if (last === undefined) return;
    const head: StoredHead = { format: mirrorFormat, ...this.#chain, head: last.ref.number };
    const operations = blocks.flatMap(({ ref, changes }): NamespaceWrite[] => [
      { type: 'put', key: blockKey(ref.number), value: encodeBlock(ref) },
      ...changes.map(
        (change, position): NamespaceWrite => ({ type: 'put', key: changeKey(ref.number, position), value: encodeJson(change) }),
      ),
    ]);
    await this.#namespace.write([...operations, { type: 'put', key: headKey, value: encodeJson(head) }]);
  }
}
