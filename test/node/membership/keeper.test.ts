import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { Registry } from 'prom-client';
import { writeDeploymentFile } from '../../../node/deployment/deployment-file.ts';
import { besuAllowlist } from '../../../node/engines/besu/allowlist.ts';
import { staticNodesText } from '../../../node/engines/besu/network-files.ts';
import { permissionsText } from '../../../node/engines/besu/permissions-file.ts';
import { writeJsonFile } from '../../../node/json-file.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { allowlistOf } from '../../../node/membership/allowlist.ts';
import { Keeper, type KeeperRound } from '../../../node/membership/keeper.ts';
import { keptWords } from '../../../node/membership/kept-words.ts';
import { keeperMetrics } from '../../../node/observability/keeper-metrics.ts';
import { type AdministeredChain, administrator, startAdministeredChain } from '../../helpers/administered-chain.ts';
import { type PermStandIn, startPermStandIn } from '../../helpers/besu-perm-stand-in.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { testAccount } from '../../helpers/member-documents.ts';

const validators = ['gov-credit', 'bank-changan', 'grid-qinchuan', 'chain-hub'];
const enode = (byte: number, port: number): string => `enode://${byte.toString(16).padStart(2, '0').repeat(64)}@127.0.0.1:${port}`;
const founding = Object.fromEntries(validators.map((member, index) => [member, enode(index + 1, 30_300 + index)]));
const node = (member: string): string => founding[member] as string;
const stranger = enode(0xee, 30_399);
const bytes32 = encodeBytes32String;

describe('keeper: allowlists in step with the registry (Besu)', function () {
  this.timeout(60_000);
  let chain: AdministeredChain;
  let root: string;
  let folder: string;
  let besu: PermStandIn;
  let keeper: Keeper;
  let clock: ManualClock;
  const manifest = { ...demoManifest(), chainId: 619_900 };
  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const accounts = manifest.members.map(({ id }) => testAccount(id).address.toLowerCase()).sort();
  const all = allowlistOf(Object.values(founding), accounts);

  const council = (method: string, ...args: unknown[]) => chain.send(administrator, 'member-registry', method, args);
  const now = async (): Promise<number> => Number((await chain.provider.getBlock('latest'))?.timestamp) * 1000;
  const keeperOf = (dry = false): Keeper =>
    new Keeper({ dataDir: root, manifest, endpoint: besu.endpoint, port: besuAllowlist({ folder, endpoint: besu.endpoint }), clock, dry });
  const good = async (made: Promise<KeeperRound>) => {
    const round = await made;
    if (!round.ok) throw round.error;
    return round;
  };
  const codeOf = async (made: Promise<KeeperRound>): Promise<string> => {
    const round = await made;
    return round.ok ? 'ok' : round.code;
  };
  const inStep = (wanted = all): void => {
    expect([...besu.nodes].sort()).to.deep.equal(wanted.nodes);
    expect([...besu.accounts].sort()).to.deep.equal(wanted.accounts);
    expect(file('permissions_config.toml')).to.equal(permissionsText(wanted));
    expect(JSON.parse(file('static-nodes.json'))).to.deep.equal(wanted.nodes);
  };
  const without = (member: string) =>
    allowlistOf(
      all.nodes.filter((one) => one !== node(member)),
      all.accounts.filter((one) => one !== testAccount(member).address.toLowerCase()),
    );

  before(async () => {
    chain = await startAdministeredChain();
  });
  after(() => chain?.remove());

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'xinshu-keeper-'));
    folder = join(root, 'node');
    mkdirSync(folder);
    const founders = allowlistOf(Object.values(founding), [administrator.address]);
    writeFileSync(join(folder, 'permissions_config.toml'), permissionsText(founders));
    writeFileSync(join(folder, 'static-nodes.json'), staticNodesText(founders));
    writeJsonFile(join(root, 'nodes.json'), founding);
    const genesisHash = `0x${'00'.repeat(32)}`;
    const { contracts, chainId } = chain;
    writeDeploymentFile(join(root, 'deployment.json'), {
      version: 1,
      chainId,
      genesisHash,
      directory: contracts.directory,
      contracts: { ...contracts },
      block: 1,
    });
    besu = await startPermStandIn(folder, chain.endpoint);
    clock = new ManualClock(await now());
    keeper = keeperOf();
  });
  afterEach(async () => {
    keeper.close();
    await besu.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('brings in the members of the founding and bars the deployer, whose work is done', async () => {
    const { kept } = await good(keeper.round());
    expect(kept.node?.add.accounts).to.deep.equal(all.accounts);
    expect(kept.node?.remove).to.deep.equal({ nodes: [], accounts: [administrator.address.toLowerCase()] });
    inStep();
  });

  it('changes nothing when all is in step', async () => {
    await good(keeper.round());
    const before = [besu.calls.length, statSync(join(folder, 'permissions_config.toml')).mtimeMs];
    const { kept } = await good(keeper.round());
    expect(keptWords(kept, false)).to.deep.equal([]);
    expect(besu.calls.slice(before[0])).to.not.include('perm_reloadPermissionsFromFile');
    expect(statSync(join(folder, 'permissions_config.toml')).mtimeMs).to.equal(before[1]);
  });

  it('bars a suspended member and lets it back in', async () => {
    await good(keeper.round());
    await council('suspend', bytes32('grid-qinchuan'), bytes32('late'));
    const { kept } = await good(keeper.round());
    expect(keptWords(kept, false)).to.include(`the node: barred ${node('grid-qinchuan')}`);
    inStep(without('grid-qinchuan'));
    await council('resume', bytes32('grid-qinchuan'));
    await good(keeper.round());
    inStep();
  });

  it('follows a node that a member publishes on chain, and its retiring; a key that names no node opens no door', async () => {
    const moved = enode(0xab, 30_350);
    const publish = (data: string) =>
      chain.send(testAccount('chain-hub'), 'member-registry', 'addKey', [4, bytes32('enode'), `0x${Buffer.from(data).toString('hex')}`]);
    const retire = async () => {
      const keys = (await chain.contract('member-registry').getFunction('keysOf')(bytes32('chain-hub'))) as readonly unknown[];
      return chain.send(testAccount('chain-hub'), 'member-registry', 'retireKey', [keys.length - 1]);
    };
    await publish(moved);
    await good(keeper.round());
    inStep(allowlistOf([...without('chain-hub').nodes, moved], accounts));
    await retire();
    await good(keeper.round());
    inStep();
    await publish('enode://of-nobody');
    await good(keeper.round());
    inStep();
    await retire();
  });

  it('makes up for what happened while it was down, and while the node was', async () => {
    await good(keeper.round());
    keeper.close();
    await council('suspend', bytes32('bank-changan'), bytes32('late'));
    const endpoint = besu.endpoint;
    await besu.close();
    // The node's own port is closed: it knows nothing, but another process of the same machine reaches the ledger.
    const port = besuAllowlist({ folder, endpoint });
    const other = new Keeper({ dataDir: root, manifest, endpoint: chain.endpoint, port, clock, dry: false });
    const { kept } = await good(other.round());
    other.close();
    expect(kept.node).to.equal(undefined);
    expect(keptWords(kept, false).at(-1)).to.match(/does not answer/);
    besu = await startPermStandIn(folder, chain.endpoint);
    inStep(without('bank-changan'));
    await council('resume', bytes32('bank-changan'));
    keeper = keeperOf();
    await good(keeper.round());
    inStep();
  });

  it('finds what was changed by hand, in either file and in the node, and puts it right', async () => {
    const registry = new Registry();
    const metrics = keeperMetrics(registry);
    const seen = async () => metrics.round(await keeper.round(), clock.now());
    const drift = async (place: string) =>
      (await registry.getSingleMetric('xinshu_keeper_drift_entries_total')?.get())?.values.find(({ labels }) => labels.place === place)
        ?.value;
    await seen();
    expect([await drift('file'), await drift('node')]).to.deep.equal([0, 0]);
    writeFileSync(
      join(folder, 'permissions_config.toml'),
      `# mine\nnodes-allowlist=["${stranger}"]\naccounts-allowlist=['0x${'11'.repeat(20)}']\n`,
    );
    await seen();
    inStep();
    // Four nodes and six accounts missing, one of each too much.
    expect([await drift('file'), await drift('node')]).to.deep.equal([12, 0]);
    besu.allowByHand(stranger);
    await seen();
    inStep();
    expect([await drift('file'), await drift('node')]).to.deep.equal([12, 1]);
    writeFileSync(join(folder, 'static-nodes.json'), '[]');
    rmSync(join(folder, 'permissions_config.toml'));
    await seen();
    inStep();
  });

  it('only looks on a dry run', async () => {
    const before = [file('permissions_config.toml'), file('static-nodes.json'), [...besu.nodes], [...besu.accounts]];
    const dry = keeperOf(true);
    const { kept } = await good(dry.round());
    dry.close();
    expect(keptWords(kept, true)).to.include(`the files: would bar ${administrator.address.toLowerCase()}`);
    expect([file('permissions_config.toml'), file('static-nodes.json'), [...besu.nodes], [...besu.accounts]]).to.deep.equal(before);
  });

  it('NODE_ALLOWLIST_STALE: leaves all as it is on a node that lags', async () => {
    await good(keeper.round());
    await council('suspend', bytes32('chain-hub'), bytes32('late'));
    clock.setNow((await now()) + (manifest.parameters['max-block-age'] + 1) * 1000);
    expect(await codeOf(keeper.round())).to.equal('NODE_ALLOWLIST_STALE');
    inStep();
    clock.setNow(await now());
    await good(keeper.round());
    inStep(without('chain-hub'));
    await council('resume', bytes32('chain-hub'));
  });

  it('NODE_ALLOWLIST_REFUSED: keeps the files right when the node does not offer the methods or does not take them over', async () => {
    besu.refuse('perm_reloadPermissionsFromFile');
    expect(await codeOf(keeper.round())).to.equal('NODE_ALLOWLIST_REFUSED');
    expect(file('permissions_config.toml')).to.equal(permissionsText(all));
    besu.refuse('perm_getNodesAllowlist');
    expect(await codeOf(keeper.round())).to.equal('NODE_ALLOWLIST_REFUSED');
    besu.refuse();
    await good(keeper.round());
    inStep();
  });

  it('NODE_ALLOWLIST_EMPTY: bars nobody when it knows of no node at all', async () => {
    await good(keeper.round());
    rmSync(join(root, 'nodes.json'));
    expect(await codeOf(keeper.round())).to.equal('NODE_ALLOWLIST_EMPTY');
    inStep();
  });

  it('NODE_ALLOWLIST_UNWRITABLE: says so, and the node goes on with what it has', async () => {
    // Modes bind nobody who is root; a folder in the file's place binds everybody.
    rmSync(join(folder, 'static-nodes.json'));
    mkdirSync(join(folder, 'static-nodes.json.new'));
    chmodSync(join(folder, 'static-nodes.json.new'), 0o500);
    expect(await codeOf(keeper.round())).to.equal('NODE_ALLOWLIST_UNWRITABLE');
    expect([...besu.accounts]).to.deep.equal([administrator.address.toLowerCase()]);
    rmSync(join(folder, 'static-nodes.json.new'), { recursive: true });
    await good(keeper.round());
    inStep();
  });

  it('waits for the founding and for the node, and refuses a nodes.json that names no node', async () => {
    rmSync(join(root, 'deployment.json'));
    expect(await codeOf(keeper.round())).to.equal('NODE_NOT_DEPLOYED');
    writeJsonFile(join(root, 'deployment.json'), {});
    expect(await codeOf(keeper.round())).to.equal('NODE_DEPLOYMENT_JOURNAL');
    const { contracts, chainId } = chain;
    const genesisHash = `0x${'00'.repeat(32)}`;
    writeDeploymentFile(join(root, 'deployment.json'), {
      version: 1,
      chainId,
      genesisHash,
      directory: contracts.directory,
      contracts: { ...contracts },
      block: 1,
    });
    writeJsonFile(join(root, 'nodes.json'), { 'gov-credit': 'enode://half' });
    expect(await codeOf(keeper.round())).to.equal('NODE_DATA_HALF_MADE');
    const away = new Keeper({
      dataDir: root,
      manifest,
      endpoint: 'http://127.0.0.1:43099',
      port: besuAllowlist({ folder, endpoint: besu.endpoint }),
      clock,
      dry: false,
    });
    expect(await codeOf(away.round())).to.equal('NODE_ENGINE_UNREACHABLE');
    away.close();
  });

  it('never leaves a static node that is not allowed, wherever a change stops', () => {
    const wanted = without('gov-credit');
    const states: (readonly [readonly string[], string])[] = [];
    const port = besuAllowlist({ folder, endpoint: besu.endpoint });
    const look = () => states.push([JSON.parse(file('static-nodes.json')) as string[], file('permissions_config.toml')]);
    look();
    // Stopped after the first file: a folder is in the second one's way.
    mkdirSync(join(folder, 'permissions_config.toml.new'));
    expect(() => port.store(wanted)).to.throw('NODE_ALLOWLIST_UNWRITABLE');
    look();
    rmSync(join(folder, 'permissions_config.toml.new'), { recursive: true });
    port.store(wanted);
    look();
    for (const [nodes, permissions] of states) expect(nodes.filter((one) => !permissions.includes(one))).to.deep.equal([]);
    expect(states.at(-1)?.[0]).to.deep.equal(wanted.nodes);
  });
});
