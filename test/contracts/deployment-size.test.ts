import { globSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

/** EIP-170, kept by every engine we deploy to. */
const LIMIT = 24_576;

describe('Contract sizes (EIP-170)', () => {
  const root = new URL('../../artifacts/', import.meta.url);
  const paths = globSync('{contracts,@openzeppelin}/**/*.json', { cwd: root });
  const sizes = paths.map((path) => {
    const { contractName, deployedBytecode } = JSON.parse(readFileSync(new URL(path, root), 'utf8')) as Record<string, string>;
    return { contractName, bytes: ((deployedBytecode ?? '0x').length - 2) / 2 };
  });

  it('are known for everything that is deployed', () => {
    const names = sizes.filter(({ bytes }) => bytes > 1000).map(({ contractName }) => contractName);
    const deployed = ['AccessManager', 'Directory', 'MemberRegistry', 'DataCatalog', 'GrantRegistry', 'ConsentRegistry'];
    expect(names).to.include.members([...deployed, 'AuditAnchor', 'Council', 'EmergencyPause', 'ModelRegistry', 'ScoreRegistry']);
  });

  it('are within the limit', () => {
    for (const { contractName, bytes } of sizes) expect(bytes, contractName).to.be.at.most(LIMIT);
  });
});
