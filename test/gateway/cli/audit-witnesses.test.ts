import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import type { Address } from '../../../gateway/domain/ids.ts';
import { Cosigners } from '../../../gateway/flows/cosigners.ts';
import { issueCredential } from '../../../gateway/flows/issue-credential.ts';
import { xinshu, xinshuLines } from '../../../scripts/dev/xinshu.ts';
import { administrator } from '../../helpers/administered-chain.ts';
import { consumer, issuer, provider, subjects } from '../../helpers/electricity.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

type Log = { readonly member: string; readonly size: number; readonly quorumSize: number; readonly flagged: boolean };
type Line = { readonly kind: string; readonly log?: Log; readonly findings?: number };

describe('xinshu audit, of logs and their witnesses', () => {
  let network: GatewayNetwork;
  let folder: TemporaryFolder;
  const log = () => network.gateway(issuer).modules;
  const set = (name: string, value: number) =>
    network.chain.send(administrator, 'directory', 'setParameter', [encodeBytes32String(name), value, 0]);
  const grow = async (): Promise<void> => {
    const asked = { staff: { name: 'Clerk', roles: ['steward' as const] }, subject: subjects[0]!, grade: 3 as const, method: 'm' };
    good(await issueCredential(log(), { ...asked, key: administrator.address as Address, validDays: 10 }));
    await log().checkpoints.fresh();
  };
  const follow = async (): Promise<readonly Line[]> => {
    const { status, lines } = await xinshuLines(folder.path, ['audit', 'follow', '--once', '--state', join(folder.path, 'state')]);
    expect(status).to.equal(0);
    return lines as Line[];
  };
  const flagsIn = (lines: readonly Line[]) => lines.filter(({ kind }) => kind === 'flag').map((line) => line.log?.flagged);
  const logIn = (lines: readonly Line[]) => lines.find(({ kind }) => kind === 'log')?.log;
  /** Seconds of block time. */
  const passSeconds = async (count: number): Promise<void> => {
    const time = () => log().ledger.head().block.time;
    const until = time() + count;
    while (time() < until) {
      await delay(100);
      await set('max-witness-lag', 1);
      await network.settled();
    }
  };

  before(async () => {
    network = await startGatewayNetwork([issuer, consumer, provider]);
    folder = await temporaryFolder();
    const { chainId, endpoint, contracts } = network.chain;
    const file = { version: 1, chainId, ledger: endpoint, directory: contracts.directory, members: [] };
    writeFileSync(join(folder.path, 'network.json'), JSON.stringify(file));
    await xinshu(folder.path, [
      ...['token', 'create', '--dir', network.folder(issuer), '--staff', 'Wang Fang', '--roles', 'auditor'],
      ...['--profile', 'gov.auditor', '--gateway', network.gateway(issuer).clientUrl],
    ]);
  });
  after(async () => {
    await network.remove();
    await folder.remove();
  });

  it('flags nobody where the network asks for no witnesses', async () => {
    await set('witness-quorum', 0);
    await grow();
    await passSeconds(3);
    const lines = await follow();
    expect(flagsIn(lines)).to.deep.equal([]);
    expect(logIn(lines)).to.include({ size: 1, quorumSize: 0, flagged: false });
  });

  it('flags a log whose checkpoints stay without a quorum for longer than the network allows, as no finding', async () => {
    await set('witness-quorum', 2);
    await passSeconds(1);
    const first = await follow();
    expect(flagsIn(first)).to.deep.equal([]);
    await passSeconds(3);
    const then = await follow();
    expect(flagsIn(then)).to.deep.equal([true]);
    expect(then.at(-1)).to.include({ kind: 'round', findings: 0 });
    const matched = await xinshu<{ ok: boolean; logs: Log[] }>(folder.path, ['audit', 'match']);
    // Which has just seen it for the first time, and nothing of it is anchored.
    expect(matched.logs[0]).to.include({ quorumSize: 0, flagged: false });
  });

  it('takes the cosignatures of a quorum only, and flags no more once they are there', async () => {
    await network.stop(provider);
    await new Cosigners(log()).round();
    expect(flagsIn(await follow())).to.deep.equal([true]);
    await network.start(provider);
    await new Cosigners(log()).round();
    const lines = await follow();
    expect(flagsIn(lines)).to.deep.equal([]);
    expect(logIn(lines)).to.include({ size: 1, quorumSize: 1, flagged: false });
    await grow();
    await grow();
    await follow();
    await passSeconds(3);
    expect(logIn(await follow())).to.include({ size: 3, quorumSize: 1, flagged: true });
  });
});
