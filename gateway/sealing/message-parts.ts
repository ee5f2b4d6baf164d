import Type from 'typebox';
import type {
  Address,
  ConsentId,
  CredentialId,
  DatasetId,
  GrantId,
  Hex,
  MemberId,
  ModelId,
  SubjectCommitment,
  UsageId,
} from '../domain/ids.ts';
import { type SubjectType, subjectTypes } from '../domain/subject.ts';
import { type Operation, operations } from '../domain/vocabulary.ts';

/** What messages are made of: each part gives its form and its nominal type at once. Patterns are those of domain/ids.ts. */
const branded = <T extends string>(pattern: string) => Type.Unsafe<T>(Type.String({ pattern }));

export const memberId = branded<MemberId>('^[a-z0-9.-]{1,31}$');
export const datasetId = branded<DatasetId>('^[a-z0-9.-]{1,31}$');
export const modelId = branded<ModelId>('^[a-z0-9.-]{1,31}$');
export const bytes32 = branded<Hex>('^0x[0-9a-f]{64}$');
export const grantId = branded<GrantId>('^0x[0-9a-f]{64}$');
export const consentId = branded<ConsentId>('^0x[0-9a-f]{64}$');
export const credentialId = branded<CredentialId>('^0x[0-9a-f]{64}$');
export const subjectCommitment = branded<SubjectCommitment>('^0x[0-9a-f]{64}$');
export const address = branded<Address>('^0x[0-9a-fA-F]{40}$');
export const usageId = branded<UsageId>('^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$');
/** A signature or none (`0x`): up to 4 KiB, since a contract account decides what its signatures look like (EIP-1271). */
export const signature = branded<Hex>('^0x(?:[0-9a-f]{2}){0,4096}$');
export const bigUint = Type.String({ pattern: '^(0|[1-9][0-9]{0,77})$' });
export const outcome = Type.String({ pattern: '^(ok|[A-Z][A-Z0-9_]{0,63})$' });
export const code = Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' });
export const compact = Type.String({ minLength: 1, maxLength: 4_000_000 });
export const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const staffName = Type.String({ minLength: 1, maxLength: 100 });
/** One of a list of words. */
export const oneOf = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]));
export const operation = oneOf<Operation>(operations);

// The bits of the last character that stand for no byte are zero (RFC 4648 §3.5): one text for the same bytes.
const lastCharacter = ['[A-Za-z0-9_-]', '[AQgw]', '[AEIMQUYcgkosw048]'] as const;
/** base64url of exactly so many bytes. */
export const bytes = (length: number) =>
  Type.String({ pattern: `^[A-Za-z0-9_-]{${Math.ceil((length * 4) / 3) - 1}}${lastCharacter[length % 3]}$` });

const subjectTypeNames = Object.keys(subjectTypes) as SubjectType[];
export const subject = Type.Object(
  { type: oneOf(subjectTypeNames), code: Type.String({ minLength: 1, maxLength: 31 }) },
  { additionalProperties: false },
);

export const block = Type.Object({ number: count, hash: bytes32 }, { additionalProperties: false });
export const leaf = Type.Object({ log: count, index: count, leafHash: bytes32 }, { additionalProperties: false });
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(part: T) => Type.Union([part, Type.Null()]);
