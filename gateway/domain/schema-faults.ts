import { Compile } from 'typebox/compile';
import { personalContentFaults } from './content-rules.ts';
import {
  type DatasetSchema,
  DatasetSchemaForm,
  type FieldRole,
  type FieldSchema,
  type FieldType,
  fieldRoles,
  type SchemaFault,
} from './dataset-schema.ts';
import { featureFaults } from './feature-faults.ts';

const form = Compile(DatasetSchemaForm);

const fault = (path: string, reason: string): SchemaFault => ({ path, code: 'SCHEMA_INVALID', reason });

const fieldFaults = (field: FieldSchema, path: string): SchemaFault[] => {
  const faults: SchemaFault[] = [];
  if ((field.type === 'enum') !== (field.values !== undefined))
    faults.push(fault(`${path}/values`, 'values belong to an enum, and only there'));
  if (field.pattern !== undefined && field.type !== 'string') faults.push(fault(`${path}/pattern`, 'a pattern belongs to a string'));
  if (field.pattern !== undefined && !isPattern(field.pattern)) faults.push(fault(`${path}/pattern`, 'not a regular expression'));
  if (field.role !== undefined && !(fieldRoles[field.role] as readonly FieldType[]).includes(field.type)) {
    faults.push(fault(`${path}/role`, `a field of type ${field.type} can't be ${field.role}`));
  }
  // It is served unasked (rule 21), and the receiver, who has no schema, knows it by this name.
  if (field.role === 'statement' && field.name !== 'statement')
    faults.push(fault(`${path}/name`, "the subject's statement is named statement"));
  if (field.role === 'subject' && !field.required) faults.push(fault(`${path}/required`, 'the subject is always there'));
  return faults;
};

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

const wholeFaults = (schema: DatasetSchema): SchemaFault[] => {
  const faults: SchemaFault[] = [];
  schema.fields.forEach((field, place) => {
    const earlier = schema.fields.slice(0, place);
    if (earlier.some((other) => other.name === field.name)) faults.push(fault(`/fields/${place}/name`, 'a name stands twice'));
    if (field.role !== undefined && earlier.some((other) => other.role === field.role)) {
      faults.push(fault(`/fields/${place}/role`, 'a role is given twice'));
    }
  });
  (schema.key ?? []).forEach((name, place) => {
    if (!schema.fields.some((field) => field.name === name && field.required)) {
      faults.push(fault(`/key/${place}`, 'not a required field of the schema'));
    }
  });
  if (!schema.fields.some((field) => field.role === 'subject')) faults.push(fault('/fields', 'no field has the role subject'));
  // Rule 42 (GB/T 43697, 就高从严): the dataset's grade is the highest of its fields.
  const highest = Math.max(...schema.fields.map((field) => field.grade));
  if (schema.grade !== highest) faults.push(fault('/grade', `the highest grade of a field is ${highest}`));
  const has = (role: FieldRole) => schema.fields.some((field) => field.role === role);
  // Rules 18 and 19: without the end of the event nobody could ever say when five years are over.
  if (schema.personal !== undefined && has('adverse') && !has('eventEnd')) {
    faults.push(fault('/fields', 'adverse information on persons needs a field with the role eventEnd'));
  }
  if (has('severity') && !has('decidedOn')) faults.push(fault('/fields', 'severity needs a field with the role decidedOn'));
  return faults;
};

/** Every fault of a schema at a moment (seconds), with its place as a JSON pointer; none when it may be registered. */
export const schemaFaults = (input: unknown, atSeconds: number): readonly SchemaFault[] => {
  if (!form.Check(input)) {
    return [...form.Errors(input)].map((error) => fault(error.instancePath, error.message));
  }
  const fields = input.fields.flatMap((field, place) => fieldFaults(field, `/fields/${place}`));
  return [...fields, ...wholeFaults(input), ...featureFaults(input), ...personalContentFaults(input, atSeconds)];
};
