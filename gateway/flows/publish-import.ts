import { schemaHash } from '../domain/dataset-schema.ts';
import { featuresCommitment } from '../domain/feature.ts';
import type { DatasetId, Hex } from '../domain/ids.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { publishVersion } from '../ports/ledger-calls.ts';
import type { ImportHead } from '../ports/records-writer.ts';
import type { Modules } from './modules.ts';

export type PublishedImport = {
  readonly dataset: DatasetId;
  readonly version: number;
  readonly root: Hex;
  readonly rows: number;
  readonly subjects: number;
  readonly block: number;
};
type Needed = Pick<Modules, 'ledger' | 'writer' | 'recordsWriter'>;

/** Another import may take the number in between; each turn then looks again. */
const turns = 5;

const commitmentsOf = ({ root, featuresRoot, subjects }: ImportHead) => {
  const records = { name: 'records', suite: 'rfc6962-sha256', root, size: subjects };
  return featuresRoot === undefined
    ? [records]
    : [records, { name: featuresCommitment.name, suite: featuresCommitment.suite, root: featuresRoot, size: subjects }];
};

/** The version on chain that has this import's root: salts are fresh, so it is this import and no other. */
const publishedAs = (
  view: RegistryView,
  { dataset, root }: ImportHead,
): { readonly version: number; readonly block: number } | undefined => {
  for (let version = view.dataset(dataset)?.version ?? 0; version > 0; version -= 1) {
    const found = view.datasetVersion(dataset, version);
    if (found?.commitments.some((commitment) => commitment.root === root)) return { version, block: found.block };
  }
  return undefined;
};

const publish = async ({ ledger, writer, recordsWriter }: Needed, head: ImportHead): Promise<Result<PublishedImport>> => {
  const { dataset, root, rows, subjects } = head;
  for (let turn = 0; turn < turns; turn += 1) {
    const view = ledger.head();
    const there = publishedAs(view, head);
    if (there !== undefined) {
      await recordsWriter.activate(head.id, there.version);
      return ok({ dataset, version: there.version, root, rows, subjects, block: there.block });
    }
    const version = (view.dataset(dataset)?.version ?? 0) + 1;
    const included = await writer.submit(publishVersion(dataset, version, schemaHash(head.schema), commitmentsOf(head), head.asOf));
    if (included.ok) {
      await recordsWriter.activate(head.id, version);
      return ok({ dataset, version, root, rows, subjects, block: included.value.block });
    }
    if (included.refusal.code !== 'LEDGER_CALL_REVERTED') return included;
    if (!String(included.refusal.detail.error).startsWith('DataCatalogWrongVersion')) {
      await recordsWriter.discard(head.id);
      return included;
    }
    await ledger.freshen();
  }
  return refuse('OVERLOADED', { dataset });
};

/**
 * Publishes a staged import and makes it readable. Safe to repeat: what is on chain already is only made readable. When the catalog refuses for good, the import is
 * removed and nothing has changed; when the ledger can't be reached, it stays staged for resume-imports.ts.
 */
export const publishImport = async (modules: Needed, head: ImportHead): Promise<Result<PublishedImport>> => {
  try {
    return await publish(modules, head);
  } finally {
    modules.recordsWriter.release(head.id);
  }
};
