/** Writes test/vectors/audit-log.json: leaves, names, notes, tiles and proofs made by the code itself. `--check` writes nothing and ends with 1 if the committed file differs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { leafVectors } from './examples/leaf-vectors.ts';
import { logVectors } from './examples/log-vectors.ts';

const OUTPUT = new URL('../../test/vectors/audit-log.json', import.meta.url);

const about = 'Made by scripts/generate/audit-log-vectors.ts; what the values are is said in docs/protocol/audit-log.md. Do not edit.';
const text = `${JSON.stringify({ about, ...leafVectors(), tree: await logVectors() }, null, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(OUTPUT, text);
else if (!existsSync(OUTPUT) || readFileSync(OUTPUT, 'utf8') !== text) {
  console.error('test/vectors/audit-log.json differs from the code: run `node scripts/generate/audit-log-vectors.ts`');
  process.exitCode = 1;
}
