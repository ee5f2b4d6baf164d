import { encodeChainCode } from '../../../domain/chain-code.ts';
import type { Model } from '../../../domain/registry-state.ts';
import { registrationOf } from '../registry/apply-models.ts';
import type { EventArguments } from '../registry/entity.ts';
import { booleanOf, codeOf, hexOf, numberOf } from '../registry/read-event.ts';
import type { TablesView } from '../registry/view.ts';
import { fieldsOf, itemsOf, named, type RegistryCheck } from './registry-check.ts';

export function* modelChecks(view: TablesView): Iterable<RegistryCheck> {
  for (const model of view.models()) {
    const common = { contract: 'model-registry', of: 'current', args: [encodeChainCode(model.id), model.version] } as const;
    const name = `model ${model.id} version ${model.version}`;
    yield { ...common, what: name, method: 'version', expected: asRegistered(model), found: (answer) => asAnswered(fieldsOf(answer)) };
    yield {
      ...common,
      what: `owner of ${name}`,
      method: 'ownerOf',
      args: [encodeChainCode(model.id)],
      expected: model.owner,
      found: (answer) => codeOf(named(answer), 'value'),
    };
    yield {
      ...common,
      what: `leakage reports on ${name}`,
      method: 'reportsOf',
      expected: model.reports,
      found: (answer) =>
        itemsOf(answer).map((report) => ({
          auditor: codeOf(report, 'auditor'),
          pinned: numberOf(report, 'pinned'),
          attainable: numberOf(report, 'attainable'),
          reportHash: hexOf(report, 'reportHash'),
          block: numberOf(report, 'blockNumber'),
        })),
    };
    for (const { dataset } of model.parts) {
      yield {
        ...common,
        what: `approval of ${dataset} in ${name}`,
        method: 'isPartApproved',
        args: [...common.args, encodeChainCode(dataset)],
        expected: model.approvedParts.includes(dataset),
        found: (answer) => booleanOf(named(answer), 'value'),
      };
    }
  }
}

const asRegistered = (model: Model) => ({
  documentHash: model.documentHash,
  output: model.output,
  reasonsToConsumer: model.reasonsToConsumer,
  minContributors: model.minContributors,
  notBefore: model.notBefore,
  notAfter: model.notAfter,
  parts: model.parts,
  block: model.block,
  approvedByCouncil: model.approvedByCouncil,
  retired: model.retired,
});

const asAnswered = (found: EventArguments) => ({
  ...registrationOf(found.registration as EventArguments),
  block: numberOf(found, 'blockNumber'),
  approvedByCouncil: booleanOf(found, 'approvedByCouncil'),
  retired: booleanOf(found, 'retired'),
});
