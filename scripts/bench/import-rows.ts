import { createReadStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { schemaId } from '../../gateway/domain/dataset-schema.ts';
import { declareDataset } from '../../gateway/flows/declare-dataset.ts';
import { importDataset } from '../../gateway/flows/import-dataset.ts';
import { startPublishingProvider } from '../../test/helpers/publishing-provider.ts';
import { sampleDatasets } from '../generate/datasets/all.ts';
import { defaults, generateSampleData } from '../generate/sample-data.ts';
import type { Bench } from './measure/line.ts';

const dataset = 'grid-qinchuan.electricity';

/** Rows a second of the parser alone, each row made and dropped. */
const parseAlone = async (file: string): Promise<number> => {
  const start = performance.now();
  let rows = 0;
  const parser = parse({
    on_record: () => {
      rows += 1;
      return null;
    },
  });
  for await (const _ of createReadStream(file).pipe(parser)) throw new Error('a row came out');
  return rows / ((performance.now() - start) / 1000);
};

/** The widest dataset of the sample, electricity, from the file to a readable version: read, checked, hashed, written durably, published on a real ledger. */
export const importRate: Bench = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xinshu-bench-'));
  const provider = await startPublishingProvider('grid-qinchuan');
  try {
    await generateSampleData({ ...defaults, folder });
    const { schema } = sampleDatasets.find(({ id }) => id === dataset)!;
    const declared = await declareDataset(provider.modules, { schema });
    if (!declared.ok) throw new Error(declared.refusal.code);
    const file = join(folder, 'grid-qinchuan', `${dataset}.csv`);
    // So that both read it from memory.
    readFileSync(file);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const imported = await importDataset(provider.modules, { dataset: schemaId(schema), file: createReadStream(file) });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - start) / 1000;
    if (!imported.ok || imported.value.kind !== 'published') throw new Error('the sample was not published');
    const { rows, subjects } = imported.value;
    const perCpuSecond = Math.round(rows / ((user + system) / 1e6)).toLocaleString('en');
    return [
      {
        what: 'import, rows',
        perSecond: rows / seconds,
        limit: { what: 'csv-parse alone', perSecond: await parseAlone(file) },
        facts: { file: `${rows} rows of ${subjects} subjects in ${seconds.toFixed(2)} s`, 'rows per CPU second': perCpuSecond },
      },
    ];
  } finally {
    await provider.close();
    await rm(folder, { recursive: true });
  }
};
