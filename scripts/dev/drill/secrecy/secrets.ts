import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { isSubjectType, type SubjectRef } from '../../../../gateway/domain/subject.ts';
import { randomStream } from '../../../generate/random.ts';
import type { supplierModel } from '../../../generate/supplier-model.ts';
import { modelFile } from '../../model-steps.ts';
import { readStories } from '../../sample.ts';
import { type Form, hashForms, textForms, valueForms } from './forms.ts';

/** One thing that must be seen by nobody but `holders`. */
export type Secret = {
  readonly what: string;
  /** Members that hold it by right: they provide the record, or asked for it, or have records of the same subject themselves. */
  readonly holders: ReadonlySet<string>;
  readonly forms: readonly Form[];
};

type Cell = { readonly member: string; readonly dataset: string; readonly code: string; readonly field: string; readonly value: string };

const consumer = 'bank-changan';
const issuer = 'gov-credit';
const [modelOwner, modelAuditor] = ['gov-credit', 'audit-office'];
/** Shorter ones stand for other things as well. */
const shortestValue = 7;
/** Values of one subject that are looked for. */
const valuesEach = 60;
const isDate = (value: string): boolean => /^\d{4}-\d{2}(-\d{2})?$/.test(value);
/** A round sum may be a setting somewhere. */
const isRound = (value: string): boolean => /^\d+0{6}$/.test(value);
const publicFields = ['subjectType', 'subjectId', 'sourceOrgUscc', 'asOf'];

const cellsOf = (sample: string): Cell[] =>
  readdirSync(sample, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: member }) =>
      readdirSync(join(sample, member))
        .filter((file) => file.endsWith('.csv'))
        .flatMap((file) =>
          (parse(readFileSync(join(sample, member, file)), { columns: true, bom: true }) as Record<string, string>[]).flatMap((row) =>
            Object.entries(row).map(([field, value]): Cell => {
              return { member, dataset: file.slice(0, -'.csv'.length), code: row.subjectId ?? '', field, value };
            }),
          ),
        ),
    );

const refOf = (subject: { readonly type: string; readonly code: string }): SubjectRef => {
  if (!isSubjectType(subject.type)) throw new RangeError(`${subject.type} is no type of subject`);
  return { type: subject.type, code: subject.code };
};

type ModelFile = Pick<ReturnType<typeof supplierModel>, 'document' | 'parts'>;

/** Bins and points of each part of the demo's model, as JSON writes them: for its owner, its provider and the auditor that measured it. */
const modelSecrets = (root: string): Secret[] => {
  const { document, parts } = JSON.parse(readFileSync(modelFile(root), 'utf8')) as ModelFile;
  return document.parts.flatMap(({ dataset }, place) =>
    parts[place]!.features.map(({ name, bins }) => ({
      what: `points of ${dataset} ${name}`,
      holders: new Set([modelOwner, dataset.slice(0, dataset.indexOf('.')), modelAuditor]),
      forms: textForms(JSON.stringify(bins)),
    })),
  );
};

/**
 * Codes, names and a seeded choice of the values (amounts, numbers of documents) of these subjects, as they stand in the sample data of a network, and the points of its model. Only values
 * that occur nowhere else, so that a hit is a leak and not chance.
 */
export const secretsOf = (root: string, subjects: ReadonlySet<string>, seed: string): readonly Secret[] => {
  const cells = cellsOf(join(root, 'sample'));
  const owners = new Map<string, Set<string>>();
  for (const { value, code, dataset } of cells) owners.set(value, (owners.get(value) ?? new Set()).add(`${dataset} ${code}`));
  const ofSubjects = readStories(root)
    .filter(({ subject }) => subjects.has(subject.code))
    .flatMap(({ id, name, subject }): Secret[] => {
      const holding = (text: string): Set<string> =>
        new Set([consumer, issuer, ...cells.filter(({ value }) => value.includes(text)).map(({ member }) => member)]);
      const random = randomStream(seed, subject.code);
      const values = cells
        .filter(({ code, field, value }) => code === subject.code && !publicFields.includes(field) && !isDate(value))
        .filter(({ value }) => value.length >= shortestValue && !isRound(value) && owners.get(value)?.size === 1 && value !== name)
        .map((cell) => ({ cell, order: random.next() }))
        .sort((a, b) => a.order - b.order)
        .slice(0, valuesEach);
      return [
        { what: `code of ${id}`, holders: holding(subject.code), forms: [...textForms(subject.code), ...hashForms(refOf(subject))] },
        { what: `name of ${id}`, holders: holding(name), forms: textForms(name) },
        ...values.map(({ cell: { member, dataset, field, value } }) => ({
          what: `${dataset} ${field} of ${id}`,
          holders: new Set([consumer, member]),
          forms: valueForms(value),
        })),
      ];
    });
  return [...ofSubjects, ...modelSecrets(root)];
};
