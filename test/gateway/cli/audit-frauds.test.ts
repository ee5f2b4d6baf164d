import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { relayWithdrawal } from '../../../gateway/flows/relay-withdrawal.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import type { Operator } from '../../../scripts/dev/drill/audit/dishonest-log.ts';
import { frauds } from '../../../scripts/dev/drill/audit/frauds.ts';
import { control, plant, plantFork, type Scene } from '../../../scripts/dev/drill/audit/plant.ts';
import { xinshu, xinshuLines } from '../../../scripts/dev/xinshu.ts';
import {
  believes,
  consumer,
  giveConsent,
  members,
  provider,
  publish,
  query,
  signWithdrawal,
  type TestConsent,
} from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('xinshu audit follow, match and compare, with dishonest operators', () => {
  let network: GatewayNetwork;
  let folder: TemporaryFolder;
  let scene: Scene;
  const at = (...names: string[]) => join(folder.path, ...names);
  const bank = () => network.gateway(consumer).modules;
  const state = () => at('state');

  const writeNetwork = () =>
    writeFileSync(
      at('network.json'),
      JSON.stringify({
        version: 1,
        chainId: network.chain.chainId,
        ledger: network.chain.endpoint,
        directory: network.chain.contracts.directory,
        members: [],
      }),
    );
  const makeAuditor = (name: string, member: string) =>
    xinshu(folder.path, [
      ...['token', 'create', '--dir', network.folder(member), '--staff', 'Wang Fang', '--roles', 'auditor'],
      ...['--profile', name, '--gateway', network.gateway(member).clientUrl],
    ]);
  const ask = async (consent: TestConsent): Promise<UsageId> => good(await requestRecord(bank(), query(consent))).usage;
  const follow = async (): Promise<{ status: number; found: readonly unknown[]; open: number }> => {
    const { status, lines } = await xinshuLines(folder.path, ['audit', 'follow', '--once', '--state', state()]);
    const said = lines as { kind: string; finding?: unknown; open?: number }[];
    return { status, found: said.flatMap(({ finding }) => finding ?? []), open: said.findLast(({ kind }) => kind === 'round')?.open ?? -1 };
  };
  const operator = (member: string, profile: string): Operator => ({
    member: member as MemberId,
    chainId: network.chain.chainId,
    folder: network.folder(member),
    client: network.gateway(member).clientUrl,
    auditorToken: readFileSync(at('tokens', profile), 'utf8').trim(),
  });

  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
    folder = await temporaryFolder();
    writeNetwork();
    await makeAuditor('bank.auditor', consumer);
    await makeAuditor('grid.auditor', provider);
    const [plenty, left, scarce] = [await giveConsent(network), await giveConsent(network), await giveConsent(network, { maxUses: 2 })];
    for (const consent of [plenty, scarce, plenty]) await ask(consent);
    const [withdrawn, usedUp] = [await ask(left), await ask(scarce)];
    for (const member of [consumer, provider]) good(await anchorLog(network.gateway(member).modules));
    await network.settled();
    expect(await follow()).to.deep.equal({ status: 0, found: [], open: 0 });
    const seen = network.gateway(provider).modules.audit.size();
    good(await relayWithdrawal(bank(), await signWithdrawal(network, left)));
    await network.settled();
    const fresh = await ask(plenty);
    scene = {
      operators: { consumer: operator(consumer, 'bank.auditor'), provider: operator(provider, 'grid.auditor') },
      network: at('network.json'),
      state: state(),
      ground: { seen, fresh, withdrawn, usedUp, block: bank().ledger.head().block.number, now: Date.now() },
    };
  });
  after(async () => {
    await network.remove();
    await folder.remove();
  });

  it('finds nothing where an operator shows its log as it is', async () => {
    expect(await control(scene)).to.deep.equal([]);
  });

  for (const fraud of frauds)
    it(`names ${fraud.name}`, async () => {
      const { findings, named, expected } = await plant(scene, fraud);
      expect(named, `${expected} in ${JSON.stringify(findings)}`).to.equal(true);
      expect(new Set(findings.map(({ kind }) => kind))).to.deep.equal(new Set([fraud.kind]));
    });

  it('names a fork that was shown to two auditors, when they compare what they saw', async () => {
    const { findings, named, expected } = await plantFork(scene);
    expect(named, `${expected} in ${JSON.stringify(findings)}`).to.equal(true);
  });

  it('goes on where it stopped, and matches the same with nothing remembered', async () => {
    expect(await follow()).to.deep.equal({ status: 0, found: [], open: 0 });
    const matched = await xinshu<{ ok: boolean; findings: unknown[]; open: unknown[] }>(folder.path, ['audit', 'match']);
    expect(matched).to.deep.include({ ok: true, findings: [], open: [] });
    const one = await xinshu<{ logs: { member: string }[] }>(folder.path, ['audit', 'match', '--members', provider, '--from', '1']);
    expect(one.logs.map(({ member }) => member)).to.deep.equal([provider]);
  });

  it('refuses the state of another network, and one that another auditor works on', async () => {
    const other = { ...JSON.parse(readFileSync(at('network.json'), 'utf8')), directory: `0x${'11'.repeat(20)}` };
    const before = readFileSync(at('network.json'));
    writeFileSync(at('network.json'), JSON.stringify(other));
    try {
      expect((await xinshuLines(folder.path, ['audit', 'compare', state(), state()])).status).to.equal(2);
    } finally {
      writeFileSync(at('network.json'), before);
    }
    const [locked] = (await xinshuLines(folder.path, ['audit', 'compare', state(), state()])).lines as { error: { code: string } }[];
    expect(locked?.error.code).to.equal('STORE_LOCKED');
    expect((await xinshuLines(folder.path, ['audit', 'compare', state(), at('nothing')])).status).to.equal(2);
  });

  it('reports a request that nothing answered as open, and as no finding', async () => {
    const consent = await giveConsent(network);
    await network.stop(provider);
    expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('PEER_UNREACHABLE');
    await network.start(provider);
    await makeAuditor('grid.auditor', provider);
    for (let round = 0; round < 2; round += 1) expect(await follow()).to.deep.equal({ status: 0, found: [], open: 1 });
  });
});
