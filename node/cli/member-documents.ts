import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type MemberDocument, readMemberDocument } from '../deployment/member-document.ts';

/** The documents at a path: a member.json file, a folder that holds one, or a folder of `*.json`. Errors: NODE_MEMBER_DOCUMENT_*. */
export function documentsAt(path: string): MemberDocument[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [readMemberDocument(path)];
  const own = join(path, 'member.json');
  if (existsSync(own)) return [readMemberDocument(own)];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readMemberDocument(join(path, name)));
}
