import type { DatasetSchema } from '../domain/dataset-schema.ts';
import type { Feature } from '../domain/feature.ts';
import type { Dataset } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { declarationKey } from './declare-dataset.ts';
import type { Modules } from './modules.ts';

/** What a dataset declares for models to bin, by the schema that the catalog names. Refuses with DATASET_UNDECLARED for one that was not declared on this gateway. */
export const declaredFeatures = async (
  { documents }: Pick<Modules, 'documents'>,
  { id, schemaHash }: Pick<Dataset, 'id' | 'schemaHash'>,
): Promise<Result<readonly Feature[]>> => {
  const schema = await documents.get<DatasetSchema>('datasetDeclaration', declarationKey(id, schemaHash));
  return schema === undefined ? refuse('DATASET_UNDECLARED', { dataset: id }) : ok(schema.features ?? []);
};
