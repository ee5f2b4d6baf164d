import type { MemberId, ModelId } from './ids.ts';
import type { LeakageReport, Model } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';

// Values of the network parameter `model-approval`.
const byCouncil = 0;

const isApproved = (view: RegistryView, model: Model): boolean =>
  view.parameter('model-approval') === byCouncil
    ? model.approvedByCouncil
    : model.parts.every(({ dataset }) => model.approvedParts.includes(dataset));

const million = 1_000_000;
/** Attainable totals at which some provider's points are pinned down, of a million: rounded up, so that a bound is never passed by rounding. */
const leakPpm = ({ pinned, attainable }: LeakageReport): number =>
  attainable === 0 ? million : Math.ceil((pinned * million) / attainable);

/**
 * A model that a consumer may run at the view's block: registered, within its time, not retired, approved as the network says, of enough contributors, and with a leakage
 * report by someone who is neither its owner nor the consumer. Where reports differ the worst counts.
 */
export const usableModel = (view: RegistryView, id: ModelId, version: number, consumer: MemberId): Result<Model> => {
  const facts = { model: id, version };
  const model = view.model(id, version);
  if (model === undefined) return refuse('MODEL_UNKNOWN', facts);
  if (model.retired) return refuse('MODEL_RETIRED', facts);
  if (view.block.time < model.notBefore || view.block.time >= model.notAfter)
    return refuse('MODEL_OUT_OF_TIME', { ...facts, notBefore: model.notBefore, notAfter: model.notAfter });
  if (!isApproved(view, model)) return refuse('MODEL_NOT_APPROVED', facts);
  const least = Math.max(model.minContributors, view.parameter('min-contributors'));
  if (model.parts.length < least) return refuse('MODEL_TOO_FEW_CONTRIBUTORS', { ...facts, least, parts: model.parts.length });
  const reports = model.reports.filter(({ auditor }) => auditor !== model.owner && auditor !== consumer);
  if (reports.length === 0) return refuse('MODEL_REPORT_MISSING', facts);
  const [worst, most] = [Math.max(...reports.map(leakPpm)), view.parameter('max-leak-ppm')];
  return worst > most ? refuse('MODEL_LEAKS', { ...facts, ppm: worst, most }) : ok(model);
};
