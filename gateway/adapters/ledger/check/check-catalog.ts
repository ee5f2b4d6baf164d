import { encodeChainCode } from '../../../domain/chain-code.ts';
import { shareClasses } from '../../../domain/vocabulary.ts';
import {
  bigintOf,
  booleanOf,
  codeOf,
  codesOf,
  gradeOf,
  hexOf,
  numberOf,
  operationsOf,
  recordsOf,
  text,
  wordOf,
} from '../registry/read-event.ts';
import type { TablesView } from '../registry/view.ts';
import { fieldsOf, itemsOf, named, type RegistryCheck } from './registry-check.ts';

export function* catalogChecks(view: TablesView): Iterable<RegistryCheck> {
  const contract = 'data-catalog';
  // Before the Directory names it, there is nobody to ask.
  if (view.contract(contract) === undefined) return;
  const datasets = view.datasets();
  yield {
    what: 'datasets',
    contract,
    of: 'current',
    method: 'datasetIds',
    args: [],
    expected: datasets.map(({ id }) => id),
    found: (answer) => codesOf(named(answer), 'value'),
  };
  for (const { id, fields, ...dataset } of datasets) {
    const args = [encodeChainCode(id)];
    yield {
      what: `dataset ${id}`,
      contract,
      of: 'current',
      method: 'dataset',
      args,
      expected: dataset,
      found: (answer) => {
        const found = fieldsOf(answer);
        return {
          owner: codeOf(found, 'owner'),
          title: text(found, 'title'),
          kind: codeOf(found, 'kind'),
          shareClass: wordOf(found, 'shareClass', shareClasses),
          operations: operationsOf(found, 'operations'),
          schemaHash: hexOf(found, 'schemaHash'),
          termsHash: hexOf(found, 'termsHash'),
          priceFen: bigintOf(found, 'priceFen'),
          grade: gradeOf(found, 'grade'),
          version: numberOf(found, 'version'),
          retired: booleanOf(found, 'retired'),
          registrationCode: hexOf(found, 'registrationCode'),
        };
      },
    };
    yield {
      what: `fields of ${id}`,
      contract,
      of: 'current',
      method: 'fields',
      args,
      expected: fields,
      found: (answer) => itemsOf(answer).map((field) => ({ name: codeOf(field, 'name'), grade: gradeOf(field, 'grade') })),
    };
    for (let version = 1; version <= dataset.version; version += 1) yield versionCheck(view, id, version);
  }
}

const versionCheck = (view: TablesView, id: Parameters<TablesView['datasetVersion']>[0], version: number): RegistryCheck => ({
  what: `version ${version} of ${id}`,
  contract: 'data-catalog',
  of: 'current',
  method: 'version',
  args: [encodeChainCode(id), version],
  expected: view.datasetVersion(id, version),
  found: (answer) => {
    const found = fieldsOf(answer);
    return {
      dataset: id,
      version,
      schemaHash: hexOf(found, 'schemaHash'),
      commitments: recordsOf(found, 'commitments').map((commitment) => ({
        name: codeOf(commitment, 'name'),
        suite: codeOf(commitment, 'suite'),
        root: hexOf(commitment, 'root'),
        size: numberOf(commitment, 'size'),
      })),
      asOf: numberOf(found, 'asOf'),
      block: numberOf(found, 'blockNumber'),
    };
  },
});
