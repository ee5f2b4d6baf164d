import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { init } from '../../../node/cli/init.ts';
import { dataFolder } from '../../../node/data-folder.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import type { Manifest } from '../../../node/manifest/manifest.ts';
import { ManifestInvalid } from '../../../node/manifest/manifest-file.ts';
import { engineOf } from '../../../node/network/engine-of.ts';
import { initNetwork } from '../../../node/network/init-network.ts';
import { openNetwork } from '../../../node/network/open-network.ts';
import { startEngine } from '../../../node/network/start-engine.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { nodeErrorOf } from '../node-error-of.ts';

const clock = new ManualClock(1_700_000_000_000);
const manifest = demoManifest(43_200, 'besu');

describe('making a network on Besu', () => {
  let root: string;
  let dataDir: string;
  const folder = () => dataFolder(dataDir);
  const files = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(dataDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, readFileSync(path, 'utf8')]),
    );

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'xinshu-besu-'));
    dataDir = join(root, 'network');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const initWith = async (given: unknown): Promise<{ readonly results: string[]; readonly progress: string[] }> => {
    const file = join(root, 'manifest.json');
    writeFileSync(file, JSON.stringify(given));
    const said = { results: [] as string[], progress: [] as string[] };
    const output = { json: false, result: (text: string) => said.results.push(text), progress: (text: string) => said.progress.push(text) };
    await init({ data: dataDir, manifest: file }, output);
    return said;
  };
  const besu = (
    validators: readonly { readonly member: string; readonly ports: { readonly rpc: number; readonly peer: number } }[],
  ): Manifest => ({
    ...manifest,
    engine: { kind: 'besu', validators },
  });
  const validators = manifest.engine.kind === 'besu' ? manifest.engine.validators : [];

  it('keeps the keys apart, for their owner alone, and in no other file', async () => {
    await initNetwork(manifest, dataDir, clock);
    expect(openNetwork(dataDir)).to.deep.equal(manifest);
    const made = files();
    for (const { member } of validators) {
      const path = join(folder().validators, member, 'node.key');
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      const key = (made[path] ?? '').trim();
      expect(key).to.match(/^[0-9a-f]{64}$/);
      expect(Object.keys(made).filter((other) => other !== path && made[other]?.includes(key))).to.deep.equal([]);
    }
  });

  it('goes on after it was stopped anywhere, with the same keys and the same bytes', async () => {
    await initNetwork(manifest, dataDir, clock);
    const before = files();
    for (const lost of [
      folder().genesis,
      join(folder().hosts, 'chain-hub', 'node', 'static-nodes.json'),
      join(folder().hosts, 'chain-hub', 'compose.yaml'),
    ])
      rmSync(lost);
    rmSync(folder().manifest);
    await initNetwork(manifest, dataDir, new ManualClock(1_800_000_000_000));
    expect(files()).to.deep.equal(before);
  });

  it('NODE_DATA_OTHER_GENESIS: refuses to go on with other validators or another chain', async () => {
    await initNetwork(manifest, dataDir, clock);
    rmSync(folder().manifest);
    const before = readFileSync(folder().genesis, 'utf8');
    expect((await nodeErrorOf(initNetwork({ ...manifest, chainId: 5 }, dataDir, clock))).code).to.equal('NODE_DATA_OTHER_GENESIS');
    expect(readFileSync(folder().genesis, 'utf8')).to.equal(before);
  });

  it('says what comes next, and warns where one failure stops the chain', async () => {
    const { results, progress } = await initWith(besu(validators.slice(0, 3)));
    expect(results.join('\n')).to.contain('next: take hosts/MEMBER');
    expect(progress.join('\n')).to.contain('warning: /engine/validators: MANIFEST_NO_FAULT_TOLERATED');
    expect(existsSync(folder().manifest)).to.equal(true);
  });

  const faulty: readonly (readonly [fault: string, path: string, given: Manifest])[] = [
    [
      'MANIFEST_DOUBLE_PORT',
      '/engine/validators/1/ports/rpc',
      besu(
        validators.map(({ member, ports }, index) => ({
          member,
          ports: index === 1 ? { ...ports, rpc: validators[0]?.ports.rpc ?? 0 } : ports,
        })),
      ),
    ],
    [
      'MANIFEST_VALIDATORS_ONE_SECTOR',
      '/engine/validators',
      besu([...validators.slice(0, 3), { member: 'audit-office', ports: { rpc: 43_290, peer: 43_291 } }]),
    ],
    [
      'MANIFEST_DOUBLE_VALIDATOR',
      '/engine/validators/3/member',
      besu([...validators.slice(0, 3), { member: 'gov-credit', ports: { rpc: 43_290, peer: 43_291 } }]),
    ],
    [
      'MANIFEST_VALIDATOR_STRANGER',
      '/engine/validators/3/member',
      besu([...validators.slice(0, 3), { member: 'nobody', ports: { rpc: 43_290, peer: 43_291 } }]),
    ],
  ];
  for (const [fault, path, given] of faulty) {
    it(`${fault}: names the place before anything is written`, async () => {
      const error = await nodeErrorOf(initWith(given));
      expect(error).to.be.instanceOf(ManifestInvalid);
      expect((error as ManifestInvalid).faults.map((one) => `${one.code} ${one.path}`)).to.include(`${fault} ${path}`);
      expect(existsSync(dataDir)).to.equal(false);
    });
  }

  it('NODE_ENGINE_ELSEWHERE and NODE_ENGINE_UNSUPPORTED: does not claim to run it', async () => {
    await initNetwork(manifest, dataDir, clock);
    const hooks = { clock, log: undefined as never, onProgress: () => {} };
    expect((await nodeErrorOf(engineOf(manifest, dataDir).run(hooks))).code).to.equal('NODE_ENGINE_ELSEWHERE');
    expect((await nodeErrorOf(startEngine(dataDir))).code).to.equal('NODE_ENGINE_UNSUPPORTED');
  });
});
