import type { DatasetSchema } from '../../domain/dataset-schema.ts';
import { XinshuError } from '../../domain/errors.ts';
import type { DatasetId, Hex } from '../../domain/ids.ts';
import type { Namespace, NamespaceWrite } from '../../ports/namespace.ts';
import type { Records, SubjectFeatures, SubjectRecords } from '../../ports/records.ts';
import type { ImportHead, RecordsWriter, StagedSubject } from '../../ports/records-writer.ts';
import { batches } from './batches.ts';
import {
  allImports,
  decodeFeatures,
  decodeImport,
  decodeSubject,
  encodeFeatures,
  encodeImport,
  encodeSubject,
  featureRowKey,
  featureRows,
  type ImportRow,
  importKey,
  subjectRowKey,
  subjectRows,
} from './layout.ts';

export type RecordsOptions = {
  /** How many versions of a dataset stay readable; a query decided just before a new version still finds its own. */
  readonly keptVersions: number;
};

/**
 * The records of this institution's datasets, in a namespace of the gateway's store. What stands in memory is one entry an import; a lookup is one read.
 * An import passes `staging`, `staged`, `active`, `leaving`; each step is one write of its row, so a crash leaves it in exactly one of them.
 */
export class RecordsStore implements Records, RecordsWriter {
  readonly #namespace: Namespace;
  readonly #options: RecordsOptions;
  readonly #imports = new Map<Hex, ImportRow>();
  /** Imports that somebody in this process is at work on: nothing a crash left behind. */
  readonly #inHand = new Set<Hex>();
  /** dataset and version -> the active import. */
  readonly #active = new Map<string, ImportHead>();

  private constructor(namespace: Namespace, options: RecordsOptions) {
    this.#namespace = namespace;
    this.#options = options;
  }

  static async open(namespace: Namespace, options: RecordsOptions): Promise<RecordsStore> {
    const store = new RecordsStore(namespace, options);
    for await (const [, bytes] of namespace.range(allImports)) store.#remember(decodeImport(bytes));
    return store;
  }

  async find(dataset: DatasetId, version: number, subjectKey: string): Promise<SubjectRecords | undefined> {
    const head = this.#active.get(versionKey(dataset, version));
    const bytes = head && (await this.#namespace.get(subjectRowKey(head.id, subjectKey)));
    if (head === undefined || bytes === undefined) return undefined;
    const { leafIndex, secret, path, columns, records } = decodeSubject(bytes);
    const names = head.schema.fields.map(({ name }) => name);
    return {
      dataset,
      version,
      schema: head.schema,
      records: records.map((values) => ({ values: Object.fromEntries(names.map((name, place) => [name, values[place] ?? null])) })),
      secret,
      columns,
      leafIndex,
      treeSize: head.subjects,
      path,
    };
  }

  async features(dataset: DatasetId, version: number, subjectKey: string): Promise<SubjectFeatures | undefined> {
    const head = this.#active.get(versionKey(dataset, version));
    const bytes = head && (await this.#namespace.get(featureRowKey(head.id, subjectKey)));
    return bytes && decodeFeatures(bytes);
  }

  schema(dataset: DatasetId, version: number): DatasetSchema | undefined {
    return this.#active.get(versionKey(dataset, version))?.schema;
  }

  async versions(dataset: DatasetId): Promise<readonly number[]> {
    return this.#activeOf(dataset).map(({ version }) => version);
  }

  async stage(head: ImportHead, subjects: AsyncIterable<StagedSubject>): Promise<void> {
    this.#inHand.add(head.id);
    try {
      await this.#put({ state: 'staging', head });
      for await (const batch of batches(subjectPuts(head.id, subjects))) await this.#namespace.write(batch);
      await this.#put({ state: 'staged', head });
    } catch (error) {
      this.release(head.id);
      throw error;
    }
  }

  release(id: Hex): void {
    this.#inHand.delete(id);
  }

  async activate(id: Hex, version: number): Promise<void> {
    const row = this.#imports.get(id);
    if (row === undefined || row.state === 'staging' || row.state === 'leaving') throw new XinshuError('IMPORT_UNKNOWN', { import: id });
    await this.#put({ state: 'active', head: row.head, version });
    await this.#prune(row.head.dataset);
  }

  async discard(id: Hex): Promise<void> {
    const row = this.#imports.get(id);
    if (row !== undefined && row.state !== 'active') await this.#remove(row.head);
  }

  async unfinished(): Promise<readonly ImportHead[]> {
    const rows = [...this.#imports.values()].filter(({ head }) => !this.#inHand.has(head.id));
    const staged = rows.filter(({ state }) => state === 'staged').map(({ head }) => head);
    for (const { id } of staged) this.#inHand.add(id);
    for (const { state, head } of rows) {
      if (state === 'leaving' || state === 'staging') await this.#remove(head);
    }
    for (const dataset of new Set(rows.map(({ head }) => head.dataset))) await this.#prune(dataset);
    return staged;
  }

  async #prune(dataset: DatasetId): Promise<void> {
    for (const { head } of this.#activeOf(dataset).slice(0, -this.#options.keptVersions)) await this.#remove(head);
  }

  #activeOf(dataset: DatasetId): { readonly head: ImportHead; readonly version: number }[] {
    return [...this.#imports.values()]
      .filter((row) => row.state === 'active')
      .filter(({ head }) => head.dataset === dataset)
      .sort((a, b) => a.version - b.version);
  }

  async #put(row: ImportRow): Promise<void> {
    await this.#namespace.write([{ type: 'put', key: importKey(row.head.id), value: encodeImport(row) }]);
    this.#remember(row);
  }

  #remember(row: ImportRow): void {
    const before = this.#imports.get(row.head.id);
    if (before?.state === 'active') this.#active.delete(versionKey(before.head.dataset, before.version));
    this.#imports.set(row.head.id, row);
    if (row.state === 'active') this.#active.set(versionKey(row.head.dataset, row.version), row.head);
  }

  /** First unreadable, then gone; the import's row goes last, so that a crash between leaves something to go on from. */
  async #remove(head: ImportHead): Promise<void> {
    await this.#put({ state: 'leaving', head });
    for (const rows of [subjectRows(head.id), featureRows(head.id)])
      for await (const batch of batches(deletions(this.#namespace.range(rows)))) await this.#namespace.write(batch);
    await this.#namespace.write([{ type: 'del', key: importKey(head.id) }]);
    this.#imports.delete(head.id);
  }
}

const versionKey = (dataset: DatasetId, version: number): string => `${dataset}@${version}`;

async function* subjectPuts(id: Hex, subjects: AsyncIterable<StagedSubject>): AsyncIterable<NamespaceWrite> {
  for await (const { features, ...subject } of subjects) {
    yield { type: 'put', key: subjectRowKey(id, subject.subjectKey), value: encodeSubject(subject) };
    if (features !== undefined) yield { type: 'put', key: featureRowKey(id, subject.subjectKey), value: encodeFeatures(features) };
  }
}

async function* deletions(rows: AsyncIterable<readonly [Uint8Array, Uint8Array]>): AsyncIterable<NamespaceWrite> {
  for await (const [key] of rows) yield { type: 'del', key };
}
