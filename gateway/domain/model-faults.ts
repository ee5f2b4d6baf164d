import { Compile } from 'typebox/compile';
import type { ErrorCode } from './errors.ts';
import { type ModelDocument, ModelDocumentForm, type ModelPartDocument, ModelPartForm } from './model-document.ts';

export type ModelFault = { readonly path: string; readonly code: ErrorCode; readonly reason: string };

const documentForm = Compile(ModelDocumentForm);
const partForm = Compile(ModelPartForm);
const fault = (path: string, reason: string): ModelFault => ({ path, code: 'MODEL_INVALID', reason });

const twice = (values: readonly string[]): number => values.findIndex((value, place) => values.indexOf(value) !== place);

const bandFaults = ({ output }: ModelDocument): ModelFault[] => {
  if (output.kind !== 'band') return [];
  return output.bands.flatMap(({ from }, place) => {
    const path = `/output/bands/${place}/from`;
    if (place === 0) return from === null ? [] : [fault(path, 'the lowest band has no lower end')];
    const before = output.bands[place - 1]?.from;
    return from !== null && (before === null || before === undefined || before < from) ? [] : [fault(path, 'bands rise')];
  });
};

const wholeFaults = (document: ModelDocument): ModelFault[] => {
  const faults = bandFaults(document);
  const dataset = twice(document.parts.map((part) => part.dataset));
  if (dataset >= 0) faults.push(fault(`/parts/${dataset}/dataset`, 'a dataset stands twice'));
  const reason = twice(document.reasons.map(({ code }) => code));
  if (reason >= 0) faults.push(fault(`/reasons/${reason}/code`, 'a code stands twice'));
  if (document.notBefore >= document.notAfter) faults.push(fault('/notAfter', 'the end comes after the beginning'));
  if (document.minContributors > document.parts.length) faults.push(fault('/minContributors', 'more than there are parts'));
  return faults;
};

/** Every fault of a model's public document, with its place; none when it may be registered. */
export const modelFaults = (input: unknown): readonly ModelFault[] => {
  if (!documentForm.Check(input)) return [...documentForm.Errors(input)].map((error) => fault(error.instancePath, error.message));
  return wholeFaults(input);
};

/** Every fault of the form of a part, and reason codes that the document does not explain. */
export const partFaults = (document: ModelDocument, input: unknown): readonly ModelFault[] => {
  if (!partForm.Check(input)) return [...partForm.Errors(input)].map((error) => fault(error.instancePath, error.message));
  const explained = new Set(document.reasons.map(({ code }) => code));
  return reasonsOf(input).flatMap(({ path, reason }) =>
    explained.has(reason) ? [] : [fault(path, `the document explains no reason ${reason}`)],
  );
};

const reasonsOf = ({ features }: ModelPartDocument): { readonly path: string; readonly reason: string }[] =>
  features.flatMap((feature, at) => {
    const named = [
      ...(feature.kind === 'numeric' && feature.missing !== undefined ? [{ path: 'missing', reason: feature.missing.reason }] : []),
      ...feature.bins.map(({ reason }, bin) => ({ path: `bins/${bin}`, reason })),
    ];
    return named.flatMap(({ path, reason }) => (reason === undefined ? [] : [{ path: `/features/${at}/${path}/reason`, reason }]));
  });
