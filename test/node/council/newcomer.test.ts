import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { pino } from 'pino';
import { createKeystore } from '../../../gateway/adapters/keys/create-keystore.ts';
import { examineGateway } from '../../../gateway/cli/doctor/examine-gateway.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { setEndpoint } from '../../../gateway/ports/ledger-calls.ts';
import { type Gateway, startGateway } from '../../../gateway/start-gateway.ts';
import { execute, vote } from '../../../node/cli/council/act.ts';
import { propose } from '../../../node/cli/council/propose.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { startTestChain, type TestChain } from '../../helpers/chain.ts';
import { eventually } from '../../helpers/eventually.ts';
import { codeOf, good } from '../../helpers/gateway-network.ts';
import { testAccount } from '../../helpers/member-documents.ts';
import { makeMemberFolder } from '../../helpers/member-folder.ts';

const newcomer = 'heat-works';

describe('a seventh institution', function () {
  this.timeout(120_000);
  let chain: TestChain;
  let root: string;
  let gateway: Gateway | undefined;
  const folder = (): string => join(root, newcomer);

  /** Proposed and voted on by three seats of three sectors, and executed. */
  const decide = async (...action: string[]): Promise<void> => {
    let id = '';
    const result = (text: string): void => {
      id = String((JSON.parse(text) as { id: number }).id);
    };
    const silent = { json: true, result, progress: () => {} };
    const as = (seat: string) => ({ data: chain.dataDir, url: chain.endpoint, as: join(root, seat) });
    await propose({ ...as('gov-credit'), action, voteYes: true }, silent);
    for (const seat of ['bank-changan', 'grid-qinchuan']) await vote({ ...as(seat), id, choice: 'yes' }, silent);
    await execute({ ...as('gov-credit'), id }, silent);
  };
  const own = () => gateway?.modules.ledger.head().member(newcomer as MemberId);
  const moved = async (endpoint: string): Promise<string> => codeOf(await gateway!.modules.writer.submit(setEndpoint(endpoint)));
  const mistakesOf = async (): Promise<string[]> => {
    const found = await examineGateway({ folder: folder(), clock: { now: Date.now }, freeBytes: async () => 10 * 1024 ** 3 });
    // Only the newcomer has a gateway here, and its ports are free ones that config.json does not name.
    return found.map(({ name }) => name).filter((name) => !['peer-silent', 'gateway-down', 'endpoint-other'].includes(name));
  };

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'xinshu-newcomer-'));
    const demo = demoManifest();
    chain = await startTestChain({ manifest: { ...demo, council: { ...demo.council, delaySeconds: 0 } } });
    for (const seat of ['gov-credit', 'bank-changan', 'grid-qinchuan']) await makeMemberFolder(join(root, seat), seat, testAccount(seat));
  });
  after(async () => {
    await gateway?.close();
    await chain.remove();
    rmSync(root, { recursive: true, force: true });
  });

  it('asks with its document, is admitted by the council, and runs', async () => {
    mkdirSync(folder());
    const names = { id: newcomer, name: 'Heat Works', nameZh: '热力公司', sector: 'utilities' as const, roles: ['provider' as const] };
    await createKeystore(folder(), { ...names, endpoint: 'https://127.0.0.1:1' }, 'passphrase of a test', Date.now());
    writeFileSync(join(folder(), 'passphrase'), 'passphrase of a test\n', { mode: 0o600 });
    const ledger = { url: chain.endpoint, chainId: chain.manifest.chainId, directory: chain.deployment.directory };
    const listen = { host: '127.0.0.1', port: 0 };
    writeFileSync(join(folder(), 'config.json'), JSON.stringify({ version: 1, member: newcomer, ledger, client: listen, peer: listen }));
    expect(await mistakesOf()).to.deep.equal(['not-admitted']);
    await decide('admit', join(folder(), 'member.json'));
    gateway = await startGateway({ folder: folder(), log: pino({ level: 'silent' }), onFatal: () => {} });
    expect(own()?.status).to.equal('active');
    good(await gateway.modules.writer.submit(setEndpoint(gateway.peerUrl)));
    expect(await mistakesOf()).to.deep.equal([]);
  });

  it('is suspended, and comes back', async () => {
    await decide('suspend', newcomer, 'late-fees');
    await eventually('its gateway knows', () => own()?.status === 'suspended');
    expect(await moved('https://127.0.0.1:2')).to.equal('LEDGER_CALL_REVERTED');
    expect(await mistakesOf()).to.include('not-active');
    await decide('resume', newcomer);
    await eventually('its gateway knows', () => own()?.status === 'active');
    expect(await moved(gateway!.peerUrl)).to.equal('ok');
  });

  it('leaves for good', async () => {
    await decide('remove', newcomer);
    await eventually('its gateway knows', () => own()?.status === 'left');
    expect(await moved('https://127.0.0.1:2')).to.equal('LEDGER_CALL_REVERTED');
  });
});
