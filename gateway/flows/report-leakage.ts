import { canonicalJson, type JsonValue } from '../domain/canonical.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Hex, ModelId } from '../domain/ids.ts';
import { checkMember } from '../domain/membership.ts';
import type { Model } from '../domain/registry-state.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { ScorecardPart } from '../domain/scorecard-part.ts';
import { reportLeakage as reportCall } from '../ports/ledger-calls.ts';
import { hashPartDocument } from '../scoring/check-part.ts';
import { isMeasurable, leakageOf } from '../scoring/leakage.ts';
import { decideFresh } from './decide-fresh.ts';
import { heldDocument, heldPart, registeredModel } from './held-models.ts';
import type { Modules } from './modules.ts';

/** What an auditor found, whoever looks: only counts of totals, nothing of a part. Its SHA-256, in RFC 8785 form, stands on chain. */
export type LeakageStatement = {
  readonly v: 1;
  readonly model: ModelId;
  readonly version: number;
  readonly documentHash: Hex;
  /** In the order of the model's parts; `pinned` as in `Leakage.byPart`. */
  readonly parts: readonly { readonly dataset: string; readonly partHash: Hex; readonly pinned: number }[];
  readonly attainable: number;
  readonly pinned: number;
};
export type LeakageMeasured = { readonly report: LeakageStatement; readonly reportHash: Hex };
export type LeakageReported = LeakageMeasured & { readonly block: number };

const compiledParts = async (modules: Pick<Modules, 'documents'>, model: Model): Promise<Result<readonly ScorecardPart[]>> => {
  const document = await heldDocument(modules, model);
  const parts: ScorecardPart[] = [];
  for (const [place, { dataset }] of model.parts.entries()) {
    const part = await heldPart(modules, model, dataset);
    if (document === undefined || part === undefined)
      return refuse('MODEL_UNDELIVERED', { model: model.id, version: model.version, dataset });
    const hashed = hashPartDocument(document.parts[place]!.features, part);
    if (!hashed.ok) return hashed;
    parts.push(hashed.value.part);
  }
  return ok(parts);
};

/** For how many totals the model pins some provider's points down, from all its parts. Refuses with MODEL_UNKNOWN, MODEL_TOO_WIDE, and MODEL_UNDELIVERED where one is not held. */
export const measureLeakage = async (
  modules: Pick<Modules, 'ledger' | 'documents'>,
  id: ModelId,
  version: number,
): Promise<Result<LeakageMeasured>> => {
  const model = registeredModel(modules.ledger.head(), id, version);
  if (!model.ok) return model;
  const parts = await compiledParts(modules, model.value);
  if (!parts.ok) return parts;
  if (!isMeasurable(parts.value)) return refuse('MODEL_TOO_WIDE', { model: id, version });
  const { attainable, pinned, byPart } = leakageOf(parts.value);
  const report: LeakageStatement = {
    v: 1,
    model: id,
    version,
    documentHash: model.value.documentHash,
    parts: model.value.parts.map(({ dataset, partHash }, place) => ({ dataset, partHash, pinned: byPart[place]! })),
    attainable,
    pinned,
  };
  return ok({ report, reportHash: sha256Hex(canonicalJson(report as unknown as JsonValue)) });
};

/** The auditor states it on chain. Refuses with MEMBER_ROLE_MISSING, MODEL_OWN for a model of its own, MODEL_RETIRED, and as above. */
export const reportLeakage = async (modules: Modules, id: ModelId, version: number): Promise<Result<LeakageReported>> => {
  const { member, writer } = modules;
  const view = await decideFresh(modules);
  if (!view.ok) return view;
  const auditor = checkMember(view.value, member, 'auditor');
  if (!auditor.ok) return auditor;
  const model = registeredModel(view.value, id, version);
  if (!model.ok) return model;
  if (model.value.owner === member) return refuse('MODEL_OWN', { model: id });
  if (model.value.retired) return refuse('MODEL_RETIRED', { model: id, version });
  const measured = await measureLeakage(modules, id, version);
  if (!measured.ok) return measured;
  const { report, reportHash } = measured.value;
  const included = await writer.submit(reportCall(id, version, report.pinned, report.attainable, reportHash));
  return included.ok ? ok({ ...measured.value, block: included.value.block }) : included;
};
