import { type Change, type Entities, type EntityKind, entityKinds, type Latest } from './entity.ts';
import { indexKeys } from './indexes.ts';

/** The versions of one entity, each with the block it begins at, ascending. */
type Versions = { readonly blocks: number[]; readonly values: unknown[] };
type Table = { readonly entities: Map<string, Versions>; readonly order: { readonly key: string; readonly block: number }[] };

const none: readonly string[] = [];

/** Every version of every entity, in memory. Changes come in the order of the chain; what stood at a block never changes once a later block is in. */
export class RegistryTables implements Latest {
  readonly #tables = new Map<EntityKind, Table>(entityKinds.map((kind) => [kind, { entities: new Map(), order: [] }]));
  readonly #indexes = new Map<string, string[]>();

  add(change: Change, block: number): void {
    const table = this.#table(change.kind);
    const versions = table.entities.get(change.key);
    if (versions === undefined) {
      table.entities.set(change.key, { blocks: [block], values: [change.value] });
      table.order.push({ key: change.key, block });
    } else if (versions.blocks.at(-1) === block) {
      versions.values[versions.values.length - 1] = change.value;
    } else {
      versions.blocks.push(block);
      versions.values.push(change.value);
    }
    for (const index of indexKeys(change)) this.#addToIndex(index, change.key, versions === undefined);
  }

  get<K extends EntityKind>(kind: K, key: string): Entities[K] | undefined {
    return this.#table(kind).entities.get(key)?.values.at(-1) as Entities[K] | undefined;
  }

  /** The entity as it stood once the block was complete. */
  getAt<K extends EntityKind>(kind: K, key: string, block: number): Entities[K] | undefined {
    const versions = this.#table(kind).entities.get(key);
    if (versions === undefined) return undefined;
    return versions.values[lastNotAfter(versions.blocks, block)] as Entities[K] | undefined;
  }

  /** All entities of a kind as they stood at a block, in the order in which they came to be. */
  *listAt<K extends EntityKind>(kind: K, block: number): Iterable<readonly [string, Entities[K]]> {
    for (const { key, block: first } of this.#table(kind).order) {
      if (first > block) return;
      yield [key, this.getAt(kind, key, block) as Entities[K]] as const;
    }
  }

  /** Keys of all entities that ever stood under this index key, in the order in which they came to. */
  indexed(index: string): readonly string[] {
    return this.#indexes.get(index) ?? none;
  }

  #table(kind: EntityKind): Table {
    return this.#tables.get(kind) as Table;
  }

  #addToIndex(index: string, key: string, isNew: boolean): void {
    const keys = this.#indexes.get(index);
    if (keys === undefined) this.#indexes.set(index, [key]);
    else if (isNew || !keys.includes(key)) keys.push(key);
  }
}

const lastNotAfter = (blocks: readonly number[], block: number): number => {
  let low = 0;
  let high = blocks.length;
  // Almost every read is at the head.
  if ((blocks.at(-1) ?? 0) <= block) return high - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle] as number) <= block) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};
