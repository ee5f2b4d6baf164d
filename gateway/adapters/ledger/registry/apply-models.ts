import type { DatasetId, MemberId, ModelId } from '../../../domain/ids.ts';
import { type Model, type ModelPart, modelOutputs } from '../../../domain/registry-state.ts';
import { type Change, type EventArguments, type Latest, modelKey, type RegistryEvent } from './entity.ts';
import { booleanOf, codeOf, hexOf, known, numberOf, recordsOf, wordOf } from './read-event.ts';

export const modelPartsOf = (registration: EventArguments): readonly ModelPart[] =>
  recordsOf(registration, 'parts').map((part) => ({
    dataset: codeOf(part, 'dataset') as DatasetId,
    derivation: hexOf(part, 'derivation'),
    partHash: hexOf(part, 'partHash'),
  }));

/** What an owner registered, as the event and the contract's view both give it. */
export const registrationOf = (registration: EventArguments) => ({
  documentHash: hexOf(registration, 'documentHash'),
  output: wordOf(registration, 'output', modelOutputs),
  reasonsToConsumer: booleanOf(registration, 'reasonsToConsumer'),
  minContributors: numberOf(registration, 'minContributors'),
  notBefore: numberOf(registration, 'notBefore'),
  notAfter: numberOf(registration, 'notAfter'),
  parts: modelPartsOf(registration),
});

/** IModelRegistry's events. */
export const applyModels = (latest: Latest, { contract, name, args }: RegistryEvent, block: number): readonly Change[] => {
  // Events inherited from libraries name no entity.
  if (args.id === undefined) return [];
  const id = codeOf(args, 'id') as ModelId;
  const version = numberOf(args, 'version');
  const key = modelKey(contract.generation, id, version);
  const put = (value: Model): readonly Change[] => [{ kind: 'model', key, value }];
  const model = (): Model => known(latest.get('model', key), 'model');
  switch (name) {
    case 'ModelRegistered':
      return put({
        id,
        version,
        owner: codeOf(args, 'owner') as MemberId,
        ...registrationOf(args.registration as EventArguments),
        block,
        reports: [],
        approvedByCouncil: false,
        approvedParts: [],
        retired: false,
      });
    case 'LeakageReported': {
      const report = {
        auditor: codeOf(args, 'auditor') as MemberId,
        pinned: numberOf(args, 'pinned'),
        attainable: numberOf(args, 'attainable'),
        reportHash: hexOf(args, 'reportHash'),
        block,
      };
      return put({ ...model(), reports: [...model().reports, report] });
    }
    case 'ModelApproved':
      return put({ ...model(), approvedByCouncil: booleanOf(args, 'approved') });
    case 'PartApproved': {
      const dataset = codeOf(args, 'dataset') as DatasetId;
      const others = model().approvedParts.filter((part) => part !== dataset);
      return put({ ...model(), approvedParts: booleanOf(args, 'approved') ? [...others, dataset] : others });
    }
    case 'ModelRetired':
      return put({ ...model(), retired: true });
    default:
      return [];
  }
};
