import type { DatasetSchema, FieldSchema, SchemaFault } from './dataset-schema.ts';
import { type Feature, type FeatureCondition, fieldsRead, mostSpan } from './feature.ts';

const fault = (path: string, reason: string): SchemaFault => ({ path, code: 'SCHEMA_INVALID', reason });

const isNumber = (field: FieldSchema | undefined): boolean => field !== undefined && ['integer', 'fen'].includes(field.type);
const isOrdered = (field: FieldSchema | undefined): boolean =>
  field !== undefined && ['integer', 'fen', 'date', 'month'].includes(field.type);

const conditionFaults = (schema: DatasetSchema, conditions: readonly FeatureCondition[], path: string): SchemaFault[] => {
  const named = (name: string) => schema.fields.find((field) => field.name === name);
  return conditions.flatMap((condition, place) => {
    if (!('is' in condition)) return [];
    const at = `${path}/${place}`;
    const field = named(condition.field);
    if (!isOrdered(field)) return [fault(`${at}/field`, 'only numbers, dates and months can be compared')];
    if ('field' in condition.than) {
      const same = isNumber(field) === isNumber(named(condition.than.field)) && isOrdered(named(condition.than.field));
      return same ? [] : [fault(`${at}/than`, 'a number is compared with a number, a date with a date')];
    }
    return isNumber(field) === (typeof condition.than.value === 'number')
      ? []
      : [fault(`${at}/than`, 'a number is compared with a number, a date with a text')];
  });
};

const derivationFaults = (schema: DatasetSchema, { kind, derivation }: Feature, path: string): SchemaFault[] => {
  const named = (name: string) => schema.fields.find((field) => field.name === name);
  const unknown = fieldsRead(derivation).filter((name) => named(name) === undefined);
  if (unknown.length > 0) return unknown.map((name) => fault(path, `the schema has no field ${name}`));
  const faults = [
    ...conditionFaults(schema, derivation.where ?? [], `${path}/where`),
    ...('of' in derivation ? conditionFaults(schema, derivation.of ?? [], `${path}/of`) : []),
  ];
  const numbers = derivation.fn === 'ratio/1' ? [derivation.field, derivation.over] : 'field' in derivation ? [derivation.field] : [];
  const needsNumbers = derivation.fn !== 'latest/1' || kind === 'numeric';
  if (needsNumbers && numbers.some((name) => !isNumber(named(name))))
    faults.push(fault(`${path}/field`, 'a number is derived from numbers'));
  if (derivation.fn === 'latest/1' && !isOrdered(named(derivation.by)))
    faults.push(fault(`${path}/by`, 'the last record is told by a number, date or month'));
  if (derivation.fn !== 'latest/1' && kind === 'category') faults.push(fault(`${path}/fn`, 'a category is the latest word of a field'));
  return faults;
};

/** Faults of the features that a schema declares, with their place; none of them reads what the schema doesn't have or can't count. */
export const featureFaults = (schema: DatasetSchema): readonly SchemaFault[] => {
  const features = schema.features ?? [];
  if (features.length > 0 && !schema.operations.includes('score')) return [fault('/features', 'features are for the operation score')];
  return features.flatMap((feature, place) => {
    const path = `/features/${place}`;
    const faults = derivationFaults(schema, feature, `${path}/derivation`);
    if (features.slice(0, place).some(({ name }) => name === feature.name)) faults.push(fault(`${path}/name`, 'a name stands twice'));
    if (feature.kind === 'numeric' && (feature.most < feature.least || feature.most - feature.least > mostSpan))
      faults.push(fault(`${path}/most`, `from least up, and no more than ${mostSpan} above it`));
    return faults;
  });
};
