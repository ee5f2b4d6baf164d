import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createToken, fileTokens, readTokenList, revokeToken } from '../../../../gateway/adapters/tokens/token-file.ts';
import { XinshuError } from '../../../../gateway/domain/errors.ts';

const counting = () => {
  let next = 0;
  return { bytes: (length: number) => new Uint8Array(length).fill(++next) };
};
const alice = { name: 'alice', roles: ['requester', 'auditor'] as const, lifetimeMs: 1000 };

describe('tokens.json', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xinshu-tokens-'));
    path = join(folder, 'tokens.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets in the staff of a token until it expires', () => {
    const { token } = createToken(path, alice, 5000, counting());
    const tokens = fileTokens(path);
    expect(tokens.authenticate(token, 5999)).to.deep.equal({ ok: true, value: { name: 'alice', roles: ['requester', 'auditor'] } });
    expect(tokens.authenticate(token, 6000)).to.deep.equal({ ok: false, refusal: { code: 'TOKEN_EXPIRED', detail: {} } });
  });

  it('keeps only the hash, in a file for the owner alone', () => {
    const { token } = createToken(path, alice, 0, counting());
    expect(readFileSync(path, 'utf8')).not.to.contain(token.slice(4));
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(['tokens.json']);
  });

  it('refuses an unknown, a malformed and a revoked token at once, without a restart', () => {
    const randomness = counting();
    const { token, entry } = createToken(path, alice, 0, randomness);
    const tokens = fileTokens(path);
    const refused = { ok: false, refusal: { code: 'TOKEN_INVALID', detail: {} } };
    expect(tokens.authenticate(`xst_${'A'.repeat(43)}`, 1)).to.deep.equal(refused);
    expect(tokens.authenticate('', 1)).to.deep.equal(refused);
    expect(tokens.authenticate(token, 1).ok).to.equal(true);
    revokeToken(path, entry.id, 7);
    expect(tokens.authenticate(token, 8)).to.deep.equal(refused);
    const second = createToken(path, { ...alice, name: 'bo' }, 9, randomness);
    expect(tokens.authenticate(second.token, 10)).to.deep.include({ ok: true });
    expect(readTokenList(path).tokens.map(({ staff, revokedAt }) => [staff, revokedAt])).to.deep.equal([
      ['alice', 7],
      ['bo', null],
    ]);
  });

  it('lets nobody in when the list is damaged or gone', () => {
    const { token } = createToken(path, alice, 0, counting());
    const tokens = fileTokens(path);
    const code = () => {
      try {
        return tokens.authenticate(token, 1);
      } catch (error) {
        return (error as XinshuError).code;
      }
    };
    writeFileSync(path, '{"version":1,"tokens":[{"id":"x"}]}');
    expect(code()).to.equal('TOKENS_UNREADABLE');
    writeFileSync(path, '{');
    expect(code()).to.equal('TOKENS_UNREADABLE');
    rmSync(path);
    expect(code()).to.equal('TOKENS_UNREADABLE');
    writeFileSync(path, '{"version":1,"tokens":[]}');
    rmSync(path);
    createToken(path, alice, 0, counting());
    expect(tokens.authenticate(token, 1).ok).to.equal(true);
  });

  it('refuses to revoke what is not there and changes nothing', () => {
    createToken(path, alice, 0, counting());
    const before = readFileSync(path, 'utf8');
    expect(() => revokeToken(path, 'nope', 1))
      .to.throw(XinshuError)
      .with.property('code', 'TOKEN_UNKNOWN');
    expect(readFileSync(path, 'utf8')).to.equal(before);
  });
});
