import { type TArrayOptions, type TSchema, Type } from 'typebox';
import type {
  Address,
  ConsentId,
  CredentialId,
  DatasetId,
  GrantId,
  Hex,
  MemberId,
  ModelId,
  RequestId,
  SubjectCommitment,
  UsageId,
} from '../../../domain/ids.ts';
import { operations, roles, sectors } from '../../../domain/vocabulary.ts';

const text = <T extends string>(pattern: string, description: string, example: string) =>
  Type.Unsafe<T>({ type: 'string', pattern, description, examples: [example] });
const bytes32 = '^0x[0-9a-f]{64}$';
const zeros = `0x${'0'.repeat(64)}`;

export const MemberCode = text<MemberId>('^[a-z0-9.-]{1,31}$', 'Id of a member', 'bank-changan');
export const DatasetCode = text<DatasetId>('^[a-z0-9.-]{1,31}$', 'Id of a dataset', 'gov-credit.penalty');
export const ModelCode = text<ModelId>('^[a-z0-9.-]{1,31}$', 'Id of a scoring model', 'sme-supplier');
export const GrantCode = text<GrantId>(bytes32, 'Id of a grant', zeros);
export const RequestCode = text<RequestId>(bytes32, 'Id of an access request', zeros);
export const ConsentCode = text<ConsentId>(bytes32, 'Id of a consent: its EIP-712 digest', zeros);
export const CredentialCode = text<CredentialId>(bytes32, 'Id of a credential', zeros);
export const UsageCode = text<UsageId>(
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  'Id of a usage: a UUID chosen by the consumer',
  '5f0c8f0e-1c2b-4d3e-8f90-0123456789ab',
);
export const Bytes32 = text<Hex>(bytes32, '32 bytes', zeros);
export const SubjectCommitmentCode = text<SubjectCommitment>(bytes32, 'Salted Poseidon commitment to the subject', zeros);
export const AccountAddress = text<Address>('^0x[0-9a-fA-F]{40}$', 'Address of an account or key', `0x${'0'.repeat(40)}`);
export const Signature = text<Hex>('^0x(?:[0-9a-fA-F]{2}){1,4096}$', 'EIP-712 signature', `0x${'00'.repeat(65)}`);
/** Lists are read-only on both sides: what the mirror holds is shown as it is. */
export const List = <T extends TSchema>(item: T, options: TArrayOptions = {}) => Type.Immutable(Type.Array(item, options));
/** Fields and purposes. */
export const Word = Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' });
export const Reason = Type.String({
  pattern: '^[A-Za-z0-9.-]{1,31}$',
  description: 'A code; it stands on chain, so never a name or a sentence',
});
export const Fen = Type.String({ pattern: '^(?:0|[1-9][0-9]{0,30})$', description: 'Money in fen (分), decimal' });
export const Seconds = Type.Integer({ minimum: 0, maximum: 2 ** 40, description: 'Seconds since the epoch' });
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const BlockNumber = Type.Integer({ minimum: 0, description: 'Number of a final block' });
export const OperationWord = Type.Enum([...operations]);
export const RoleWord = Type.Enum([...roles]);
export const SectorWord = Type.Enum([...sectors]);

export const Subject = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 40, examples: ['enterprise'] }),
    code: Type.String({ minLength: 1, maxLength: 64, description: 'Unified social credit code or identity number' }),
  },
  { additionalProperties: false },
);

export const DatasetScope = Type.Object(
  { dataset: DatasetCode, fields: List(Word, { minItems: 1, maxItems: 64 }) },
  { additionalProperties: false },
);

export const Committed = Type.Object({ block: BlockNumber });
