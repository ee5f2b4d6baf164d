import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type CalendarDate, isCalendarDate } from '../../gateway/domain/calendar.ts';
import { csvText, type Row } from './csv.ts';
import { sampleDatasets } from './datasets/all.ts';
import type { SampleDataset } from './datasets/field.ts';
import { institutions } from './institutions.ts';
import { lastOf, monthsBefore } from './months.ts';
import { randomStream } from './random.ts';
import { rowMakers } from './rows/all.ts';
import { stories } from './stories.ts';
import { makeSubjects, type SampleSubject } from './subjects.ts';

export type SampleOptions = {
  readonly seed: string;
  /** At least 8: the stories come first. */
  readonly subjects: number;
  /** The reference date: all other dates are relative to it. */
  readonly today: CalendarDate;
  readonly folder: string;
  readonly months?: number;
  readonly onProgress?: (dataset: string, rows: number) => void;
};

export type SampleFile = {
  readonly dataset: string;
  readonly member: string;
  /** Relative to the folder. */
  readonly csv: string;
  readonly schema: string;
  /** Absent: a steward decides on every request. */
  readonly policy?: string | undefined;
  readonly rows: number;
  readonly sha256: string;
};
export type SampleManifest = {
  readonly version: 1;
  readonly seed: string;
  readonly today: CalendarDate;
  readonly subjects: number;
  readonly rows: number;
  readonly files: readonly SampleFile[];
};

export const defaults = { seed: 'xinshu', subjects: 2000, today: '2026-11-23', months: 24 } as const;

const rowsOf = (
  dataset: SampleDataset,
  subject: SampleSubject,
  { seed, today }: SampleOptions,
  months: readonly string[],
): readonly Row[] => {
  const random = randomStream(seed, dataset.id, subject.index);
  const made = rowMakers[dataset.id]!({ subject, random, today, months });
  const rewrite = stories[subject.index]?.rewrites[dataset.id];
  const source = {
    subjectType: subject.type,
    subjectId: subject.code,
    sourceOrgUscc: institutions[dataset.member],
    asOf: lastOf(months.at(-1)!),
  };
  const rows: readonly Row[] = (rewrite === undefined ? made : rewrite(made, subject, today)).map((row) => ({ ...source, ...row }));
  // Delivered at the end of the last month: all datasets describe the same month, as a joint score wants.
  return rows.map((row) => (String(row.asOf) > source.asOf ? { ...row, asOf: source.asOf } : row));
};

/** Written beside, then renamed: a file of this name is always whole. */
const write = async (folder: string, path: string, text: string): Promise<void> => {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.part`, text);
  await rename(`${target}.part`, target);
};
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Writes `<member>/<dataset>.csv`, `….schema.json` and, where access is granted by policy, `….policy.json` for every dataset, subjects.json, stories.json and, last, manifest.json.
 * The same options give the same bytes.
 */
export const generateSampleData = async (options: SampleOptions): Promise<SampleManifest> => {
  const { seed, today, folder, onProgress } = options;
  const subjects = makeSubjects(
    seed,
    options.subjects,
    today,
    stories.map(({ type }) => type),
  );
  const months = monthsBefore(today, options.months ?? defaults.months);
  const files: SampleFile[] = [];
  for (const dataset of sampleDatasets) {
    const rows = subjects.flatMap((subject) => rowsOf(dataset, subject, options, months));
    const text = csvText(
      dataset.schema.fields.map(({ name }) => name),
      rows,
    );
    const csv = `${dataset.member}/${dataset.id}.csv`;
    const schema = `${dataset.member}/${dataset.id}.schema.json`;
    await write(folder, csv, text);
    const policy = dataset.policy === undefined ? undefined : `${dataset.member}/${dataset.id}.policy.json`;
    await write(folder, schema, json(dataset.schema));
    if (policy !== undefined) await write(folder, policy, json(dataset.policy));
    files.push({
      dataset: dataset.id,
      member: dataset.member,
      csv,
      schema,
      policy,
      rows: rows.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    onProgress?.(dataset.id, rows.length);
  }
  await write(folder, 'subjects.json', json(subjects.map(({ type, code, name }) => ({ type, code, name }))));
  await write(
    folder,
    'stories.json',
    json(
      stories.map(({ id, zh, en }, index) => ({
        id,
        zh,
        en,
        subject: { type: subjects[index]!.type, code: subjects[index]!.code },
        name: subjects[index]!.name,
      })),
    ),
  );
  const total = files.reduce((sum, file) => sum + file.rows, 0);
  const manifest: SampleManifest = { version: 1, seed, today, subjects: subjects.length, rows: total, files };
  await write(folder, 'manifest.json', json(manifest));
  return manifest;
};

const usage = `Usage: node scripts/generate/sample-data.ts --folder DIR [--seed TEXT] [--subjects N] [--today YYYY-MM-DD]

Writes the sample data of all institutions (made up, reproducible) into DIR. See scripts/generate/README.md.`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      seed: { type: 'string', default: defaults.seed },
      subjects: { type: 'string', default: String(defaults.subjects) },
      today: { type: 'string', default: defaults.today },
      help: { type: 'boolean', default: false },
    },
  });
  const subjects = Number(values.subjects);
  if (
    values.help ||
    values.folder === undefined ||
    !Number.isInteger(subjects) ||
    subjects < stories.length ||
    !isCalendarDate(values.today)
  ) {
    console.error(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const manifest = await generateSampleData({
    seed: values.seed,
    subjects,
    today: values.today,
    folder: values.folder,
    onProgress: (dataset, rows) => console.error(`${dataset.padEnd(30)} ${String(rows).padStart(7)} rows`),
  });
  console.log(`${manifest.files.length} datasets, ${manifest.subjects} subjects, ${manifest.rows} rows`);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
