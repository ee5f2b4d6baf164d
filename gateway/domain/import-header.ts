import type { DatasetSchema, FieldSchema } from './dataset-schema.ts';
import type { ErrorCode } from './errors.ts';

export type HeaderFault = { readonly column: string; readonly code: ErrorCode };

// A unit may stand behind the name, in brackets of either width: 罚款金额(万元).
const labelled = /^(.*?)\s*[（(]([^（()）]*)[)）]$/;

const fieldOf = (schema: DatasetSchema, label: string): FieldSchema | undefined =>
  schema.fields.find(({ name, zh }) => name === label || zh === label);

const unitsOf = (field: FieldSchema): readonly string[] => {
  if (field.unit !== undefined) return [field.unit];
  return field.type === 'fen' ? ['分', 'fen'] : [];
};

/**
 * Which column holds which field: `columns[i]` is the place of the schema's i-th field in a row, -1 where an optional field has no column. Columns go by a field's name or its
 * Chinese name. A unit that the schema doesn't declare is a fault: 万元 read as 分 would be wrong by a million.
 */
export const readHeader = (
  schema: DatasetSchema,
  labels: readonly string[],
): { readonly columns: readonly number[]; readonly faults: readonly HeaderFault[] } => {
  const faults: HeaderFault[] = [];
  const columns = schema.fields.map(() => -1);
  labels.forEach((raw, place) => {
    const label = raw.trim();
    const parts = labelled.exec(label);
    const field = fieldOf(schema, label) ?? (parts === null ? undefined : fieldOf(schema, parts[1]!));
    if (field === undefined) {
      faults.push({ column: `#${place + 1}`, code: 'IMPORT_COLUMN_UNKNOWN' });
      return;
    }
    const unit = fieldOf(schema, label) === undefined ? parts?.[2]?.trim() : undefined;
    if (unit !== undefined && !unitsOf(field).includes(unit)) faults.push({ column: field.name, code: 'IMPORT_UNIT' });
    const index = schema.fields.indexOf(field);
    if (columns[index] !== -1) faults.push({ column: field.name, code: 'IMPORT_COLUMN_TWICE' });
    columns[index] = place;
  });
  schema.fields.forEach((field, index) => {
    if (columns[index] === -1 && field.required) faults.push({ column: field.name, code: 'IMPORT_COLUMN_MISSING' });
  });
  return { columns, faults };
};
