import { expect } from 'chai';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { type ManifestFaultCode, manifestFaults } from '../../../node/manifest/fault.ts';
import { parseManifest } from '../../../node/manifest/parse-manifest.ts';
import { validatorWarnings } from '../../../node/manifest/validator-faults.ts';

type Change = (manifest: Record<string, unknown> & ReturnType<typeof demoManifest>) => void;

function faultsAfter(change: Change, engine: 'embedded' | 'kaia' = 'embedded'): string[] {
  const manifest = structuredClone(demoManifest(undefined, engine)) as Parameters<Change>[0];
  change(manifest);
  const parsed = parseManifest(manifest);
  return parsed.ok ? [] : parsed.faults.map(({ code, path }) => `${code} ${path}`);
}

const put = (target: object, key: string, value: unknown) => Object.assign(target, { [key]: value });

/** Each fault by the change that brings it about, with the place it must name. */
const provoked: readonly (readonly [ManifestFaultCode, string, Change])[] = [
  ['MANIFEST_MISSING', '/chainId', (manifest) => Reflect.deleteProperty(manifest, 'chainId')],
  ['MANIFEST_MISSING', '/members/2/ports/peer', (manifest) => Reflect.deleteProperty(manifest.members[2]?.ports ?? {}, 'peer')],
  ['MANIFEST_UNKNOWN_FIELD', '/members/1/colour', (manifest) => put(manifest.members[1] ?? {}, 'colour', 'red')],
  ['MANIFEST_UNKNOWN_FIELD', '/parameters/a~1b', (manifest) => put(manifest.parameters, 'a/b', 1)],
  ['MANIFEST_TYPE', '/members/0/ports/client', (manifest) => put(manifest.members[0]?.ports ?? {}, 'client', '18810')],
  ['MANIFEST_TYPE', '/members', (manifest) => put(manifest, 'members', {})],
  ['MANIFEST_RANGE', '/members/3/ports/peer', (manifest) => put(manifest.members[3]?.ports ?? {}, 'peer', 70_000)],
  ['MANIFEST_RANGE', '/council/quorum', (manifest) => put(manifest.council, 'quorum', 1)],
  ['MANIFEST_RANGE', '/members/0/name', (manifest) => put(manifest.members[0] ?? {}, 'name', '')],
  ['MANIFEST_RANGE', '/members', (manifest) => put(manifest, 'members', [])],
  ['MANIFEST_VERSION', '/version', (manifest) => put(manifest, 'version', 2)],
  ['MANIFEST_CODE', '/members/0/id', (manifest) => put(manifest.members[0] ?? {}, 'id', 'Gov_Credit')],
  ['MANIFEST_CODE', '/members/0/id', (manifest) => put(manifest.members[0] ?? {}, 'id', 'a'.repeat(32))],
  ['MANIFEST_CODE', '/network', (manifest) => put(manifest, 'network', '信枢')],
  ['MANIFEST_HOST', '/members/0/host', (manifest) => put(manifest.members[0] ?? {}, 'host', 'a b')],
  ['MANIFEST_SECTOR', '/members/0/sector', (manifest) => put(manifest.members[0] ?? {}, 'sector', 'mining')],
  ['MANIFEST_ROLE', '/members/0/roles/1', (manifest) => put(manifest.members[0] ?? {}, 'roles', ['provider', 'king'])],
  ['MANIFEST_DOUBLE_ROLE', '/members/0/roles', (manifest) => put(manifest.members[0] ?? {}, 'roles', ['council', 'council'])],
  ['MANIFEST_ENGINE', '/engine/kind', (manifest) => put(manifest.engine, 'kind', 'anvil')],
  ['MANIFEST_DOUBLE_ID', '/members/2/id', (manifest) => put(manifest.members[2] ?? {}, 'id', 'gov-credit')],
  ['MANIFEST_DOUBLE_PORT', '/members/2/ports/peer', (manifest) => put(manifest.members[2]?.ports ?? {}, 'peer', 18_830)],
  ['MANIFEST_DOUBLE_PORT', '/members/0/ports/client', (manifest) => put(manifest.members[0]?.ports ?? {}, 'client', 18_800)],
  ['MANIFEST_QUORUM_TOO_HIGH', '/council/quorum', (manifest) => put(manifest.council, 'quorum', 6)],
  ['MANIFEST_QUORUM_TOO_HIGH', '/emergency/few', (manifest) => put(manifest.emergency, 'few', 6)],
  ['MANIFEST_MISSING', '/parameters/max-witness-lag', (manifest) => Reflect.deleteProperty(manifest.parameters, 'max-witness-lag')],
  ['MANIFEST_RANGE', '/parameters/max-witness-lag', (manifest) => put(manifest.parameters, 'max-witness-lag', 0)],
  ['MANIFEST_RANGE', '/parameters/witness-quorum', (manifest) => put(manifest.parameters, 'witness-quorum', 15)],
  ['MANIFEST_WITNESSES_TOO_FEW', '/parameters/witness-quorum', (manifest) => put(manifest.parameters, 'witness-quorum', 6)],
  // Government has two seats.
  ['MANIFEST_QUORUM_ONE_SECTOR', '/council/quorum', (manifest) => put(manifest.council, 'quorum', 2)],
];

/** The same on the manifest of a network of validators: those of the demo are gov-credit, bank-changan, grid-qinchuan and chain-hub. */
const provokedByValidators: readonly (readonly [ManifestFaultCode, string, (validators: unknown[], engine: object) => void])[] = [
  ['MANIFEST_MISSING', '/engine/validators', (_, engine) => Reflect.deleteProperty(engine, 'validators')],
  [
    'MANIFEST_MISSING',
    '/engine/validators/1/ports/rpc',
    (validators) => put(validators, '1', { member: 'bank-changan', ports: { peer: 1 } }),
  ],
  ['MANIFEST_ENGINE_FIELD', '/engine/port', (_, engine) => put(engine, 'port', 18_800)],
  ['MANIFEST_ENGINE_FIELD', '/engine/validators', (_, engine) => put(engine, 'kind', 'embedded') && put(engine, 'port', 18_800)],
  ['MANIFEST_RANGE', '/engine/validators', (_, engine) => put(engine, 'validators', [])],
  ['MANIFEST_VALIDATOR_STRANGER', '/engine/validators/3/member', (validators) => put(validators[3] ?? {}, 'member', 'nobody')],
  ['MANIFEST_DOUBLE_VALIDATOR', '/engine/validators/3/member', (validators) => put(validators[3] ?? {}, 'member', 'grid-qinchuan')],
  [
    'MANIFEST_DOUBLE_PORT',
    '/engine/validators/2/ports/peer',
    (validators) => put(validators[2] ?? {}, 'ports', { rpc: 18_802, peer: 18_801 }),
  ],
  // Finance then has two of four, and the chain needs three.
  ['MANIFEST_VALIDATORS_ONE_SECTOR', '/engine/validators', (validators) => put(validators[2] ?? {}, 'member', 'fin-weihe')],
];

describe('manifest', () => {
  it('takes the demo consortium, at any port base, on one process or on validators', () => {
    for (const manifest of [demoManifest(), demoManifest(30_000), demoManifest(30_000, 'kaia')]) {
      const parsed = parseManifest(manifest);
      expect(parsed.ok, JSON.stringify(parsed)).to.equal(true);
    }
    expect(demoManifest(20_000).members.map(({ ports }) => [ports.client, ports.peer])[5]).to.deep.equal([20_015, 20_035]);
  });

  for (const [code, path, change] of provoked) {
    it(`${code} at ${path}`, () => expect(faultsAfter(change)).to.deep.equal([`${code} ${path}`]));
  }

  for (const [code, path, change] of provokedByValidators) {
    it(`${code} at ${path}`, () => {
      const faults = faultsAfter(({ engine }) => change('validators' in engine ? (engine.validators as unknown[]) : [], engine), 'kaia');
      expect(faults).to.include(`${code} ${path}`);
    });
  }

  it('lets no sector hold a third of the validators, and says with how many it would', () => {
    const withValidators = (members: readonly string[]) => {
      const validators = members.map((member, index) => ({ member, ports: { rpc: 20_000 + index, peer: 20_100 + index } }));
      return parseManifest({ ...demoManifest(), engine: { kind: 'kaia', validators } });
    };
    const detailOf = (members: readonly string[]) => {
      const parsed = withValidators(members);
      return parsed.ok ? undefined : parsed.faults.map(({ detail }) => detail);
    };
    const four = ['gov-credit', 'bank-changan', 'grid-qinchuan', 'chain-hub'];
    expect(detailOf(four)).to.equal(undefined);
    expect(detailOf([...four, 'fin-weihe'])).to.deep.equal(['finance has 2 of 5']);
    expect(detailOf([...four, 'fin-weihe', 'audit-office'])).to.deep.equal(['government has 2 of 6', 'finance has 2 of 6']);
  });

  it('MANIFEST_NO_FAULT_TOLERATED: warns below four validators and takes them', () => {
    const four = demoManifest(undefined, 'kaia');
    if (four.engine.kind === 'embedded') return expect.fail('of another kind');
    const three = { ...four, engine: { ...four.engine, validators: four.engine.validators.slice(1) } };
    expect(parseManifest(three).ok).to.equal(true);
    expect(validatorWarnings(three)).to.deep.equal([
      { code: 'MANIFEST_NO_FAULT_TOLERATED', path: '/engine/validators', detail: 'there are 3' },
    ]);
    expect([...validatorWarnings(four), ...validatorWarnings(demoManifest())]).to.deep.equal([]);
  });

  it('MANIFEST_COUNCIL_ONE_SECTOR: seats of one sector only', () => {
    const faults = faultsAfter((manifest) => {
      for (const member of manifest.members) {
        if (member.sector !== 'government') put(member, 'roles', ['provider']);
      }
      put(manifest.council, 'quorum', 2);
    });
    expect(faults).to.deep.equal(['MANIFEST_COUNCIL_ONE_SECTOR /members', 'MANIFEST_QUORUM_ONE_SECTOR /council/quorum']);
  });

  it('says which sector could rule, with the numbers', () => {
    const manifest = { ...demoManifest(), council: { ...demoManifest().council, quorum: 2 } };
    const parsed = parseManifest(manifest);
    expect(parsed.ok ? [] : parsed.faults.map(({ detail }) => detail)).to.deep.equal(['government has 2 seats, the quorum is 2']);
  });

  it('reports all faults at once', () => {
    const form = faultsAfter((manifest) => {
      put(manifest.members[0] ?? {}, 'sector', 'mining');
      put(manifest.members[1] ?? {}, 'id', 'B');
      put(manifest.engine, 'port', 0);
      Reflect.deleteProperty(manifest, 'emergency');
    });
    expect(form).to.deep.equal([
      'MANIFEST_MISSING /emergency',
      'MANIFEST_RANGE /engine/port',
      'MANIFEST_SECTOR /members/0/sector',
      'MANIFEST_CODE /members/1/id',
    ]);
    const rules = faultsAfter((manifest) => {
      put(manifest.members[1] ?? {}, 'id', 'gov-credit');
      put(manifest.members[4]?.ports ?? {}, 'client', 18_810);
      put(manifest.council, 'quorum', 9);
    });
    expect(rules).to.deep.equal([
      'MANIFEST_DOUBLE_ID /members/1/id',
      'MANIFEST_DOUBLE_PORT /members/4/ports/client',
      'MANIFEST_QUORUM_TOO_HIGH /council/quorum',
    ]);
  });

  it('refuses what is no object at all', () => {
    for (const given of [null, 1, 'x', [], undefined]) expect(parseManifest(given).ok).to.equal(false);
  });

  it('has every fault of the table provoked here', () => {
    const seen = new Set<string>([...provoked, ...provokedByValidators].map(([code]) => code));
    seen.add('MANIFEST_COUNCIL_ONE_SECTOR');
    expect(Object.keys(manifestFaults).filter((code) => !seen.has(code))).to.deep.equal([]);
  });
});
