/** Writes docs/reference/config.md from the gateway's configuration schema. `--check` writes nothing and ends with 1 if the committed file differs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { configSchema } from '../../gateway/config.ts';

type Schema = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
};

const OUTPUT = new URL('../../docs/reference/config.md', import.meta.url);

const typeOf = (schema: Schema): string => {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(', ');
  const bounds = schema.minimum === undefined ? '' : ` ${schema.minimum} to ${schema.maximum ?? '…'}`;
  const pattern = schema.pattern === undefined ? '' : ` \`${schema.pattern.replaceAll('|', '\\|')}\``;
  return `${schema.type ?? ''}${bounds}${pattern}`;
};

const rows = (schema: Schema, path: string): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (inner.properties !== undefined) return [`| **\`${at}\`** | | | ${inner.description ?? ''} |`, ...rows(inner, at)];
    const fallback = inner.default === undefined ? 'needed' : `\`${JSON.stringify(inner.default)}\``;
    const row = `| \`${at}\` | ${typeOf(inner)} | ${fallback} | ${inner.description ?? ''} |`;
    return inner.items === undefined ? [row] : [row, ...rows(inner.items, `${at}[]`)];
  });

const text = [
  '<!-- Generated from gateway/config.ts by scripts/generate/config.ts. Do not edit. -->',
  '',
  '# Configuration of a gateway',
  '',
  '`config.json` in the data folder of the gateway. It is checked whole at start; every fault is reported with its path. Unknown names are faults.',
  '',
  '| name | type | default | meaning |',
  '|---|---|---|---|',
  ...rows(JSON.parse(JSON.stringify(configSchema)) as Schema, ''),
  '',
].join('\n');

const committed = (): string => {
  try {
    return readFileSync(OUTPUT, 'utf8');
  } catch {
    return '';
  }
};

if (!process.argv.includes('--check')) {
  mkdirSync(new URL('.', OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, text);
} else if (committed() !== text) {
  console.error('docs/reference/config.md differs from gateway/config.ts: run `node scripts/generate/config.ts`');
  process.exitCode = 1;
}
