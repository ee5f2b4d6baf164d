import { Type } from 'typebox';
import { modelStates } from '../../../domain/model-state.ts';
import { modelOutputs } from '../../../domain/registry-state.ts';
import { BlockNumber, Bytes32, Count, DatasetCode, List, MemberCode, ModelCode, Seconds } from './common.ts';

export const VersionNumber = Type.Integer({ minimum: 1, maximum: 2 ** 32 - 1, description: 'Version of a model' });
export const modelParams = Type.Object({ id: ModelCode, version: VersionNumber });

/** A version of a model as the chain has it; `held`: whether the part is on this gateway. */
export const ModelShown = Type.Object({
  id: ModelCode,
  version: VersionNumber,
  owner: MemberCode,
  state: Type.Enum([...modelStates]),
  documentHash: Bytes32,
  output: Type.Enum([...modelOutputs]),
  reasonsToConsumer: Type.Boolean(),
  minContributors: Count,
  notBefore: Seconds,
  notAfter: Type.Integer({ minimum: 0, description: 'First second no longer valid' }),
  block: BlockNumber,
  approvedByCouncil: Type.Boolean(),
  parts: List(
    Type.Object({
      dataset: DatasetCode,
      provider: Type.Union([MemberCode, Type.Null()]),
      derivation: Bytes32,
      partHash: Bytes32,
      approved: Type.Boolean(),
      held: Type.Boolean(),
    }),
  ),
  reports: List(Type.Object({ auditor: MemberCode, pinned: Count, attainable: Count, reportHash: Bytes32, block: BlockNumber })),
});

/** What `registerModel` takes and `exportModel` gives; checked by the flow, which lists every fault with its place. */
export const ModelFile = Type.Object(
  {
    document: Type.Unsafe<unknown>({
      type: 'object',
      additionalProperties: true,
      description: 'The public document: docs/protocol/model.md',
    }),
    parts: Type.Array(
      Type.Unsafe<unknown>({ type: 'object', additionalProperties: true, description: 'Bins and points of one part, without a salt' }),
      {
        maxItems: 128,
      },
    ),
  },
  { additionalProperties: false },
);

export const Leakage = {
  report: Type.Object({
    v: Type.Literal(1),
    model: ModelCode,
    version: VersionNumber,
    documentHash: Bytes32,
    parts: List(Type.Object({ dataset: Type.String(), partHash: Bytes32, pinned: Count })),
    attainable: Count,
    pinned: Count,
  }),
  reportHash: Bytes32,
};
