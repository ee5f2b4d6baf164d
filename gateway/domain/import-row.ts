import { type Cell, cellReader, valueClass } from './cell.ts';
import type { DatasetSchema, FieldRole } from './dataset-schema.ts';
import type { ErrorCode } from './errors.ts';
import type { FieldValue } from './field-value.ts';
import { publishedLate } from './publication-lateness.ts';
import type { Result } from './result.ts';
import { parseSubject, type SubjectRef, subjectOfCode } from './subject.ts';

/** `line` counts from 1, the header's. `kind` is the class of the value, never the value (cell.ts). */
export type ImportFault = { readonly line: number; readonly column: string; readonly kind: string; readonly code: ErrorCode };

export type ImportRow = {
  readonly subject: SubjectRef;
  /** In the order of the schema's fields. */
  readonly values: readonly FieldValue[];
  /** What must not occur twice among the records of one subject. */
  readonly key: string;
  readonly asOf: string | undefined;
  /** 双公示 came more than seven working days after the decision (rule 34): a warning. */
  readonly late: boolean;
};

export type RowReader = (
  line: number,
  cells: readonly string[],
) => { readonly row: ImportRow } | { readonly faults: readonly ImportFault[] };

/** Subjects come by thousands and rows by millions: the check of a code is done once for each. */
const rememberingSubjects = () => {
  const known = new Map<string, Result<SubjectRef>>();
  return (type: FieldValue | undefined, code: string): Result<SubjectRef> => {
    const key = `${type}:${code}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const subject = typeof type === 'string' ? parseSubject(type, code) : subjectOfCode(code);
    known.set(key, subject);
    return subject;
  };
};

/** Reads the rows of one file against its schema; `columns` as readHeader gives them. All faults of a row come at once. */
export const rowReader = (schema: DatasetSchema, columns: readonly number[], width: number): RowReader => {
  const { fields } = schema;
  const readers = fields.map(cellReader);
  const place = (role: FieldRole): number => fields.findIndex((field) => field.role === role);
  const [subjectAt, typeAt, asOfAt, decidedAt] = [place('subject'), place('subjectType'), place('asOf'), place('decidedOn')];
  const keyPlaces = (schema.key ?? fields.map(({ name }) => name)).map((name) => fields.findIndex((field) => field.name === name));
  const parse = rememberingSubjects();

  return (line, cells) => {
    if (cells.length !== width) return { faults: [{ line, column: '', kind: `${cells.length} cells`, code: 'IMPORT_CELL_COUNT' }] };
    const faults: ImportFault[] = [];
    const values = readers.map((read, index): FieldValue => {
      const text = cells[columns[index]!] ?? '';
      const cell: Cell = read(text);
      if ('value' in cell) return cell.value;
      faults.push({ line, column: fields[index]!.name, kind: valueClass(text), code: cell.code });
      return null;
    });
    const code = values[subjectAt];
    const type = typeAt < 0 ? undefined : values[typeAt];
    // A missing code or type has its fault already.
    if (typeof code !== 'string' || type === null) return { faults };
    const subject = parse(type, code);
    if (!subject.ok) faults.push({ line, column: fields[subjectAt]!.name, kind: valueClass(code), code: subject.refusal.code });
    if (!subject.ok || faults.length > 0) return { faults };
    values[subjectAt] = subject.value.code;
    const asOf = asOfAt < 0 ? undefined : values[asOfAt];
    const decidedOn = decidedAt < 0 ? undefined : values[decidedAt];
    return {
      row: {
        subject: subject.value,
        values,
        key: JSON.stringify(keyPlaces.map((at) => values[at])),
        asOf: typeof asOf === 'string' ? asOf : undefined,
        late: typeof asOf === 'string' && typeof decidedOn === 'string' && publishedLate(schema.kind, decidedOn, asOf),
      },
    };
  };
};
