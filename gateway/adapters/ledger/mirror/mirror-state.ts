import { XinshuError } from '../../../domain/errors.ts';
import type { BlockRef } from '../../../domain/registry-state.ts';
import { apply } from '../registry/apply.ts';
import type { Change, ContractRef, RegistryEvent } from '../registry/entity.ts';
import { RegistryTables } from '../registry/tables.ts';
import { TablesView } from '../registry/view.ts';
import { BlockRefs } from './block-refs.ts';

/** One block as the mirror keeps it. */
export type MirroredBlock = { readonly ref: BlockRef; readonly changes: readonly Change[] };

/** Everything mirrored so far: versions of all entities, and the blocks. */
export class MirrorState {
  readonly #tables = new RegistryTables();
  readonly #refs = new BlockRefs();
  #head: TablesView | undefined;

  get head(): TablesView | undefined {
    return this.#head;
  }

  contracts(): readonly ContractRef[] {
    const head = this.#head?.block.number ?? -1;
    return [...this.#tables.listAt('contracts', head)].flatMap(([, { served }]) => served);
  }

  ref(number: number): BlockRef | undefined {
    return this.#refs.get(number);
  }

  at(number: number): TablesView | undefined {
    if (this.#head === undefined || number > this.#head.block.number) return undefined;
    const ref = this.#refs.get(number);
    return ref === undefined ? undefined : new TablesView(this.#tables, ref);
  }

  /** The state at a block that is known from elsewhere to be in this chain. */
  viewOf(ref: BlockRef): TablesView {
    return new TablesView(this.#tables, ref);
  }

  /** Takes in a block in the order of the chain, with what its events change. Throws LEDGER_MISMATCH when an event can't follow from what came before it. */
  append(ref: BlockRef, events: readonly RegistryEvent[]): MirroredBlock {
    const changes: Change[] = [];
    for (const event of events) {
      for (const change of this.#apply(event, ref)) {
        this.#tables.add(change, ref.number);
        changes.push(change);
      }
    }
    this.#setHead(ref);
    return { ref, changes };
  }

  /** Takes in a block that was mirrored before. */
  restore({ ref, changes }: MirroredBlock): void {
    for (const change of changes) this.#tables.add(change, ref.number);
    this.#setHead(ref);
  }

  #apply(event: RegistryEvent, { number }: BlockRef): readonly Change[] {
    try {
      return apply(this.#tables, event, number);
    } catch (cause) {
      throw new XinshuError('LEDGER_MISMATCH', { block: number, contract: event.contract.name, event: event.name }, { cause });
    }
  }

  #setHead(ref: BlockRef): void {
    this.#refs.set(ref);
    this.#head = new TablesView(this.#tables, ref);
  }
}
