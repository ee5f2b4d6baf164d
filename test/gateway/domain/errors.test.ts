import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { catalogue, type ErrorKind, XinshuError } from '../../../gateway/domain/errors.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const entries = Object.entries(catalogue);
const source = readdirSync(`${root}gateway`, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts') && file !== 'domain/errors.ts')
  .map((file) => readFileSync(`${root}gateway/${file}`, 'utf8'))
  .join('\n');

/** HTTP statuses a kind may have: who must change something is told by the first digit. */
const statuses: Readonly<Record<ErrorKind, (status: number) => boolean>> = {
  refusal: (status) => status >= 400 && status < 500,
  invalid: (status) => status >= 400 && status < 500,
  retry: (status) => [429, 502, 503, 504].includes(status),
  fault: (status) => status >= 500 && status < 600,
};

describe('domain/errors: the catalogue', () => {
  it('has a stable code, a message in both languages and a status for each', () => {
    for (const [code, { en, zh, status, kind }] of entries) {
      expect(code).to.match(/^[A-Z][A-Z0-9_]{2,63}$/);
      expect(en, code).to.match(/^[A-Z“'"].*[.]$/);
      expect(zh, code).to.match(/^[^a-z]?.*。$/u);
      expect(zh, code).to.match(/\p{Script=Han}/u);
      expect(statuses[kind](status), `${code}: ${kind} ${status}`).to.equal(true);
    }
  });

  it('says something of its own for each', () => {
    for (const language of ['en', 'zh'] as const) {
      const texts = entries.map(([, entry]) => entry[language]);
      expect(texts.filter((text, place) => texts.indexOf(text) !== place)).to.deep.equal([]);
    }
  });

  it('holds no code that nothing in gateway/ uses', () => {
    const unused = entries.map(([code]) => code).filter((code) => !new RegExp(`['"\`]${code}['"\`]`).test(source));
    expect(unused).to.deep.equal([]);
  });

  it('is documented, and the page is up to date', () => {
    const page = readFileSync(`${root}docs/reference/errors.md`, 'utf8');
    expect(entries.map(([code]) => code).filter((code) => !page.includes(`| \`${code}\` |`))).to.deep.equal([]);
    expect(() => execFileSync(process.execPath, [`${root}scripts/generate/errors.ts`, '--check'])).not.to.throw();
  });

  it('gives thrown errors the code, its meaning and the facts, and keeps the cause', () => {
    const cause = new Error('below');
    const error = new XinshuError('LEDGER_STALE', { age: 7 }, { cause });
    expect(error).to.include({ name: 'XinshuError', code: 'LEDGER_STALE', cause });
    expect(error.message).to.equal(`LEDGER_STALE: ${catalogue.LEDGER_STALE.en} (age=7)`);
    expect(new XinshuError('LEDGER_STALE').message).to.equal(`LEDGER_STALE: ${catalogue.LEDGER_STALE.en}`);
  });
});
