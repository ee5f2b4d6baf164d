/** Writes docs/reference/errors.md from the catalogue of errors. `--check` writes nothing and ends with 1 if the committed file differs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { catalogue, type ErrorCode, type ErrorKind } from '../../gateway/domain/errors.ts';

const SOURCE = new URL('../../gateway/domain/errors.ts', import.meta.url);
const OUTPUT = new URL('../../docs/reference/errors.md', import.meta.url);

const kinds: Readonly<Record<ErrorKind, string>> = {
  refusal: 'final, and an outcome of a usage: logged where it answers a query',
  invalid: 'bad input, refused before anything changed',
  retry: 'overload or a lag: try the same again later',
  fault: 'a broken invariant, a failed proof or a failure outside',
};

const isCode = (word: string): word is ErrorCode => Object.hasOwn(catalogue, word);

/** The catalogue's areas, as its comments name them, with their codes in order. */
const areas = (source: string): readonly (readonly [string, readonly ErrorCode[]])[] => {
  const found: [string, ErrorCode[]][] = [];
  for (const line of source.split('\n')) {
    const area = /^ {2}\/\/ ---- (.+)$/.exec(line)?.[1];
    const code = /^ {2}([A-Z0-9_]+): entry\(/.exec(line)?.[1];
    if (area !== undefined) found.push([area, []]);
    if (code !== undefined && isCode(code)) found.at(-1)?.[1].push(code);
  }
  return found;
};

const row = (code: ErrorCode): string => {
  const { status, kind, en, zh } = catalogue[code];
  return `| \`${code}\` | ${status} | ${kind} | ${en} | ${zh} |`;
};

const text = [
  '<!-- Generated from gateway/domain/errors.ts by scripts/generate/errors.ts. Do not edit. -->',
  '',
  '# Errors of a gateway',
  '',
  'Every answer that is not a success carries one of these codes: in `code` of a problem document (RFC 9457), in `outcome` of a signed answer between gateways, and in the log entry of the usage. Codes never change their meaning.',
  '',
  ...Object.entries(kinds).map(([kind, meaning]) => `- **${kind}**: ${meaning}.`),
  '',
  ...areas(readFileSync(SOURCE, 'utf8')).flatMap(([area, codes]) => [
    `## ${area[0]!.toUpperCase()}${area.slice(1)}`,
    '',
    '| code | HTTP | kind | meaning | 含义 |',
    '|---|---|---|---|---|',
    ...codes.map(row),
    '',
  ]),
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
  console.error('docs/reference/errors.md differs from gateway/domain/errors.ts: run `node scripts/generate/errors.ts`');
  process.exitCode = 1;
}
