import type { Feature } from '../domain/feature.ts';
import type { PartFeatureBins } from '../domain/model-document.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { codeLimit, missingCode, type ScorecardFeature, type ScorecardPart } from '../domain/scorecard-part.ts';
import { encodePart } from './encode-part.ts';

/** The part as the circuit takes it, and the reason code of each bin in the circuit's order (undefined where it names none). */
export type CompiledPart = { readonly part: ScorecardPart; readonly reasons: readonly (readonly (string | undefined)[])[] };
type Compiled = { readonly feature: ScorecardFeature; readonly reasons: readonly (string | undefined)[] };

const invalid = (feature: string, reason: string): Result<never> => refuse('MODEL_PART_INVALID', { feature, reason });

/** A declared feature that the part does not name: whatever its value, no points. */
const neutral = (feature: Feature): Compiled => {
  if (feature.kind === 'numeric') return { feature: { kind: 'numeric', missing: 0, bins: [{ below: undefined, points: 0 }] }, reasons: [] };
  const codes = Array.from({ length: feature.words.length + 1 }, (_, code) => code);
  return { feature: { kind: 'category', bins: [{ codes, points: 0 }] }, reasons: [] };
};

const compileNumeric = (
  feature: Extract<Feature, { kind: 'numeric' }>,
  { missing, bins }: Extract<PartFeatureBins, { kind: 'numeric' }>,
): Result<Compiled> => {
  // Values are kept within [least, most], so a bound at least or below would leave an empty bin.
  const codes = bins.map(({ below }) => (below === undefined ? undefined : below - feature.least + 1));
  if (codes.some((code) => code !== undefined && (code <= 1 || code >= codeLimit)))
    return invalid(feature.name, 'a bound lies outside the feature');
  return ok({
    feature: { kind: 'numeric', missing: missing?.points, bins: bins.map(({ points }, place) => ({ below: codes[place], points })) },
    reasons: [...(missing === undefined ? [] : [missing.reason]), ...bins.map(({ reason }) => reason)],
  });
};

const compileCategory = (
  feature: Extract<Feature, { kind: 'category' }>,
  { bins }: Extract<PartFeatureBins, { kind: 'category' }>,
): Result<Compiled> => {
  const codes = bins.map(({ words }) => words.map((word) => (word === null ? missingCode : feature.words.indexOf(word) + 1)));
  if (bins.some(({ words }, bin) => words.some((word, at) => word !== null && codes[bin]![at] === missingCode)))
    return invalid(feature.name, 'a word that the feature does not have');
  // The missing code may stay without a bin: then a subject without a word can't be scored.
  const named = new Set(codes.flat());
  if (feature.words.some((_, place) => !named.has(place + 1))) return invalid(feature.name, 'a word without a bin');
  return ok({
    feature: { kind: 'category', bins: bins.map(({ points }, bin) => ({ codes: codes[bin]!, points })) },
    reasons: bins.map(({ reason }) => reason),
  });
};

/**
 * A part in the order of the features that its dataset declares, so that it fits the committed vector. Refuses with MODEL_PART_INVALID: a feature that the dataset does
 * not declare or declares otherwise, bins that leave a value out or overlap, more than the circuit holds.
 */
export const compilePart = (declared: readonly Feature[], features: readonly PartFeatureBins[]): Result<CompiledPart> => {
  const unknown = features.find(({ name, kind }) => !declared.some((one) => one.name === name && one.kind === kind));
  if (unknown !== undefined) return invalid(unknown.name, 'the dataset declares no such feature');
  const compiled: Compiled[] = [];
  for (const feature of declared) {
    const [bins, ...more] = features.filter(({ name }) => name === feature.name);
    if (more.length > 0) return invalid(feature.name, 'a feature stands twice');
    const one = bins === undefined ? ok(neutral(feature)) : compileOne(feature, bins);
    if (!one.ok) return one;
    compiled.push(one.value);
  }
  const part = compiled.map(({ feature }) => feature);
  const encoded = encodePart(part);
  return encoded.ok ? ok({ part, reasons: compiled.map(({ reasons }) => reasons) }) : encoded;
};

const compileOne = (feature: Feature, bins: PartFeatureBins): Result<Compiled> => {
  if (feature.kind === 'numeric' && bins.kind === 'numeric') return compileNumeric(feature, bins);
  if (feature.kind === 'category' && bins.kind === 'category') return compileCategory(feature, bins);
  throw new RangeError('kinds were compared before');
};
