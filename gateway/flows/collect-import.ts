import { setImmediate as otherWork } from 'node:timers/promises';
import type { DatasetSchema } from '../domain/dataset-schema.ts';
import type { FieldValue } from '../domain/field-value.ts';
import { readHeader } from '../domain/import-header.ts';
import { type ImportFault, type ImportRow, type RowReader, rowReader } from '../domain/import-row.ts';
import type { SubjectRef } from '../domain/subject.ts';
import type { CsvBreak, CsvRow } from '../ports/csv-reader.ts';

export type ImportBounds = { readonly rows: number; readonly faultsListed: number };
/** A million rows of some ten fields fit in memory while they are hashed; more is cut into several datasets. */
export const importBounds: ImportBounds = { rows: 1_000_000, faultsListed: 1000 };

export type CollectedSubject = { readonly subject: SubjectRef; readonly records: (readonly FieldValue[])[] };
/** All of one file. `faults` are the first of `faultCount`; with any, nothing of the file may be used. */
export type Collected = {
  readonly subjects: readonly CollectedSubject[];
  readonly rows: number;
  readonly faults: readonly ImportFault[];
  readonly faultCount: number;
  /** Lines of 双公示 records that came late (rule 34), the first of `lateCount`. */
  readonly late: readonly number[];
  readonly lateCount: number;
  /** The latest date in the field with the role asOf. */
  readonly asOf: string | undefined;
};

class Collector {
  readonly #bounds: ImportBounds;
  readonly #subjects = new Map<string, CollectedSubject & { readonly keys: Set<string> }>();
  readonly #faults: ImportFault[] = [];
  readonly #late: number[] = [];
  #faultCount = 0;
  #lateCount = 0;
  #rows = 0;
  #asOf: string | undefined;

  constructor(bounds: ImportBounds) {
    this.#bounds = bounds;
  }

  get rows(): number {
    return this.#rows;
  }

  fault(...faults: readonly ImportFault[]): void {
    this.#faultCount += faults.length;
    this.#faults.push(...faults.slice(0, Math.max(0, this.#bounds.faultsListed - this.#faults.length)));
  }

  /** Counts the row whether it is good or not. */
  read(line: number, cells: readonly string[], reader: RowReader): void {
    this.#rows += 1;
    const read = reader(line, cells);
    if ('faults' in read) this.fault(...read.faults);
    else this.#add(line, read.row);
  }

  #add(line: number, { subject, values, key, asOf, late }: ImportRow): void {
    const name = `${subject.type}:${subject.code}`;
    let found = this.#subjects.get(name);
    if (found === undefined) {
      found = { subject, records: [], keys: new Set() };
      this.#subjects.set(name, found);
    }
    if (found.keys.has(key)) this.fault({ line, column: '', kind: 'key', code: 'IMPORT_DUPLICATE' });
    found.keys.add(key);
    found.records.push(values);
    if (asOf !== undefined && (this.#asOf === undefined || asOf > this.#asOf)) this.#asOf = asOf;
    if (!late) return;
    this.#lateCount += 1;
    if (this.#late.length < this.#bounds.faultsListed) this.#late.push(line);
  }

  result(): Collected {
    if (this.#rows === 0 && this.#faultCount === 0) this.fault({ line: 1, column: '', kind: 'file', code: 'IMPORT_EMPTY' });
    return {
      subjects: [...this.#subjects.values()],
      rows: this.#rows,
      faults: this.#faults,
      faultCount: this.#faultCount,
      late: this.#late,
      lateCount: this.#lateCount,
      asOf: this.#asOf,
    };
  }
}

/** Reads a file against its schema, to the end, whatever is wrong in it: all faults come at once. Lets other work in every thousand rows. */
export const collectImport = async (
  schema: DatasetSchema,
  file: AsyncIterable<CsvRow | CsvBreak>,
  bounds: ImportBounds = importBounds,
): Promise<Collected> => {
  const collector = new Collector(bounds);
  let reader: RowReader | undefined;
  for await (const item of file) {
    if ('broken' in item) {
      collector.fault({ line: item.line, column: '', kind: 'file', code: item.broken });
    } else if (reader === undefined) {
      const { columns, faults } = readHeader(schema, item.cells);
      collector.fault(...faults.map((fault) => ({ ...fault, line: item.line, kind: 'header' })));
      // Rows read by a wrong header would only repeat its fault.
      if (faults.length > 0) break;
      reader = rowReader(schema, columns, item.cells.length);
    } else if (collector.rows >= bounds.rows) {
      collector.fault({ line: item.line, column: '', kind: 'file', code: 'IMPORT_TOO_LARGE' });
      break;
    } else {
      collector.read(item.line, item.cells, reader);
      if (collector.rows % 1000 === 0) await otherWork();
    }
  }
  return collector.result();
};
