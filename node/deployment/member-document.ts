import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readJsonFile } from '../json-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { keyPurposes, memberRoles, sectors } from '../vocabulary.ts';

const closed = { additionalProperties: false } as const;

/** What a member gives the founders: its account on chain and its public keys (member.json, made by its gateway). Nothing in it is secret. */
const memberDocumentSchema = Type.Object(
  {
    version: Type.Literal(1),
    id: Type.String({ pattern: '^[a-z0-9.-]{1,31}$' }),
    name: Type.String({ minLength: 1, maxLength: 128 }),
    nameZh: Type.String({ minLength: 1, maxLength: 128 }),
    sector: Type.Enum([...sectors]),
    roles: Type.Array(Type.Enum([...memberRoles]), { minItems: 1, uniqueItems: true }),
    account: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }),
    endpoint: Type.String({ pattern: '^https://', maxLength: 512 }),
    keys: Type.Array(
      Type.Object(
        {
          purpose: Type.Enum([...keyPurposes]),
          suite: Type.String({ pattern: '^[A-Za-z0-9.-]{1,31}$' }),
          data: Type.String({ pattern: '^0x([0-9a-fA-F]{2}){1,1024}$' }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 16 },
    ),
  },
  closed,
);

export type MemberDocument = Static<typeof memberDocumentSchema>;

/** Errors: NODE_MEMBER_DOCUMENT_INVALID, naming the file and the first place at fault; NODE_MEMBER_DOCUMENT_MISSING. */
export function readMemberDocument(file: string): MemberDocument {
  let found: unknown;
  try {
    found = readJsonFile(file);
  } catch (error) {
    throw new NodeError('NODE_MEMBER_DOCUMENT_INVALID', { file, at: '/' }, { cause: error });
  }
  if (found === undefined) throw new NodeError('NODE_MEMBER_DOCUMENT_MISSING', { file });
  const [fault] = Value.Errors(memberDocumentSchema, found);
  if (fault !== undefined)
    throw new NodeError('NODE_MEMBER_DOCUMENT_INVALID', { file, at: fault.instancePath || '/', fault: fault.message });
  return found as MemberDocument;
}

/** One document for each member of the manifest, in its order. Errors: NODE_MEMBER_DOCUMENT_MISSING, NODE_MEMBER_DOCUMENT_MISMATCH. */
export function matchMemberDocuments(manifest: Manifest, documents: readonly MemberDocument[]): MemberDocument[] {
  const stranger = documents.find(({ id }) => !manifest.members.some((member) => member.id === id));
  if (stranger !== undefined) throw new NodeError('NODE_MEMBER_DOCUMENT_MISMATCH', { member: stranger.id, field: 'id' });
  return manifest.members.map((member) => {
    const [document, second] = documents.filter(({ id }) => id === member.id);
    if (document === undefined) throw new NodeError('NODE_MEMBER_DOCUMENT_MISSING', { member: member.id });
    const differing = second === undefined ? differingField(member, document) : 'id';
    if (differing !== undefined) throw new NodeError('NODE_MEMBER_DOCUMENT_MISMATCH', { member: member.id, field: differing });
    return document;
  });
}

function differingField(member: Manifest['members'][number], document: MemberDocument): string | undefined {
  const endpoint = `https://${member.host}:${member.ports.peer}`;
  const sorted = (roles: readonly string[]) => [...roles].sort().join();
  if (document.sector !== member.sector) return 'sector';
  if (sorted(document.roles) !== sorted(member.roles)) return 'roles';
  if (document.endpoint !== endpoint) return 'endpoint';
  if (document.name !== member.name) return 'name';
  return document.nameZh === member.nameZh ? undefined : 'nameZh';
}
