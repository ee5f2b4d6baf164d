import { createReadStream, existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Feature } from '../../domain/feature.ts';
import type { Context } from '../context.ts';
import { exitStatus, usageFailure } from '../failure.ts';
import type { Run } from '../run.ts';
import { listingFaults, readJson, readText } from '../submitted-file.ts';
import { showFen, showTime } from '../table.ts';

type Dataset = {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly shareClass: string;
  readonly operations: readonly string[];
  readonly grade: number;
  readonly priceFen: string;
  readonly version: number;
  readonly retired: boolean;
  readonly registrationCode: string;
  readonly fields: readonly { readonly name: string; readonly grade: number }[];
};
type Version = {
  readonly version: number;
  readonly asOf: number;
  readonly block: number;
  readonly commitments: readonly { readonly name: string; readonly root: string; readonly size: number }[];
};

const readDeclaration = (file: string): { schema: { id: string } } => {
  const value = readJson(file) as { id?: string; schema?: { id: string } };
  // Either the schema itself, or {schema, policy, terms} as one document.
  const declaration = value.schema === undefined ? { schema: value as { id: string } } : (value as { schema: { id: string } });
  if (typeof declaration.schema.id !== 'string') throw usageFailure(`${file} holds no dataset schema`);
  return declaration;
};

export const datasetCommands = (program: Command, run: Run): void => {
  const dataset = program.command('dataset').description('the catalog, and the datasets of this institution');
  dataset
    .command('list')
    .description('datasets in the catalog')
    .action(
      run(async (context: Context) => {
        const found = await context.gateway().get<{ datasets: Dataset[] }>('/v1/datasets');
        const datasets = found.datasets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        context.show(datasets, () =>
          context.table(
            [
              context.t('dataset', '数据集'),
              context.t('owner', '提供方'),
              context.t('grade', '级别'),
              context.t('share', '共享'),
              context.t('price', '价格'),
              context.t('version', '版本'),
              context.t('title', '名称'),
            ],
            datasets.map(({ id, owner, grade, shareClass, priceFen, version, title, retired }) => [
              id,
              owner,
              String(grade),
              shareClass,
              showFen(priceFen),
              retired ? context.t('retired', '已下架') : String(version),
              title,
            ]),
          ),
        );
      }),
    );
  dataset
    .command('show')
    .description('one dataset with its fields')
    .argument('<dataset>')
    .action(
      run(async (context: Context, id: string) => {
        const shown = await context.gateway().get<{ dataset: Dataset; version: Version | null }>(`/v1/datasets/${encodeURIComponent(id)}`);
        context.show(shown, () =>
          [
            context.pairs([
              [context.t('dataset', '数据集'), shown.dataset.id],
              [context.t('title', '名称'), shown.dataset.title],
              [context.t('owner', '提供方'), shown.dataset.owner],
              [context.t('grade', '级别'), String(shown.dataset.grade)],
              [context.t('share', '共享'), shown.dataset.shareClass],
              [context.t('operations', '操作'), shown.dataset.operations.join(', ')],
              [context.t('price', '价格'), showFen(shown.dataset.priceFen)],
              [context.t('registration', '登记码'), shown.dataset.registrationCode],
              [
                context.t('version', '版本'),
                shown.version === null
                  ? '-'
                  : `${shown.version.version}, ${context.t('as of', '数据截至')} ${showTime(shown.version.asOf)}, ${context.t('block', '区块')} ${shown.version.block}`,
              ],
              ...(shown.version?.commitments ?? []).map(({ name, root, size }): [string, string] => [
                context.t('commitment', '承诺'),
                context.t(`${name} of ${size} subjects, root ${root}`, `${name}，${size} 个主体，根 ${root}`),
              ]),
            ]),
            '',
            context.table(
              [context.t('field', '字段'), context.t('grade', '级别')],
              shown.dataset.fields.map(({ name, grade }) => [name, String(grade)]),
            ),
          ].join('\n'),
        );
      }),
    );
  dataset
    .command('declare')
    .description('register a dataset, or bring it in step with its file (steward)')
    .argument('<file>', 'JSON: a dataset schema, or {schema, policy, terms}')
    .option('--policy <file>', 'JSON: access granted without a steward')
    .option('--terms <file>', 'text of the terms of use; its hash goes on chain')
    .addHelpText('after', '\nExample:\n  xinshu dataset declare penalty.json --as gov.steward')
    .action(
      run(async (context: Context, file: string, options: { policy?: string; terms?: string }) => {
        const declaration = {
          ...readDeclaration(file),
          ...(options.policy === undefined ? {} : { policy: readJson(options.policy) }),
          ...(options.terms === undefined ? {} : { terms: readText(options.terms) }),
        };
        const declared = await listingFaults(
          context,
          context
            .gateway()
            .put<{ dataset: string; registrationCode: string; changed: string[] }>(
              `/v1/datasets/${encodeURIComponent(declaration.schema.id)}`,
              declaration,
            ),
        );
        context.show(declared, () =>
          context.pairs([
            [context.t('dataset', '数据集'), declared.dataset],
            [context.t('registration', '登记码'), declared.registrationCode],
            [context.t('changed', '变更'), declared.changed.join(', ') || context.t('nothing', '无')],
          ]),
        );
      }),
    );
  dataset
    .command('features')
    .description('what a dataset of this institution declares for models to bin')
    .argument('<dataset>')
    .action(
      run(async (context: Context, id: string) => {
        const declared = await context
          .gateway()
          .get<{ dataset: string; features: Feature[] }>(`/v1/datasets/${encodeURIComponent(id)}/features`);
        context.show(declared, () =>
          context.table(
            [context.t('feature', '特征'), context.t('derived', '推导'), context.t('values', '取值'), context.t('name', '名称')],
            declared.features.map((feature) => [
              feature.name,
              feature.derivation.fn,
              feature.kind === 'numeric' ? `${feature.least}..${feature.most}` : feature.words.join(' '),
              context.t(feature.en, feature.zh),
            ]),
          ),
        );
      }),
    );
  dataset
    .command('import')
    .description('import a CSV file as the next version and publish it (steward)')
    .argument('<dataset>')
    .argument('<file>', 'CSV in UTF-8, with a header')
    .addHelpText('after', '\nExample:\n  xinshu dataset import gov-credit.penalty penalty.csv --as gov.steward')
    .action(
      run(async (context: Context, id: string, file: string) => {
        if (!existsSync(file)) throw usageFailure(`no file ${file}`);
        const imported = await listingFaults(
          context,
          context
            .gateway()
            .send<{ version: number; rows: number; subjects: number; root: string; block: number; lateCount: number }>(
              `/v1/datasets/${encodeURIComponent(id)}/imports`,
              'text/csv',
              createReadStream(file),
            ),
        );
        context.show(imported, () =>
          context.pairs([
            [context.t('version', '版本'), String(imported.version)],
            [context.t('rows', '行数'), String(imported.rows)],
            [context.t('subjects', '主体数'), String(imported.subjects)],
            [context.t('commitment', '内容承诺'), imported.root],
            [context.t('block', '区块'), String(imported.block)],
            ...(imported.lateCount > 0
              ? ([[context.t('published late', '逾期报送'), String(imported.lateCount)]] as [string, string][])
              : []),
          ]),
        );
      }),
    );
  dataset
    .command('publish')
    .description('publish imports that are complete but not on chain yet, after an outage (steward)')
    .action(
      run(async (context: Context) => {
        const done = await context.gateway().post<{ finished: number; refused: number; waiting: number }>('/v1/imports/resume');
        context.show(done, () =>
          context.t(
            `${done.finished} published, ${done.refused} refused by the chain, ${done.waiting} waiting`,
            `已发布 ${done.finished}，链上拒绝 ${done.refused}，等待 ${done.waiting}`,
          ),
        );
        if (done.waiting > 0) process.exitCode = exitStatus.unreachable;
        else if (done.refused > 0) process.exitCode = exitStatus.refused;
      }),
    );
};
