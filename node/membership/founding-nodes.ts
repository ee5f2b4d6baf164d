import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readJsonFile } from '../json-file.ts';
import { parseEnode } from './enode.ts';
import type { FoundingNodes } from './wanted-allowlist.ts';

const schema = Type.Record(Type.String({ pattern: '^[a-z0-9.-]{1,31}$' }), Type.String());

/** nodes.json as `init` wrote it; empty if there is none. Errors: NODE_DATA_HALF_MADE if it names something that is no node. */
export function readFoundingNodes(file: string): FoundingNodes {
  let found: unknown;
  try {
    found = readJsonFile(file);
  } catch (error) {
    throw new NodeError('NODE_DATA_HALF_MADE', { file }, { cause: error });
  }
  if (found === undefined) return {};
  if (!Value.Check(schema, found) || Object.values(found).some((node) => parseEnode(node) === undefined))
    throw new NodeError('NODE_DATA_HALF_MADE', { file });
  return found;
}
