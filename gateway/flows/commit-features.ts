import { setImmediate as otherWork } from 'node:timers/promises';
import { type CalendarDate, chinaDate } from '../domain/calendar.ts';
import type { DatasetSchema } from '../domain/dataset-schema.ts';
import { deriveFeatures } from '../domain/derive-features.ts';
import { shake256 } from '../domain/hash.ts';
import type { Hex } from '../domain/ids.ts';
import { serve } from '../domain/serving-rules.ts';
import { saltFromBytes, saltToHex, subjectScalar } from '../domain/subject-commitment.ts';
import type { StagedFeatures } from '../ports/records-writer.ts';
import { featureLeaf, padFeatures } from '../scoring/feature-leaf.ts';
import { buildFeatureTree } from '../scoring/feature-tree.ts';
import type { CollectedSubject } from './collect-import.ts';

export type CommittedFeatures = { readonly root: Hex; readonly of: (place: number) => StagedFeatures };

const hex = saltToHex;

/** From the subject's secret of this import, as the salts of its records (sealing/record-hash.ts), under a label of its own. */
const saltOf = (secret: Uint8Array): bigint => saltFromBytes(shake256(Buffer.concat([secret, Buffer.from('features')]), 48));

/** What may be scored on the day that the data describe: rules 18, 30, 32, 33 and 36 leave records out before anything is derived. */
const codesOf = (schema: DatasetSchema, { subject, records }: CollectedSubject, today: CalendarDate): readonly number[] => {
  const named = records.map((values) => Object.fromEntries(schema.fields.map(({ name }, place) => [name, values[place] ?? null])));
  const decisions = serve(schema, named, { subject, today, operation: 'score', fields: [] });
  return deriveFeatures(
    schema.features ?? [],
    named.filter((_, place) => 'fields' in decisions[place]!),
  );
};

/**
 * Commits to the features of every subject, for joint scores (design.md §7): one leaf a subject, in the order of the leaves, so that a place says nothing of who has it.
 * `secrets` are the subjects' of this import, `asOf` (seconds) what the data describe.
 */
export const commitFeatures = async (
  schema: DatasetSchema,
  subjects: readonly CollectedSubject[],
  secrets: readonly Uint8Array[],
  asOf: number,
): Promise<CommittedFeatures> => {
  const today = chinaDate(asOf);
  const leaves: { readonly leaf: bigint; readonly place: number; readonly codes: readonly number[]; readonly salt: bigint }[] = [];
  for (const [place, subject] of subjects.entries()) {
    const codes = codesOf(schema, subject, today);
    const padded = padFeatures(codes);
    if (!padded.ok) throw new RangeError('a derivation gave what is no feature code');
    const salt = saltOf(secrets[place]!);
    leaves.push({ leaf: featureLeaf(subjectScalar(subject.subject), padded.value, salt), place, codes, salt });
    await otherWork();
  }
  leaves.sort((a, b) => (a.leaf < b.leaf ? -1 : 1));
  const indexes = new Array<number>(subjects.length);
  leaves.forEach(({ place }, index) => {
    indexes[place] = index;
  });
  const tree = buildFeatureTree(leaves.map(({ leaf }) => leaf));
  return {
    root: hex(tree.root),
    of: (place) => {
      const index = indexes[place]!;
      const { codes, salt } = leaves[index]!;
      return { index, codes, salt: hex(salt), path: tree.path(index).map(({ children }) => children.map(hex)) };
    },
  };
};
