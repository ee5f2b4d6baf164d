import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { schemaId } from '../../gateway/domain/dataset-schema.ts';
import { declareDataset } from '../../gateway/flows/declare-dataset.ts';
import { importDataset } from '../../gateway/flows/import-dataset.ts';
import { startPublishingProvider } from '../../test/helpers/publishing-provider.ts';
import { sampleDatasets } from '../generate/datasets/all.ts';
import { defaults, generateSampleData } from '../generate/sample-data.ts';

export type ImportRate = {
  readonly rows: number;
  readonly subjects: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Of the importing process alone: what it would reach on a machine with nothing else to do. */
  readonly cpuSeconds: number;
};

/** The widest dataset of the sample, electricity, from the file to a readable version: read, checked, hashed, written durably, published on a real ledger. */
export const measureImport = async (subjects: number = defaults.subjects): Promise<ImportRate> => {
  const folder = await mkdtemp(join(tmpdir(), 'xinshu-bench-'));
  const provider = await startPublishingProvider('grid-qinchuan');
  try {
    await generateSampleData({ ...defaults, subjects, folder });
    const { schema } = sampleDatasets.find(({ id }) => id === 'grid-qinchuan.electricity')!;
    const declared = await declareDataset(provider.modules, { schema });
    if (!declared.ok) throw new Error(declared.refusal.code);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const file = createReadStream(join(folder, 'grid-qinchuan/grid-qinchuan.electricity.csv'));
    const imported = await importDataset(provider.modules, { dataset: schemaId(schema), file });
    const used = process.cpuUsage(cpu);
    const seconds = (performance.now() - start) / 1000;
    if (!imported.ok || imported.value.kind !== 'published') throw new Error('the sample was not published');
    const { rows, subjects: counted } = imported.value;
    return { rows, subjects: counted, seconds, rowsPerSecond: Math.round(rows / seconds), cpuSeconds: (used.user + used.system) / 1e6 };
  } finally {
    await provider.close();
    await rm(folder, { recursive: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(JSON.stringify(await measureImport()));
