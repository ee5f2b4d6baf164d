import { setImmediate as otherWork } from 'node:timers/promises';
import { startOfDay } from '../domain/calendar.ts';
import type { DatasetSchema } from '../domain/dataset-schema.ts';
import { toHex } from '../domain/hash.ts';
import type { DatasetId } from '../domain/ids.ts';
import type { ImportFault } from '../domain/import-row.ts';
import type { Dataset } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { ImportHead, StagedSubject } from '../ports/records-writer.ts';
import { commitRecords, commitSubjectRecords, type SubjectLeaf } from '../sealing/record-commitment.ts';
import { subjectSecret } from '../sealing/record-hash.ts';
import { type Collected, collectImport } from './collect-import.ts';
import { commitFeatures } from './commit-features.ts';
import { decideFresh } from './decide-fresh.ts';
import { declarationKey } from './declare-dataset.ts';
import type { Modules } from './modules.ts';
import { type PublishedImport, publishImport } from './publish-import.ts';

export type ImportAsked = { readonly dataset: DatasetId; readonly file: AsyncIterable<Uint8Array> };
export type ImportOutcome =
  | (PublishedImport & { readonly kind: 'published'; readonly late: readonly number[]; readonly lateCount: number })
  | { readonly kind: 'rejected'; readonly rows: number; readonly faults: readonly ImportFault[]; readonly faultCount: number };

const ownDataset = async ({ member, ledger, clock }: Modules, id: DatasetId): Promise<Result<Dataset>> => {
  const view = await decideFresh({ ledger, clock });
  if (!view.ok) return view;
  const found = view.value.dataset(id);
  if (found === undefined) return refuse('DATASET_UNKNOWN', { dataset: id });
  if (found.owner !== member) return refuse('DATASET_NOT_OURS', { dataset: id });
  return found.retired ? refuse('DATASET_RETIRED', { dataset: id }) : ok(found);
};

/** Commits to every subject and writes the import into the store, where it stays unreadable. */
const stage = async (modules: Modules, schema: DatasetSchema, dataset: DatasetId, collected: Collected): Promise<ImportHead> => {
  const { randomness, recordsWriter, clock } = modules;
  const importSecret = randomness.bytes(32);
  const names = schema.fields.map(({ name }) => name);
  const leaves: SubjectLeaf[] = [];
  const keys: Pick<StagedSubject, 'subjectKey' | 'secret' | 'columns'>[] = [];
  const secrets: Uint8Array[] = [];
  for (const { subject, records } of collected.subjects) {
    const subjectKey = modules.keys.subjectKey(subject);
    const secret = subjectSecret(importSecret, subjectKey);
    const { columns, ...leaf } = commitSubjectRecords(names, subject, records, secret);
    leaves.push(leaf);
    secrets.push(secret);
    keys.push({ subjectKey, secret: toHex(secret), columns: toHex(Buffer.concat(columns)) });
    await otherWork();
  }
  const tree = commitRecords(leaves);
  const asOf = collected.asOf === undefined ? Math.floor(clock.now() / 1000) : startOfDay(collected.asOf);
  const features = schema.features && (await commitFeatures(schema, collected.subjects, secrets, asOf));
  const head: ImportHead = {
    id: toHex(randomness.bytes(16)),
    dataset,
    schema,
    root: toHex(tree.root),
    ...(features === undefined ? {} : { featuresRoot: features.root }),
    subjects: tree.size,
    rows: collected.rows,
    asOf,
  };
  const staged = async function* (): AsyncIterable<StagedSubject> {
    for (const [place, key] of keys.entries()) {
      const leafIndex = tree.positions[place]!;
      const path = (await tree.path(leafIndex)).map(toHex);
      const subject = { ...key, leafIndex, path, records: collected.subjects[place]!.records };
      yield features === undefined ? subject : { ...subject, features: features.of(place) };
    }
  };
  await recordsWriter.stage(head, staged());
  return head;
};

/**
 * A file becomes the dataset's next version, as a whole or not at all: read and checked, committed to, staged, published on chain, made readable. With a fault in any
 * row nothing happens and all faults come back. Killed between two steps, resume-imports.ts finishes or clears it.
 */
export const importDataset = async (modules: Modules, { dataset, file }: ImportAsked): Promise<Result<ImportOutcome>> => {
  const found = await ownDataset(modules, dataset);
  if (!found.ok) return found;
  const schema = await modules.documents.get<DatasetSchema>('datasetDeclaration', declarationKey(dataset, found.value.schemaHash));
  if (schema === undefined) return refuse('DATASET_UNDECLARED', { dataset });
  const collected = await collectImport(schema, modules.csv(file));
  const { rows, faults, faultCount, late, lateCount } = collected;
  if (faultCount > 0) return ok({ kind: 'rejected', rows, faults, faultCount });
  const head = await stage(modules, schema, dataset, collected);
  const published = await publishImport(modules, head);
  if (!published.ok) return published;
  modules.log.info(
    { dataset, version: published.value.version, rows, subjects: head.subjects, late: lateCount },
    'dataset version imported',
  );
  return ok({ kind: 'published', ...published.value, late, lateCount });
};
