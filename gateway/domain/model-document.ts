import Type, { type Static } from 'typebox';
import { canonicalJson, type JsonValue } from './canonical.ts';
import { FeatureForm } from './feature.ts';
import { sha256Hex } from './hash.ts';
import type { Hex } from './ids.ts';
import { leastPoints, maxBins, maxFeatures, mostPoints } from './scorecard-part.ts';

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1, maxLength: 200 });
const id = Type.String({ pattern: '^[a-z0-9.-]{1,31}$' });
const name = Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' });
const number = Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const points = Type.Integer({ minimum: leastPoints, maximum: mostPoints });
const score = Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 });
const seconds = Type.Integer({ minimum: 0, maximum: 2 ** 40 });
const reason = Type.Optional(name);

/** What the consumer is told. It always learns the total: band and decision are presentation (design.md §7). */
const Output = Type.Union([
  Type.Object({ kind: Type.Literal('score') }, closed),
  /** Bands from the lowest up, each from its score on; the first has no lower end. */
  Type.Object(
    {
      kind: Type.Literal('band'),
      bands: Type.Array(Type.Object({ name: text, from: Type.Union([score, Type.Null()]) }, closed), { minItems: 2, maxItems: 20 }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('decision'), approveFrom: score }, closed),
]);

/** The public half of a model: all members may read it; its SHA-256 stands on chain. Which bins and points a part has is for its provider alone. */
export const ModelDocumentForm = Type.Object(
  {
    v: Type.Literal(1),
    id,
    title: text,
    titleZh: text,
    /** score = base + the points of all parts. */
    base: score,
    /** How the points were scaled, for readers: `points` at odds of good to bad, `pdo` points double the odds. */
    scale: Type.Optional(Type.Object({ points: score, odds: text, pdo: Type.Integer({ minimum: 1, maximum: 1000 }) }, closed)),
    output: Output,
    reasonsToConsumer: Type.Boolean(),
    minContributors: Type.Integer({ minimum: 2, maximum: 128 }),
    /** Seconds of block time; `notAfter` exclusive. */
    notBefore: seconds,
    notAfter: seconds,
    /** Codes that bins name, with what they mean to the person concerned. */
    reasons: Type.Array(Type.Object({ code: name, zh: text, en: text }, closed), { maxItems: 500 }),
    /** In the order of a session's contributions. `features` is all that the dataset declares, so that everyone knows what is binned and how it is derived. */
    parts: Type.Array(Type.Object({ dataset: id, features: Type.Array(FeatureForm, { minItems: 1, maxItems: maxFeatures }) }, closed), {
      minItems: 2,
      maxItems: 128,
    }),
  },
  closed,
);

/** Bins of a number in ascending order: `below` is the first value that no longer belongs; the last bin has none. */
const NumericBins = Type.Object(
  {
    name,
    kind: Type.Literal('numeric'),
    missing: Type.Optional(Type.Object({ points, reason }, closed)),
    bins: Type.Array(Type.Object({ below: Type.Optional(number), points, reason }, closed), { minItems: 1, maxItems: maxBins }),
  },
  closed,
);
/** Bins of a category: every word of the feature stands in one; null stands for a missing or unlisted word. */
const CategoryBins = Type.Object(
  {
    name,
    kind: Type.Literal('category'),
    bins: Type.Array(
      Type.Object({ words: Type.Array(Type.Union([text, Type.Null()]), { minItems: 1, maxItems: 40 }), points, reason }, closed),
      { minItems: 1, maxItems: maxBins },
    ),
  },
  closed,
);
const PartFeature = Type.Union([NumericBins, CategoryBins]);

/** What one provider sees of a model. The salt is a fresh uniform field element: a scorecard could be guessed from a bare hash. */
export const ModelPartForm = Type.Object(
  {
    v: Type.Literal(1),
    dataset: id,
    salt: Type.String({ pattern: '^0x[0-9a-f]{64}$' }),
    features: Type.Array(PartFeature, { minItems: 1, maxItems: maxFeatures }),
  },
  closed,
);

export type ModelDocument = Static<typeof ModelDocumentForm>;
export type ModelPartDocument = Static<typeof ModelPartForm>;
export type PartFeatureBins = Static<typeof PartFeature>;

export const modelDocumentHash = (document: ModelDocument): Hex => sha256Hex(canonicalJson(document as JsonValue));
