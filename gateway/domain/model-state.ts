import type { Model } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';

/** `approved`: as the network's parameter `model-approval` asks, 0 by the council, 1 by the provider of every part. `waiting` and `ended` are approved, out of their time. */
export const modelStates = ['registered', 'reported', 'waiting', 'approved', 'ended', 'retired'] as const;
export type ModelState = (typeof modelStates)[number];

/** How far a version has come at the view's block. */
export const modelState = (view: Pick<RegistryView, 'block' | 'parameter'>, model: Model): ModelState => {
  if (model.retired) return 'retired';
  const approved =
    view.parameter('model-approval') === 0
      ? model.approvedByCouncil
      : model.parts.every(({ dataset }) => model.approvedParts.includes(dataset));
  if (!approved) return model.reports.length === 0 ? 'registered' : 'reported';
  if (view.block.time < model.notBefore) return 'waiting';
  return view.block.time < model.notAfter ? 'approved' : 'ended';
};
