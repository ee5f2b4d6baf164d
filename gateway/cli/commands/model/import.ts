import type { Command } from 'commander';
import type { Feature } from '../../../domain/feature.ts';
import { modelFromTable, type TableChoices } from '../../../domain/scorecard-table.ts';
import type { Context } from '../../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../../failure.ts';
import { writeWhole } from '../../files.ts';
import { parseCount, parseDatasetsByName } from '../../options.ts';
import type { Run } from '../../run.ts';
import { listingFaults, readJson } from '../../submitted-file.ts';
import { type Registered, showRegistered } from './shown.ts';

type ImportOptions = {
  readonly datasets: ReadonlyMap<string, string>;
  readonly schemas: readonly string[];
  readonly id: string;
  readonly title: string;
  readonly titleZh?: string;
  readonly contributors: number;
  readonly days: number;
  readonly out?: string;
};

/** `{id, features}`, the same in `{schema}`, or `{dataset, features}`: a dataset schema, a declaration, or what `dataset features` prints. */
const readFeatures = (file: string): readonly [string, readonly Feature[]] => {
  const value = readJson(file) as { id?: unknown; dataset?: unknown; features?: unknown; schema?: { id?: unknown; features?: unknown } };
  const { id, features } = value.schema ?? { id: value.id ?? value.dataset, features: value.features };
  if (typeof id !== 'string' || !Array.isArray(features)) throw usageFailure(`${file} declares no features of a dataset`);
  return [id, features as Feature[]];
};

const importTable = async (context: Context, file: string, options: ImportOptions): Promise<void> => {
  const gateway = context.gateway();
  const { block } = await gateway.get<{ block: { time: number } }>('/v1/status');
  const terms: TableChoices['terms'] = {
    id: options.id,
    title: options.title,
    titleZh: options.titleZh ?? options.title,
    output: { kind: 'score' },
    reasonsToConsumer: false,
    minContributors: options.contributors,
    notBefore: block.time,
    notAfter: block.time + options.days * 86_400,
  };
  const made = modelFromTable(readJson(file), { datasets: options.datasets, features: new Map(options.schemas.map(readFeatures)), terms });
  if (made.kind === 'rejected') {
    const { faults } = made;
    const text = context.t('The table makes no model.', '该表无法生成模型。');
    return listingFaults(context, Promise.reject(new CliFailure(exitStatus.refused, 'MODEL_INVALID', text, { faults })));
  }
  const { document, parts } = made;
  if (options.out !== undefined) {
    writeWhole(options.out, `${JSON.stringify({ document, parts }, null, 2)}\n`);
    return context.show({ model: document.id, file: options.out }, () => context.t(`written to ${options.out}`, `已写入 ${options.out}`));
  }
  showRegistered(context, await listingFaults(context, gateway.post<Registered>('/v1/models', { document, parts })));
};

const collect = (file: string, before: readonly string[] = []): string[] => [...before, file];

export const importCommand = (model: Command, run: Run): void => {
  model
    .command('import')
    .description('register a model from the table of a scorecard tool (steward)')
    .argument('<file>', 'JSON: base, scale, features with sector, name, kind and bins')
    .requiredOption('--datasets <pairs>', 'SECTOR=DATASET,…: the dataset that stands for each sector of the table', parseDatasetsByName)
    .requiredOption('--schema <file>', 'schema of one of these datasets, or what `dataset features --json` prints; repeat it', collect)
    .requiredOption('--id <model>', 'id of the model')
    .requiredOption('--title <text>', 'title')
    .option('--title-zh <text>', 'title in Chinese')
    .option('--contributors <n>', 'least number of providers in a session', parseCount, 3)
    .option('--days <n>', 'days of validity', parseCount, 365)
    .option('--out <file>', 'write the model file, and register nothing')
    .addHelpText(
      'after',
      '\nExample:\n  xinshu model import scorecard.json --datasets government=gov.person,finance=fin.person,utilities=grid.person \\\n' +
        '    --schema gov.json --schema fin.json --schema grid.json --id consumer --title "Consumer loans" --as gov.steward',
    )
    .action(
      run((context: Context, file: string, { schema, ...options }: Omit<ImportOptions, 'schemas'> & { schema: string[] }) =>
        importTable(context, file, { ...options, schemas: schema }),
      ),
    );
};
