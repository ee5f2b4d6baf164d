import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { checkConfig } from '../../gateway/config.ts';

const least = {
  version: 1,
  member: 'bank-changan',
  ledger: { url: 'http://127.0.0.1:8545', chainId: 619_900, directory: `0x${'ab'.repeat(20)}` },
  client: { host: '127.0.0.1', port: 18_811 },
  peer: { host: '127.0.0.1', port: 18_831 },
};

describe('gateway configuration', () => {
  it('fills in defaults on a copy', () => {
    const input = structuredClone(least);
    const { config, faults } = checkConfig(input);
    expect(faults).to.deep.equal([]);
    expect(config?.anchor.everySeconds).to.equal(10);
    expect(config?.limits.requestSeconds).to.equal(600);
    expect(config?.acceptedIssuers).to.deep.equal([]);
    expect(input).to.deep.equal(least);
  });

  it('reports every fault at once, with its path', () => {
    const { config, faults } = checkConfig({
      ...least,
      member: 'Bank!',
      ledger: { ...least.ledger, chainId: '1' },
      peer: { host: '', port: 70_000 },
      acceptedIssuers: [{ issuer: 'gov-credit', maxGrade: 6 }],
      limits: { bodyBytes: 1, unheardOf: true },
      extra: 1,
    });
    expect(config).to.equal(undefined);
    expect(faults.map(({ path }) => path).sort()).to.deep.equal([
      '/acceptedIssuers/0/maxGrade',
      '/extra',
      '/ledger/chainId',
      '/limits/bodyBytes',
      '/limits/unheardOf',
      '/member',
      '/peer/host',
      '/peer/port',
    ]);
    expect(faults.find(({ path }) => path === '/extra')?.message).to.equal('is not known');
  });

  it('says what is missing, and refuses what is no object', () => {
    const { client: _, ...without } = least;
    expect(checkConfig(without).faults).to.have.length(1);
    expect(checkConfig(without).faults[0]?.message).to.contain('client');
    for (const input of [null, [], 'text', 7]) expect(checkConfig(input).config).to.equal(undefined);
  });

  it('has a reference that is generated from it', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generate/config.ts', '--check'], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  });
});
