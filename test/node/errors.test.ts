import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { NodeError, nodeErrors } from '../../node/errors.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');

describe('error table of node/', () => {
  const thrown = sources('node').replaceAll(/^ {2}NODE_\w+: entry.*$/gm, '');
  const tests = sources('test/node');

  for (const code of Object.keys(nodeErrors)) {
    it(`${code} is used and tested`, () => {
      expect(thrown).to.match(new RegExp(`'${code}'`));
      // NODE_UNEXPECTED stands for what nobody foresaw, and no test can bring it about.
      if (code !== 'NODE_UNEXPECTED') expect(tests).to.contain(code);
    });
  }

  it('says its facts in the message and keeps the cause', () => {
    const cause = new Error('why');
    const error = new NodeError('NODE_PORT_IN_USE', { port: 5 }, { cause });
    expect([error.message, error.cause]).to.deep.equal(['NODE_PORT_IN_USE: The port is in use. (port=5)', cause]);
  });
});
