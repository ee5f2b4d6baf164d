/** Writes test/vectors/besu.json: every file that `xinshu-node init` makes for an example consortium on Besu. `--check` writes nothing and ends with 1 if the committed file differs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { exampleBesuFiles } from './examples/besu-files.ts';

const OUTPUT = new URL('../../test/vectors/besu.json', import.meta.url);

const about =
  'Made by scripts/generate/besu-vectors.ts; what the files are is said in docs/operations/besu.md. Each file is the list of its lines. Do not edit.';
const files = Object.fromEntries(Object.entries(await exampleBesuFiles()).map(([path, text]) => [path, text.split('\n')]));
const text = `${JSON.stringify({ about, files }, undefined, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(OUTPUT, text);
else if (!existsSync(OUTPUT) || readFileSync(OUTPUT, 'utf8') !== text) {
  console.error('test/vectors/besu.json differs from the code: run `node scripts/generate/besu-vectors.ts`');
  process.exitCode = 1;
}
