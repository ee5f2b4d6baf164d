/**
 * Builds the node of the engine kaia into the user's cache, unless it is there: what the tests on real validators need. Where it can't be built, or not within
 * `--within SECONDS`, it says so and ends with 0, since the rest of the tests does not need it; with `--required` it ends with 1.
 */
import { parseArgs } from 'node:util';
import { buildKaiaBinaries } from '../../node/engines/kaia/binary/build-binaries.ts';

const { values } = parseArgs({ options: { within: { type: 'string' }, required: { type: 'boolean', default: false } } });
const limit = values.within === undefined ? undefined : Number(values.within);

try {
  const signal = limit === undefined ? undefined : AbortSignal.timeout(limit * 1000);
  const { kcn } = await buildKaiaBinaries({ onProgress: (text) => console.log(text), signal });
  console.log(`The Kaia node is there: ${kcn}`);
} catch (error) {
  console.log(`NOT RUN: the tests on real Kaia validators. ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = values.required ? 1 : 0;
}
