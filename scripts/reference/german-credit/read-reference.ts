import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

/** Where the reference stands when nothing else is said: beside the repository. */
export const defaultFolder = fileURLToPath(new URL('../../../../shared/reference/german-credit', import.meta.url));

export type TableBin =
  | { readonly values: readonly string[]; readonly points: number }
  | { readonly from: number | null; readonly to: number | null; readonly points: number };
export type TableFeature = {
  readonly sector: string;
  readonly name: string;
  readonly kind: 'category' | 'integer';
  readonly bins: readonly TableBin[];
};
/** Values by column, as they stand in the file. */
export type Applicant = { readonly number: string; readonly values: Readonly<Record<string, string>> };
export type Reference = {
  /** As the tool wrote it: what a model is imported from. */
  readonly table: unknown;
  readonly features: readonly TableFeature[];
  readonly applicants: readonly Applicant[];
  /** The tool's own score of each applicant, by number. */
  readonly scores: ReadonlyMap<string, number>;
};

export class ReferenceMissing extends Error {
  constructor(folder: string) {
    super(
      `There is no German credit reference in ${folder}: name its folder with --data DIR (applicants.csv, scorecard.json, scores.csv).`,
    );
  }
}

const files = ['applicants.csv', 'scorecard.json', 'scores.csv'] as const;
export const hasReference = (folder: string): boolean => files.every((name) => existsSync(join(folder, name)));

/** Throws ReferenceMissing. */
export const readReference = (folder: string): Reference => {
  if (!hasReference(folder)) throw new ReferenceMissing(folder);
  const [applicants, scorecard, scores] = files.map((name) => readFileSync(join(folder, name), 'utf8')) as [string, string, string];
  const rows = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });
  const table = JSON.parse(scorecard) as { readonly features: readonly TableFeature[] };
  return {
    table,
    features: table.features,
    applicants: rows(applicants).map(({ applicant, ...values }) => ({ number: applicant!, values })),
    scores: new Map(rows(scores).map(({ applicant, score }) => [applicant!, Number(score)])),
  };
};
