import type { MemberId } from './ids.ts';
import { checkMember } from './membership.ts';
import type { LeakageReport, Model } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';

const million = 1_000_000n;

/** A report says nothing against its author's interest when the author owns the model, or asks for its scores. */
const counts = (view: RegistryView, { owner }: Model, { auditor }: LeakageReport, consumer: MemberId | undefined): boolean =>
  auditor !== owner && auditor !== consumer && checkMember(view, auditor, 'auditor').ok;

/**
 * Whether the model leaks no more than the network allows (parameter `max-leak-ppm`): an active auditor that is neither the owner nor `consumer` must have said so,
 * and none of them otherwise. Refuses with MODEL_UNREPORTED or MODEL_LEAKS.
 */
export const leakageWithin = (view: RegistryView, model: Model, consumer?: MemberId): Result<void> => {
  const reports = model.reports.filter((report) => counts(view, model, report, consumer));
  if (reports.length === 0) return refuse('MODEL_UNREPORTED', { model: model.id, version: model.version });
  const most = view.parameter('max-leak-ppm');
  const above = reports.find(({ pinned, attainable }) => BigInt(pinned) * million > BigInt(most) * BigInt(attainable));
  if (above === undefined) return ok(undefined);
  const { auditor, pinned, attainable } = above;
  return refuse('MODEL_LEAKS', { model: model.id, version: model.version, auditor, pinned, attainable, mostPerMillion: most });
};
