import type { DatasetId } from '../../../gateway/domain/ids.ts';
import type { Grade } from '../../../gateway/domain/vocabulary.ts';
import { declareDataset } from '../../../gateway/flows/declare-dataset.ts';
import { importDataset } from '../../../gateway/flows/import-dataset.ts';
import { provider, schema, dataset as template } from '../electricity.ts';
import { type GatewayNetwork, good } from '../gateway-network.ts';
import { subjectRefs } from './chain-words.ts';

const csv = ['subjectType,subjectId,period,kWh,billFen', ...subjectRefs.map(({ code }) => `enterprise,${code},2025-12,1000,5000`), ''].join(
  '\n',
);
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}

/** Declares and publishes a dataset of its own for a schedule, since it may be retired. */
export const publishDataset = async (network: GatewayNetwork, name: string, grade: Grade): Promise<DatasetId> => {
  const owner = network.gateway(provider).modules;
  const id = template.replace('test', name) as DatasetId;
  const declared = good(await declareDataset(owner, { schema: { ...schema(grade), id } }));
  if (declared.kind !== 'declared') throw new Error(JSON.stringify(declared.faults));
  const imported = good(await importDataset(owner, { dataset: id, file: bytesOf(csv) }));
  if (imported.kind !== 'published') throw new Error(JSON.stringify(imported.faults));
  return id;
};
