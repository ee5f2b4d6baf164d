import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CalendarDate, isCalendarDate } from '../../gateway/domain/calendar.ts';
import { defaults, generateSampleData, type SampleFile } from '../generate/sample-data.ts';
import { shortName } from './gateways.ts';
import type { Report } from './report.ts';
import { xinshu } from './xinshu.ts';

const today = (): CalendarDate => {
  const date = new Date().toISOString().slice(0, 10);
  if (!isCalendarDate(date)) throw new RangeError(date);
  return date;
};

const publishOne = async (root: string, file: SampleFile): Promise<void> => {
  const folder = join(root, 'sample');
  const as = ['--as', `${shortName(file.member)}.steward`];
  const policy = file.policy === undefined ? [] : ['--policy', join(folder, file.policy)];
  await xinshu(root, ['dataset', 'declare', ...as, join(folder, file.schema), ...policy]);
  await xinshu(root, ['dataset', 'import', ...as, file.dataset, join(folder, file.csv)]);
};

/** Generates the sample data and publishes every dataset that has no version yet. Members work at the same time, each one dataset after the other. */
export const publishSample = async (root: string, subjects: number, report: Report): Promise<void> => {
  const sample = await report.step(
    'sample',
    `Generating sample data of ${subjects} made-up subjects`,
    () => generateSampleData({ seed: defaults.seed, subjects, today: today(), folder: join(root, 'sample') }),
    (made) => ({ subjects: made.subjects, rows: made.rows, detail: `${made.files.length} files, ${made.rows} rows` }),
  );
  const published = new Set(
    (await xinshu<{ id: string; version: number }[]>(root, ['dataset', 'list', '--as', 'gov.steward']))
      .filter(({ version }) => version > 0)
      .map(({ id }) => id),
  );
  const waiting = sample.files.filter(({ dataset }) => !published.has(dataset));
  await report.step(
    'publish',
    `Importing and publishing ${waiting.length} datasets`,
    async () => {
      const members = [...new Set(waiting.map(({ member }) => member))];
      await Promise.all(
        members.map(async (member) => {
          for (const file of waiting.filter((one) => one.member === member)) {
            await publishOne(root, file);
            report.line(`    ${file.dataset}: ${file.rows} rows`);
          }
        }),
      );
    },
    () => ({ datasets: waiting.length, rows: waiting.reduce((sum, { rows }) => sum + rows, 0) }),
  );
};

export type StorySubject = {
  readonly id: string;
  readonly name: string;
  readonly subject: { readonly type: string; readonly code: string };
};

export const readStories = (root: string): StorySubject[] =>
  JSON.parse(readFileSync(join(root, 'sample', 'stories.json'), 'utf8')) as StorySubject[];
