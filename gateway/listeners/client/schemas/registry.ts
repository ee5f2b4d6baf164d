import { Type } from 'typebox';
import { memberStatuses, shareClasses } from '../../../domain/vocabulary.ts';
import {
  AccountAddress,
  BlockNumber,
  Bytes32,
  Count,
  DatasetCode,
  Fen,
  GrantCode,
  List,
  MemberCode,
  OperationWord,
  RequestCode,
  RoleWord,
  Seconds,
  SectorWord,
  Word,
} from './common.ts';

/** Shapes in which the listener shows what the mirror holds. */
export const Member = Type.Object({
  id: MemberCode,
  name: Type.String(),
  sector: SectorWord,
  roles: List(RoleWord),
  status: Type.Enum([...memberStatuses]),
  account: AccountAddress,
  formerAccounts: List(AccountAddress),
  endpoint: Type.String(),
  keys: List(
    Type.Object({
      index: Count,
      purpose: Type.Enum(['sign', 'seal', 'note', 'tls']),
      suite: Type.String(),
      data: Type.String(),
      fromBlock: BlockNumber,
      untilBlock: Type.Integer({ minimum: 0, description: 'First block at which the key no longer holds; 0 is open' }),
    }),
  ),
  forks: Type.Integer({ minimum: 0, description: 'Contradictions between its own checkpoints that are recorded on chain' }),
});

const Grade = Type.Integer({ minimum: 1, maximum: 5 });
export const Dataset = Type.Object({
  id: DatasetCode,
  owner: MemberCode,
  title: Type.String(),
  kind: Type.String(),
  shareClass: Type.Enum([...shareClasses]),
  operations: List(OperationWord),
  schemaHash: Bytes32,
  termsHash: Bytes32,
  priceFen: Fen,
  grade: Grade,
  fields: List(Type.Object({ name: Word, grade: Grade })),
  version: Type.Integer({ minimum: 0, description: 'Newest published version; 0 is none' }),
  retired: Type.Boolean(),
  registrationCode: Bytes32,
});

const scope = {
  fields: List(Word, { minItems: 1, maxItems: 64 }),
  purposes: List(Word, { minItems: 1, maxItems: 16 }),
  operations: List(OperationWord, { minItems: 1, maxItems: 4 }),
  notBefore: Seconds,
  notAfter: Type.Integer({ minimum: 0, maximum: 2 ** 40, description: 'First second no longer valid' }),
  quota: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1, description: 'Most uses; 0 is unlimited' }),
};
export const Scope = Type.Object(scope, { additionalProperties: false });
export const PartialScope = Type.Partial(Scope, { additionalProperties: false });

export const AccessRequest = Type.Object({
  id: RequestCode,
  dataset: DatasetCode,
  consumer: MemberCode,
  scope: Type.Object(scope),
  state: Type.Enum(['open', 'granted', 'declined', 'cancelled']),
});
export const Grant = Type.Object({
  id: GrantCode,
  request: RequestCode,
  dataset: DatasetCode,
  provider: MemberCode,
  consumer: MemberCode,
  scope: Type.Object(scope),
  priceFen: Fen,
  termsHash: Bytes32,
  version: Type.Integer({ minimum: 1 }),
  state: Type.Enum(['live', 'revoked']),
  byPolicy: Type.Boolean(),
});
