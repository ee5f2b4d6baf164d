import { canonicalJson, type JsonValue } from '../domain/canonical.ts';
import { type DatasetSchema, type SchemaFault, schemaHash, schemaId } from '../domain/dataset-schema.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { DatasetId, Hex } from '../domain/ids.ts';
import type { Dataset } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { schemaFaults } from '../domain/schema-faults.ts';
import type { LedgerCall } from '../ports/ledger.ts';
import { amendFields, type CatalogPolicy, registerDataset, setPolicy, setPrice, setTerms } from '../ports/ledger-calls.ts';
import { decideFresh } from './decide-fresh.ts';
import type { Modules } from './modules.ts';

export type DatasetDeclared = {
  /** As it came from outside; checked here. */
  readonly schema: unknown;
  /** Access granted without a steward; absent: what is set stays. */
  readonly policy?: CatalogPolicy;
  /** Text of the terms of use; absent: what is set stays. */
  readonly terms?: string;
};
export type DatasetDeclaration =
  | {
      readonly kind: 'declared';
      readonly dataset: DatasetId;
      readonly schemaHash: Hex;
      readonly registrationCode: Hex;
      /** Methods that were called on the catalog; empty when all was so already. */
      readonly changed: readonly string[];
    }
  | { readonly kind: 'rejected'; readonly faults: readonly SchemaFault[] };

/** Where a declared schema is kept, by its hash: an older one stays for the versions made with it. */
export const declarationKey = (dataset: DatasetId, what: Hex | 'policy'): string => `${dataset}/${what}`;

const noTerms: Hex = `0x${'00'.repeat(32)}`;

type Changes = Result<readonly LedgerCall[]>;
type Modified = Pick<Modules, 'member' | 'ledger' | 'writer' | 'documents' | 'clock'>;

const registration = (schema: DatasetSchema, termsHash: Hex): LedgerCall =>
  registerDataset(schemaId(schema), {
    title: schema.title,
    kind: schema.kind,
    shareClass: schema.shareClass,
    operations: schema.operations,
    schemaHash: schemaHash(schema),
    termsHash,
    fields: schema.fields,
  });

const sameList = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join();

/** What has to be called so that a dataset in the catalog becomes what the schema says. */
const amendments = (schema: DatasetSchema, found: Dataset, termsHash: Hex): Changes => {
  if (found.title !== schema.title || found.kind !== schema.kind) return refuse('DATASET_IDENTITY_FIXED', { dataset: found.id });
  const lowered = schema.fields.find((field) => found.fields.some((old) => old.name === field.name && old.grade > field.grade));
  if (lowered !== undefined) return refuse('DATASET_GRADE_LOWERED', { field: lowered.name });
  const calls: LedgerCall[] = [];
  if (found.schemaHash !== schemaHash(schema)) calls.push(amendFields(found.id, schemaHash(schema), schema.fields));
  if (found.shareClass !== schema.shareClass || found.termsHash !== termsHash || !sameList(found.operations, schema.operations)) {
    calls.push(setTerms(found.id, schema.shareClass, schema.operations, termsHash));
  }
  if (found.priceFen !== BigInt(schema.priceFen)) calls.push(setPrice(found.id, BigInt(schema.priceFen)));
  return ok(calls);
};

const changes = (schema: DatasetSchema, terms: string | undefined, { member, ledger }: Modified): Changes => {
  const id = schemaId(schema);
  const found = ledger.head().dataset(id);
  const termsHash = terms === undefined ? (found?.termsHash ?? noTerms) : sha256Hex(terms);
  if (found === undefined) {
    const price = schema.priceFen === 0 ? [] : [setPrice(id, BigInt(schema.priceFen))];
    return ok([registration(schema, termsHash), ...price]);
  }
  if (found.owner !== member) return refuse('DATASET_NOT_OURS', { dataset: id });
  if (found.retired) return refuse('DATASET_RETIRED', { dataset: id });
  return amendments(schema, found, termsHash);
};

/** Registers a dataset of this institution in the catalog, or brings it in step with its schema. May be repeated after a crash: only what still differs is called. */
export const declareDataset = async (
  modules: Modified,
  { schema: input, policy, terms }: DatasetDeclared,
): Promise<Result<DatasetDeclaration>> => {
  const { ledger, writer, documents, clock } = modules;
  const view = await decideFresh({ ledger, clock });
  if (!view.ok) return view;
  const faults = schemaFaults(input, view.value.block.time);
  if (faults.length > 0) return ok({ kind: 'rejected', faults });
  const schema = input as DatasetSchema;
  const dataset = schemaId(schema);
  const planned = changes(schema, terms, modules);
  if (!planned.ok) return planned;
  await documents.put('datasetDeclaration', declarationKey(dataset, schemaHash(schema)), schema);
  const calls = [...planned.value];
  // The mirror keeps no policies: what was last set is remembered here.
  const wanted = policy === undefined ? undefined : canonicalJson(policy as unknown as JsonValue);
  const policyChanged = wanted !== undefined && wanted !== (await documents.get('datasetDeclaration', declarationKey(dataset, 'policy')));
  if (policyChanged) calls.push(setPolicy(dataset, policy!));
  for (const call of calls) {
    const included = await writer.submit(call);
    if (!included.ok) return included;
  }
  if (policyChanged) await documents.put('datasetDeclaration', declarationKey(dataset, 'policy'), wanted);
  return ok({
    kind: 'declared',
    dataset,
    schemaHash: schemaHash(schema),
    registrationCode: ledger.head().dataset(dataset)!.registrationCode,
    changed: calls.map(({ method }) => method),
  });
};
