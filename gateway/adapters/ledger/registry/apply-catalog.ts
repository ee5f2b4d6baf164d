import type { DatasetId, MemberId } from '../../../domain/ids.ts';
import type { Dataset, DatasetVersion } from '../../../domain/registry-state.ts';
import { type Grade, shareClasses } from '../../../domain/vocabulary.ts';
import { type Change, datasetKey, type Latest, type RegistryEvent, versionKey } from './entity.ts';
import { bigintOf, codeOf, gradeOf, hexOf, known, numberOf, operationsOf, recordsOf, text, wordOf } from './read-event.ts';

/** IDataCatalog's events. `PolicySet` is the contract's own business: what a policy grants arrives as a grant. */
export const applyCatalog = (latest: Latest, { contract, name, args }: RegistryEvent, block: number): readonly Change[] => {
  // Events inherited from libraries name no entity.
  if (args.id === undefined) return [];
  const id = codeOf(args, 'id') as DatasetId;
  const key = datasetKey(contract.generation, id);
  const put = (value: Dataset): Change => ({ kind: 'dataset', key, value });
  const dataset = (): Dataset => known(latest.get('dataset', key), 'dataset');
  switch (name) {
    case 'DatasetRegistered':
      return [
        put({
          id,
          owner: codeOf(args, 'owner') as MemberId,
          title: text(args, 'title'),
          kind: codeOf(args, 'kind'),
          shareClass: wordOf(args, 'shareClass', shareClasses),
          operations: operationsOf(args, 'operations'),
          schemaHash: hexOf(args, 'schemaHash'),
          termsHash: hexOf(args, 'termsHash'),
          priceFen: 0n,
          grade: 1,
          fields: [],
          version: 0,
          retired: false,
          registrationCode: hexOf(args, 'registrationCode'),
        }),
      ];
    case 'FieldsSet': {
      const fields = recordsOf(args, 'fields').map((field) => ({ name: codeOf(field, 'name'), grade: gradeOf(field, 'grade') }));
      return [put({ ...dataset(), schemaHash: hexOf(args, 'schemaHash'), fields, grade: gradeOf(args, 'grade') })];
    }
    case 'PriceSet':
      return [put({ ...dataset(), priceFen: bigintOf(args, 'priceFen') })];
    case 'Regraded': {
      const regraded = codeOf(args, 'field');
      const grade = gradeOf(args, 'to');
      const fields = dataset().fields.map((field) => (field.name === regraded ? { ...field, grade } : field));
      const highest = Math.max(1, ...fields.map((field) => field.grade)) as Grade;
      return [put({ ...dataset(), fields, grade: highest })];
    }
    case 'VersionPublished': {
      const version: DatasetVersion = {
        dataset: id,
        version: numberOf(args, 'version'),
        schemaHash: hexOf(args, 'schemaHash'),
        commitments: recordsOf(args, 'commitments').map((commitment) => ({
          name: codeOf(commitment, 'name'),
          suite: codeOf(commitment, 'suite'),
          root: hexOf(commitment, 'root'),
          size: numberOf(commitment, 'size'),
        })),
        asOf: numberOf(args, 'asOf'),
        block,
      };
      return [
        { kind: 'datasetVersion', key: versionKey(contract.generation, id, version.version), value: version },
        put({ ...dataset(), version: version.version }),
      ];
    }
    case 'TermsSet':
      return [
        put({
          ...dataset(),
          shareClass: wordOf(args, 'shareClass', shareClasses),
          operations: operationsOf(args, 'operations'),
          termsHash: hexOf(args, 'termsHash'),
        }),
      ];
    case 'DatasetRetired':
      return [put({ ...dataset(), retired: true })];
    default:
      return [];
  }
};
