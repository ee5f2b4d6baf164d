import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readCsv } from '../../../gateway/adapters/records/read-csv.ts';
import { startOfDay } from '../../../gateway/domain/calendar.ts';
import type { DatasetSchema } from '../../../gateway/domain/dataset-schema.ts';
import { schemaFaults } from '../../../gateway/domain/schema-faults.ts';
import { parseSubject } from '../../../gateway/domain/subject.ts';
import { collectImport } from '../../../gateway/flows/collect-import.ts';
import { defaults, generateSampleData, type SampleManifest } from '../../../scripts/generate/sample-data.ts';
import { makeSubjects } from '../../../scripts/generate/subjects.ts';
import { fileOf } from '../../helpers/publishing-provider.ts';

const today = '2026-11-23';
const folders: string[] = [];
const generated = async (subjects: number, seed = 'test'): Promise<{ readonly folder: string; readonly manifest: SampleManifest }> => {
  const folder = await mkdtemp(join(tmpdir(), 'xinshu-sample-'));
  folders.push(folder);
  return { folder, manifest: await generateSampleData({ seed, subjects, today, folder }) };
};
const read = (folder: string, path: string) => readFile(join(folder, path), 'utf8');

describe('sample data', () => {
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  it('is the same to the byte for the same options, and another for another seed', async () => {
    const [a, b, c] = [await generated(60), await generated(60), await generated(60, 'other')];
    const names = (await readdir(a.folder, { recursive: true })).filter((name) => /\.[a-z]+$/.test(name));
    expect(names.length).to.be.greaterThan(45);
    for (const name of names) expect(await read(a.folder, name), name).to.equal(await read(b.folder, name));
    expect(c.manifest.files[0]!.sha256).not.to.equal(a.manifest.files[0]!.sha256);
  });

  it('leaves a subject and its rows as they are when more are made', async () => {
    const [few, many] = [await generated(40), await generated(50)];
    const rows = async (folder: string) =>
      (await read(folder, 'grid-qinchuan/grid-qinchuan.electricity.csv')).split('\r\n').slice(0, 40 * 24);
    expect(await rows(many.folder)).to.deep.equal(await rows(few.folder));
  });

  it('makes 2,000 subjects of all the types by default, with checked codes of a region that does not exist', () => {
    const subjects = makeSubjects(defaults.seed, defaults.subjects, today, []);
    expect(new Set(subjects.map(({ code }) => code)).size).to.equal(2000);
    expect(new Set(subjects.map(({ type }) => type)).size).to.equal(7);
    for (const { type, code, isPerson } of subjects) {
      expect(parseSubject(type, code, startOfDay(today)).ok, type).to.equal(true);
      expect(isPerson ? code.slice(0, 6) : code.slice(2, 8)).to.equal('619900');
    }
  });

  it('declares every dataset of the four sectors with a schema that may be registered', async () => {
    const { folder, manifest } = await generated(8);
    expect(manifest.files.map(({ dataset }) => dataset)).to.have.length(22);
    for (const { schema, dataset } of manifest.files) {
      expect(schemaFaults(JSON.parse(await read(folder, schema)), startOfDay(today)), dataset).to.deep.equal([]);
    }
    const byPolicy = manifest.files.filter(({ policy }) => policy !== undefined).map(({ dataset }) => dataset);
    expect(byPolicy).to.deep.equal(['gov-credit.penalty', 'fin-weihe.loan', 'grid-qinchuan.electricity']);
  });

  it('holds no row that its own schema would refuse, and rows for the walk-through', async () => {
    const { folder, manifest } = await generated(300);
    const stories = JSON.parse(await read(folder, 'stories.json')) as {
      readonly id: string;
      readonly subject: { readonly code: string };
    }[];
    expect(stories.map(({ id }) => id)).to.have.length(8);
    for (const { dataset, schema, csv, rows } of manifest.files) {
      const collected = await collectImport(
        JSON.parse(await read(folder, schema)) as DatasetSchema,
        readCsv(fileOf(await read(folder, csv))),
      );
      expect(collected.faults, dataset).to.deep.equal([]);
      expect(collected.rows, dataset).to.equal(rows).and.to.be.greaterThan(0);
      if (['gov-credit.penalty', 'fin-weihe.loan', 'grid-qinchuan.electricity', 'chain-hub.order'].includes(dataset)) {
        const supplier = collected.subjects.find(({ subject }) => subject.code === stories[0]!.subject.code);
        expect(supplier?.records, dataset).to.have.length.greaterThan(0);
      }
    }
  });

  it('puts the story on its days: publicity ends today and tomorrow, arrears five years ago and a day less', async () => {
    const { folder } = await generated(8);
    const column = async (path: string, name: string, code: string) => {
      const [head, ...rows] = (await read(folder, path)).split('\r\n').map((line) => line.split(','));
      return rows.filter((row) => row[1] === code).map((row) => row[head!.indexOf(name)]);
    };
    const stories = JSON.parse(await read(folder, 'stories.json')) as {
      readonly id: string;
      readonly subject: { readonly code: string };
    }[];
    const code = (id: string) => stories.find((story) => story.id === id)!.subject.code;
    expect(await column('gov-credit/gov-credit.penalty.csv', 'publicityUntil', code('publicity-limit'))).to.deep.equal([
      '2026-11-23',
      '2026-11-24',
    ]);
    expect(await column('fin-weihe/fin-weihe.loan.csv', 'overdueEndedOn', code('five-year-limit'))).to.deep.equal([
      '2021-11-23',
      '2021-11-24',
      '',
    ]);
  });
});
