import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { type KeeperCommandOptions, keeper } from '../../../node/cli/keeper.ts';
import { writeDeploymentFile } from '../../../node/deployment/deployment-file.ts';
import { permissionsText } from '../../../node/engines/besu/permissions-file.ts';
import { writeJsonFile } from '../../../node/json-file.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { allowlistOf } from '../../../node/membership/allowlist.ts';
import { type AdministeredChain, administrator, startAdministeredChain } from '../../helpers/administered-chain.ts';
import { type PermStandIn, startPermStandIn } from '../../helpers/besu-perm-stand-in.ts';
import { eventually } from '../../helpers/eventually.ts';
import { testAccount } from '../../helpers/member-documents.ts';
import { nodeErrorOf } from '../node-error-of.ts';

const cli = fileURLToPath(new URL('../../../node/cli.ts', import.meta.url));
const enode = `enode://${'01'.repeat(64)}@127.0.0.1:30300`;

describe('xinshu-node keeper', function () {
  this.timeout(60_000);
  let chain: AdministeredChain;
  let besu: PermStandIn;
  let data: string;
  let nodeFolder: string;
  let running: ChildProcess | undefined;

  const options = (): KeeperCommandOptions => ({ data, member: 'gov-credit', nodeFolder, url: besu.endpoint });
  const answerOf = async (given: KeeperCommandOptions): Promise<Record<string, unknown>> => {
    const lines: string[] = [];
    await keeper(given, { json: true, result: (text) => lines.push(text), progress: () => {} });
    return JSON.parse(lines.join('\n')) as Record<string, unknown>;
  };

  before(async () => {
    chain = await startAdministeredChain();
    data = mkdtempSync(join(tmpdir(), 'xinshu-keeper-'));
    nodeFolder = join(data, 'node');
    mkdirSync(nodeFolder);
    writeJsonFile(join(data, 'manifest.json'), demoManifest(43_300, 'besu'));
    writeJsonFile(join(data, 'nodes.json'), { 'gov-credit': enode });
    const { contracts, chainId } = chain;
    writeDeploymentFile(join(data, 'deployment.json'), {
      version: 1,
      chainId,
      genesisHash: `0x${'00'.repeat(32)}`,
      directory: contracts.directory,
      contracts: { ...contracts },
      block: 1,
    });
    writeFileSync(join(nodeFolder, 'permissions_config.toml'), permissionsText(allowlistOf([enode], [administrator.address])));
    besu = await startPermStandIn(nodeFolder, chain.endpoint);
    await chain.provider.send('xinshu_freshBlock', []);
  });
  after(async () => {
    running?.kill('SIGKILL');
    await besu?.close();
    await chain?.remove();
    rmSync(data, { recursive: true, force: true });
  });

  it('says what it would change, changes it once, and then has nothing to do', async () => {
    const dry = await answerOf({ ...options(), dryRun: true });
    expect(dry).to.deep.include({ ok: true, dry: true });
    expect([...besu.accounts]).to.deep.equal([administrator.address.toLowerCase()]);
    await answerOf({ ...options(), once: true });
    expect(besu.accounts.size).to.equal(demoManifest().members.length);
    const again = await answerOf({ ...options(), once: true });
    const nothing = { add: { nodes: [], accounts: [] }, remove: { nodes: [], accounts: [] } };
    expect([again.files, again.node]).to.deep.equal([nothing, nothing]);
  });

  it('runs as a process that follows the chain, shows its metrics and ends cleanly', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    const words = ['keeper', '--data', data, '--member', 'gov-credit', '--node-folder', nodeFolder, '--url', besu.endpoint];
    running = spawn(process.execPath, [cli, ...words, '--metrics-port', String(port)], { stdio: ['ignore', 'ignore', 'ignore'] });
    const ended = once(running, 'exit');
    const account = testAccount('audit-office').address.toLowerCase();
    const metrics = (): Promise<string> =>
      fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
    const shows = (line: string) => eventually(line, async () => (await metrics()).split('\n').includes(line));
    await shows('xinshu_keeper_allowed_entries{list="accounts"} 6');
    await chain.send(administrator, 'member-registry', 'suspend', [encodeBytes32String('audit-office'), encodeBytes32String('late')]);
    await eventually('the account is barred', () => !besu.accounts.has(account));
    await shows('xinshu_keeper_changes_total{place="node",direction="remove"} 1');
    // The stand-in offers no transaction pool, and so no state: what does not answer whole counts as down.
    await shows('xinshu_node_up{member="gov-credit"} 0');
    running.kill('SIGTERM');
    expect((await ended)[0]).to.equal(0);
  });

  it('refuses a member without a node, an engine without allowlists, and a failed round', async () => {
    expect((await nodeErrorOf(answerOf({ ...options(), member: 'fin-weihe', once: true }))).code).to.equal('NODE_USAGE');
    expect((await nodeErrorOf(answerOf({ ...options(), every: '0' }))).code).to.equal('NODE_USAGE');
    besu.refuse('perm_getNodesAllowlist');
    expect((await nodeErrorOf(answerOf({ ...options(), once: true }))).code).to.equal('NODE_ALLOWLIST_REFUSED');
    const other = mkdtempSync(join(tmpdir(), 'xinshu-keeper-'));
    writeJsonFile(join(other, 'manifest.json'), demoManifest());
    expect((await nodeErrorOf(answerOf({ ...options(), data: other, once: true }))).code).to.equal('NODE_ENGINE_UNSUPPORTED');
    rmSync(other, { recursive: true });
  });
});
