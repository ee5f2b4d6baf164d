import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Feature } from './feature.ts';
import type { ModelDocument, ModelPartDocument, PartFeatureBins } from './model-document.ts';
import type { ModelFault } from './model-faults.ts';

const text = Type.String({ minLength: 1, maxLength: 200 });
const bound = Type.Union([Type.Integer(), Type.Null()]);
const Table = Type.Object({
  base: Type.Integer(),
  scale: Type.Optional(Type.Object({ points: Type.Integer(), odds: text, pdo: Type.Integer() })),
  features: Type.Array(
    Type.Union([
      Type.Object({
        sector: text,
        name: text,
        kind: Type.Literal('category'),
        bins: Type.Array(Type.Object({ values: Type.Array(Type.Union([text, Type.Null()]), { minItems: 1 }), points: Type.Integer() })),
      }),
      Type.Object({
        sector: text,
        name: text,
        kind: Type.Literal('integer'),
        /** `[from, to)`; null is open. */
        bins: Type.Array(Type.Object({ from: bound, to: bound, points: Type.Integer() })),
      }),
    ]),
    { minItems: 1, maxItems: 2048 },
  ),
});
/** A scorecard as the usual tools write it down: bins and points of every feature, and which sector has the feature. */
type ScorecardTable = Static<typeof Table>;
type TableFeature = ScorecardTable['features'][number];

const form = Compile(Table);

export type TableChoices = {
  /** The dataset that stands for each sector of the table. */
  readonly datasets: ReadonlyMap<string, string>;
  /** What each dataset declares. */
  readonly features: ReadonlyMap<string, readonly Feature[]>;
  /** What a table doesn't say. */
  readonly terms: Omit<ModelDocument, 'v' | 'base' | 'scale' | 'parts' | 'reasons'>;
};
export type TableModel =
  | { readonly kind: 'model'; readonly document: ModelDocument; readonly parts: readonly Pick<ModelPartDocument, 'features'>[] }
  | { readonly kind: 'rejected'; readonly faults: readonly ModelFault[] };

/** The name of a declared feature for a column of a table: names there have underscores, here hyphens. */
export const featureName = (column: string): string => column.replaceAll('_', '-');

const fault = (path: string, reason: string): ModelFault => ({ path, code: 'MODEL_INVALID', reason });

const binsOf = (feature: TableFeature, path: string): PartFeatureBins | ModelFault => {
  const name = featureName(feature.name);
  if (feature.kind === 'category')
    return { name, kind: 'category', bins: feature.bins.map(({ values, points }) => ({ words: values, points })) };
  const gap = feature.bins.findIndex(({ from }, place) => from !== (place === 0 ? null : feature.bins[place - 1]!.to));
  if (gap >= 0) return fault(`${path}/bins/${gap}/from`, 'a bin begins where the one before ends, the first is open below');
  const last = feature.bins.at(-1);
  if (last === undefined || last.to !== null) return fault(`${path}/bins`, 'the last bin is open above');
  return { name, kind: 'numeric', bins: feature.bins.map(({ to, points }) => (to === null ? { points } : { below: to, points })) };
};

const placeFault = ({ sector, name }: TableFeature, path: string, { datasets, features }: TableChoices): ModelFault | undefined => {
  const dataset = datasets.get(sector);
  if (dataset === undefined) return fault(`${path}/sector`, `no dataset stands for ${sector}`);
  const declared = features.get(dataset);
  if (declared === undefined) return fault(`${path}/sector`, `what ${dataset} declares is not known`);
  return declared.some((one) => one.name === featureName(name))
    ? undefined
    : fault(`${path}/name`, `${dataset} declares no ${featureName(name)}`);
};

/** A model from a table: one part for each sector, in their order in the table. Every fault comes with its place; how the bins fit the features is for `registerModel`. */
export const modelFromTable = (input: unknown, choices: TableChoices): TableModel => {
  if (!form.Check(input))
    return { kind: 'rejected', faults: [...form.Errors(input)].map((error) => fault(error.instancePath, error.message)) };
  const faults: ModelFault[] = [];
  const parts = new Map<string, PartFeatureBins[]>();
  for (const [place, feature] of input.features.entries()) {
    const path = `/features/${place}`;
    const bins = placeFault(feature, path, choices) ?? binsOf(feature, path);
    if ('path' in bins) {
      faults.push(bins);
      continue;
    }
    const dataset = choices.datasets.get(feature.sector)!;
    parts.set(dataset, [...(parts.get(dataset) ?? []), bins]);
  }
  if (faults.length > 0) return { kind: 'rejected', faults };
  const { base, scale } = input;
  const document: ModelDocument = {
    v: 1,
    ...choices.terms,
    base,
    ...(scale === undefined ? {} : { scale: { points: scale.points, odds: scale.odds, pdo: scale.pdo } }),
    reasons: [],
    parts: [...parts.keys()].map((dataset) => ({ dataset, features: [...choices.features.get(dataset)!] })),
  };
  return { kind: 'model', document, parts: [...parts.values()].map((features) => ({ features })) };
};
