import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { catalogue } from '../../gateway/domain/errors.ts';

const root = join(import.meta.dirname, '..');
const tests = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && path !== join('gateway', 'refusals-catalogue.test.ts'))
  .map((path) => readFileSync(join(root, path), 'utf8'));

describe('every refusal of the catalogue', () => {
  it('is provoked by a test that asserts its code', () => {
    const text = tests.join('\n');
    const codes = Object.keys(catalogue);
    expect(codes).to.not.deep.equal([]);
    const quoted = (code: string): boolean => new RegExp(`['"\`](?:problem )?${code}['"\`]`).test(text);
    expect(codes.filter((code) => !quoted(code))).to.deep.equal([]);
  });
});
