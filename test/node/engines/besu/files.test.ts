import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect } from 'chai';
import { parse } from 'yaml';
import { qbftExtraData } from '../../../../node/engines/besu/genesis.ts';
import { besuNetworkFiles } from '../../../../node/engines/besu/network-files.ts';
import { exampleBesuFiles, exampleDeployer, exampleKey, exampleManifest } from '../../../../scripts/generate/examples/besu-files.ts';
import { decodeQbftExtraData, decodeRlp, parseToml, parseUnit } from './decode.ts';

const vectors = fileURLToPath(new URL('../../../vectors/besu.json', import.meta.url));
const { files: golden } = JSON.parse(readFileSync(vectors, 'utf8')) as { readonly files: Readonly<Record<string, readonly string[]>> };
const textOf = (path: string): string => {
  const lines = golden[path];
  if (lines === undefined) throw new Error(`no ${path}`);
  return lines.join('\n');
};

const manifest = exampleManifest();
const engine = manifest.engine;
if (engine.kind === 'embedded') throw new Error('the example is one of validators');
const validators = engine.validators.map(({ member, ports }) => {
  const key = Buffer.from(exampleKey(member), 'hex');
  // Node address: the last 20 bytes of the hash of the public key (Besu, "Node keys").
  const publicKey = secp256k1.getPublicKey(key, false).slice(1);
  const host = manifest.members.find(({ id }) => id === member)?.host ?? '';
  return {
    member,
    ports,
    host,
    enode: `enode://${Buffer.from(publicKey).toString('hex')}@${host}:${ports.peer}`,
    address: `0x${Buffer.from(keccak_256(publicKey).slice(12)).toString('hex')}`,
  };
});
const settings = (member: string, name: string) => textOf(`hosts/${member}/settings/${name}`);
const nodeFile = (member: string, name: string) => textOf(`hosts/${member}/node/${name}`);

describe('Besu: files of init', () => {
  it('are the same bytes each time, and those of the vectors', async () => {
    const made = await exampleBesuFiles();
    expect(Object.keys(made)).to.deep.equal(Object.keys(golden).sort());
    for (const [path, text] of Object.entries(made)) expect(text, path).to.equal(textOf(path));
  });

  it('genesis: a QBFT network with free gas that begins with the validators of the manifest', () => {
    const genesis = JSON.parse(textOf('genesis.json')) as Record<string, unknown>;
    expect(genesis.config).to.deep.equal({
      chainId: manifest.chainId,
      londonBlock: 0,
      zeroBaseFee: true,
      qbft: { blockperiodseconds: 1, epochlength: 30_000, requesttimeoutseconds: 4 },
    });
    // The values that "Configure QBFT consensus" fixes.
    expect(genesis.difficulty).to.equal('0x1');
    expect(Buffer.from(String(genesis.mixHash).slice(2), 'hex').toString('latin1')).to.equal('ctical byzantine fault tolerance');
    expect(genesis.alloc).to.deep.equal({});
    expect(Number(genesis.gasLimit)).to.equal(100_000_000);
    const { vanity, validators: found, vote, round, seals } = decodeQbftExtraData(String(genesis.extraData));
    expect(found).to.deep.equal(validators.map(({ address }) => address).sort());
    expect([vanity, vote, round, seals]).to.deep.equal(['00'.repeat(32), [], new Uint8Array(), []]);
  });

  it("extraData: the bytes of Besu's own example, but for the order of its addresses", () => {
    // "Configure QBFT consensus", Generate extra data: its input and its output.
    const input = [
      '0x4592c8e45706cc08b8f44b11e43cba0cfc5892cb',
      '0x06e23768a0f59cf365e18c2e0c89e151bcdedc70',
      '0xc5327f96ee02d7bcbc1bf1236b8c15148971e1de',
      '0xab5e7f4061c605820d3744227eed91ff8e2c8908',
    ];
    const example =
      '0xf87aa00000000000000000000000000000000000000000000000000000000000000000f854944592c8e45706cc08b8f44b11e43cba0cfc5892cb9406e23768a0f59cf365e18c2e0c89e151bcdedc7094c5327f96ee02d7bcbc1bf1236b8c15148971e1de94ab5e7f4061c605820d3744227eed91ff8e2c8908c080c0';
    expect(decodeQbftExtraData(example).validators).to.deep.equal(input);
    const listOf = (addresses: readonly string[]) => addresses.map((address) => `94${address.slice(2)}`).join('');
    expect(qbftExtraData(input)).to.equal(example.replace(listOf(input), listOf([...input].sort())));
    expect(qbftExtraData([...input].reverse())).to.equal(qbftExtraData(input));
  });

  it('the decoder of this test refuses what is not RLP of the shortest form', () => {
    for (const hex of ['8100', 'b801ff', 'b8', 'c2ff', 'c0c0', 'f80102'])
      expect(() => decodeRlp(new Uint8Array(Buffer.from(hex, 'hex'))), hex).to.throw();
    expect(decodeRlp(new Uint8Array(Buffer.from('c20180', 'hex')))).to.deep.equal([new Uint8Array([1]), new Uint8Array()]);
  });

  it('nodes: every validator names the same others, and allows all that it is to connect to', () => {
    const enodes = validators.map(({ enode }) => enode).sort();
    expect(JSON.parse(textOf('nodes.json'))).to.deep.equal(Object.fromEntries(validators.map(({ member, enode }) => [member, enode])));
    for (const { member } of validators) {
      const statics = JSON.parse(nodeFile(member, 'static-nodes.json')) as string[];
      const permissions = parseToml(nodeFile(member, 'permissions_config.toml'));
      expect(statics, member).to.deep.equal(enodes);
      expect(permissions, member).to.deep.equal({ 'nodes-allowlist': enodes, 'accounts-allowlist': [exampleDeployer] });
      expect(settings(member, 'genesis.json')).to.equal(textOf('genesis.json'));
      expect(settings(member, 'nodes.json')).to.equal(textOf('nodes.json'));
      expect(JSON.parse(settings(member, 'manifest.json'))).to.deep.equal(manifest);
    }
  });

  it('config.toml: ports of the manifest, free gas, JSON-RPC on loopback, local permissioning', () => {
    for (const { member, ports, host } of validators) {
      const config = parseToml(settings(member, 'config.toml'));
      expect(config, member).to.deep.include({
        'data-path': `/var/lib/xinshu/xinshu-demo/${member}/node`,
        'genesis-file': `/etc/xinshu/xinshu-demo/${member}/genesis.json`,
        'p2p-host': host,
        'p2p-port': ports.peer,
        'discovery-enabled': false,
        'min-gas-price': 0,
        'rpc-http-enabled': true,
        'rpc-http-host': '127.0.0.1',
        'rpc-http-port': ports.rpc,
        'rpc-http-api': ['ETH', 'NET', 'WEB3', 'TXPOOL', 'QBFT', 'PERM'],
        'host-allowlist': ['localhost', '127.0.0.1'],
        'permissions-nodes-config-file-enabled': true,
        'permissions-accounts-config-file-enabled': true,
        'sync-mode': 'FULL',
        'data-storage-format': 'FOREST',
      });
      // Free gas with a zero base fee bars it (Besu, "Configure free gas networks").
      expect(config).to.not.have.property('tx-pool-price-bump');
      expect(isIP(host)).to.equal(4);
      expect(config).to.not.have.property('Xdns-enabled');
    }
  });

  it('config.toml: names of hosts only where Besu is told to take them; IPv6 in brackets', () => {
    const validator = { member: 'a', rpcPort: 1, peerPort: 2, publicKey: 'ab'.repeat(64), address: `0x${'01'.repeat(20)}` };
    const made = (host: string) =>
      besuNetworkFiles({ network: 'n', chainId: 1, deployer: exampleDeployer, validators: [{ ...validator, host }] });
    expect(parseToml(made('node.example.org').hosts.a?.settings['config.toml'] ?? '')).to.include({ 'Xdns-enabled': true });
    expect(JSON.parse(made('2001:db8::7').nodes)).to.deep.equal({ a: `enode://${'ab'.repeat(64)}@[2001:db8::7]:2` });
  });

  it('services: a unit for every service of every member, each with its own state, the key handed over by systemd', () => {
    for (const { id } of manifest.members) {
      const runs = validators.some(({ member }) => member === id);
      const units = Object.keys(golden).filter((path) => path.startsWith(`hosts/${id}/systemd/`));
      expect(units.map((path) => path.split('/').at(-1))).to.deep.equal(
        (runs ? ['gateway', 'keeper', 'node'] : ['gateway']).map((service) => `xinshu-${service}-${id}.service`),
      );
      for (const path of units) {
        const { Service = [], Install } = parseUnit(textOf(path));
        const service = Object.fromEntries(Service);
        expect(service, path).to.include({ User: 'xinshu', Restart: 'always', StateDirectory: `xinshu/xinshu-demo/${id}`, UMask: '0077' });
        expect(service.ExecStart, path).to.match(/^\/opt\//);
        expect(
          Service.some(([name]) => name.startsWith('Environment')),
          path,
        ).to.equal(false);
        expect(Install).to.deep.equal([['WantedBy', 'multi-user.target']]);
      }
      if (!runs) continue;
      const node = Object.fromEntries(parseUnit(textOf(`hosts/${id}/systemd/xinshu-node-${id}.service`)).Service ?? []);
      expect(node.LoadCredential).to.equal(`node.key:/etc/xinshu/xinshu-demo/${id}/node.key`);
      expect(node.ExecStart).to.equal(
        `/opt/besu/bin/besu --config-file=/etc/xinshu/xinshu-demo/${id}/config.toml --node-private-key-file=%d/node.key`,
      );
    }
  });

  it('compose: the same commands, images by a plain name and a version, nothing mounted but its own', () => {
    interface Service {
      readonly image: string;
      readonly command: readonly string[];
      readonly volumes: readonly string[];
      readonly environment?: unknown;
    }
    for (const { id } of manifest.members) {
      const { services } = parse(textOf(`hosts/${id}/compose.yaml`)) as { readonly services: Readonly<Record<string, Service>> };
      const units = Object.keys(golden).filter((path) => path.startsWith(`hosts/${id}/systemd/`));
      expect(Object.keys(services).map((name) => `hosts/${id}/systemd/${name}.service`)).to.have.members(units);
      for (const [name, { image, command, volumes, environment }] of Object.entries(services)) {
        expect(image, name).to.match(/^(?:[a-z]+\/)?[a-z]+:[0-9]+\.[0-9]+\.[0-9]+$/);
        expect(environment, name).to.equal(undefined);
        for (const volume of volumes)
          expect(volume, name).to.match(new RegExp(`^(/opt/xinshu|/etc/xinshu/xinshu-demo/${id}|/var/lib/xinshu/xinshu-demo/${id}):`));
        const unit = Object.fromEntries(parseUnit(textOf(`hosts/${id}/systemd/${name}.service`)).Service ?? []);
        const exec = (unit.ExecStart ?? '')
          .replace('%d/node.key', `/etc/xinshu/xinshu-demo/${id}/node.key`)
          .replace('/opt/besu/bin/besu ', '');
        expect(command.join(' '), name).to.equal(exec);
      }
    }
  });

  it('hold no secret', () => {
    const secrets = validators.map(({ member }) => exampleKey(member));
    for (const path of Object.keys(golden)) for (const secret of secrets) expect(textOf(path).toLowerCase(), path).to.not.contain(secret);
    expect(Object.keys(golden).filter((path) => /key|passphrase|deployer/.test(path))).to.deep.equal([]);
  });
});
