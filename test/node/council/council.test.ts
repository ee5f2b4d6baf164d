import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { JsonRpcProvider, Wallet } from 'ethers';
import { execute, vote } from '../../../node/cli/council/act.ts';
import { list } from '../../../node/cli/council/list.ts';
import { propose } from '../../../node/cli/council/propose.ts';
import { show } from '../../../node/cli/council/show.ts';
import type { Output } from '../../../node/cli/output.ts';
import { pause } from '../../../node/cli/pause.ts';
import { loadArtifacts } from '../../../node/deployment/artifacts.ts';
import type { NodeErrorCode } from '../../../node/errors.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { readMembers } from '../../../node/membership/read-members.ts';
import { callRefusal } from '../../../node/network/call-refusal.ts';
import { startTestChain, type TestChain } from '../../helpers/chain.ts';
import { testAccount } from '../../helpers/member-documents.ts';
import { makeMemberFolder } from '../../helpers/member-folder.ts';
import { nodeErrorOf } from '../node-error-of.ts';

interface Shown {
  readonly id: number;
  readonly state: string;
  readonly counted: { readonly votes: number; readonly sectors: number };
  readonly calls: readonly { readonly en: string; readonly zh: string; readonly contract?: string }[];
}

describe('council (xinshu-node)', function () {
  this.timeout(120_000);
  let chain: TestChain;
  let root: string;
  let shared: { readonly data: string; readonly url: string };
  let provider: JsonRpcProvider;
  const folderOf = (member: string) => join(root, member);
  const as = (member: string) => ({ ...shared, as: folderOf(member) });

  /** What a command answers with --json. */
  const answerOf = async <O>(command: (options: O, output: Output) => Promise<void>, options: O): Promise<Shown> => {
    const lines: string[] = [];
    await command(options, { json: true, result: (text) => lines.push(text), progress: () => {} });
    return JSON.parse(lines.join('\n')) as Shown;
  };
  const textOf = async <O>(command: (options: O, output: Output) => Promise<void>, options: O): Promise<string> => {
    const lines: string[] = [];
    await command(options, { json: false, result: (text) => lines.push(text), progress: () => {} });
    return lines.join('\n');
  };
  const refusal = async (work: Promise<unknown>): Promise<string> => (await nodeErrorOf(work)).code;
  const keep = (member: string, account: Wallet): Promise<void> =>
    makeMemberFolder(folderOf(member), member, account, member === 'bank-changan');
  const statusOf = async (member: string) => {
    const found = await readMembers(provider, chain.deployment.contracts['member-registry'], await provider.getBlockNumber());
    return found.find(({ id }) => id === member);
  };
  /** Proposed by one seat and carried by two more, of other sectors. */
  const carry = async (...action: string[]): Promise<number> => {
    const { id } = await answerOf(propose, { ...as('gov-credit'), action, voteYes: true });
    for (const seat of ['bank-changan', 'grid-qinchuan']) await answerOf(vote, { ...as(seat), id: String(id), choice: 'yes' });
    return id;
  };

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'xinshu-council-'));
    const demo = demoManifest();
    chain = await startTestChain({ manifest: { ...demo, council: { ...demo.council, delaySeconds: 0 } } });
    shared = { data: chain.dataDir, url: chain.endpoint };
    provider = new JsonRpcProvider(chain.endpoint, chain.manifest.chainId, { staticNetwork: true, cacheTimeout: -1 });
    for (const { id } of chain.manifest.members) await keep(id, testAccount(id));
  });
  after(async () => {
    provider.destroy();
    await chain.remove();
    rmSync(root, { recursive: true, force: true });
  });

  it('tries a proposal without making it', async () => {
    const dry = { ...as('gov-credit'), action: ['suspend', 'fin-weihe', 'key-lost'], dryRun: true };
    const { calls } = await answerOf(propose, dry);
    expect(calls.map(({ en, zh }) => [en, zh])).to.deep.equal([
      ['suspend member fin-weihe (reason key-lost)', '暂停成员 fin-weihe（原因 key-lost）'],
    ]);
    expect(await textOf(list, shared)).to.contain('no proposals to act on');
    // What the council could not do is found before anybody votes on it.
    const impossible = await nodeErrorOf(
      propose({ ...dry, action: ['resume', 'fin-weihe'] }, { json: true, result: () => {}, progress: () => {} }),
    );
    expect([impossible.code, impossible.detail.error]).to.deep.equal(['NODE_CALL_REFUSED', 'MemberRegistryWrongStatus']);
  });

  it('suspends a member and lets it come back', async () => {
    const { id } = await answerOf(propose, {
      ...as('gov-credit'),
      action: ['suspend', 'fin-weihe', 'key-lost'],
      note: 'their key was stolen',
    });
    const shown = await answerOf(show, { ...shared, id: String(id) });
    expect([shown.state, shown.counted, shown.calls[0]?.contract]).to.deep.equal(['open', { votes: 0, sectors: 0 }, 'member-registry']);
    const text = await textOf(show, { ...shared, id: String(id) });
    expect(text)
      .to.contain('1. suspend member fin-weihe (reason key-lost)')
      .and.to.contain('their key was stolen')
      .and.to.contain('暂停成员');
    expect(await refusal(answerOf(execute, { ...as('gov-credit'), id: String(id) }))).to.equal('NODE_COUNCIL_NOT_PASSED');

    // Two votes of one sector and one of another carry it; before the third nothing is carried.
    await answerOf(vote, { ...as('gov-credit'), id: String(id), choice: 'yes' });
    const two = await answerOf(vote, { ...as('audit-office'), id: String(id), choice: 'yes' });
    expect([two.state, two.counted]).to.deep.equal(['open', { votes: 2, sectors: 1 }]);
    const dry = await answerOf(vote, { ...as('bank-changan'), id: String(id), choice: 'yes', dryRun: true });
    expect(dry.counted.votes).to.equal(2);
    const three = await answerOf(vote, { ...as('bank-changan'), id: String(id), choice: 'yes' });
    expect([three.state, three.counted]).to.deep.equal(['ready', { votes: 3, sectors: 2 }]);
    expect(await refusal(answerOf(vote, { ...as('bank-changan'), id: String(id), choice: 'no' }))).to.equal('NODE_COUNCIL_VOTED');
    expect((await statusOf('fin-weihe'))?.status).to.equal('active');

    expect((await answerOf(execute, { ...as('bank-changan'), id: String(id) })).state).to.equal('executed');
    expect((await statusOf('fin-weihe'))?.status).to.equal('suspended');
    expect(await refusal(answerOf(execute, { ...as('bank-changan'), id: String(id) }))).to.equal('NODE_COUNCIL_EXECUTED');

    const back = await carry('resume', 'fin-weihe');
    await answerOf(execute, { ...as('gov-credit'), id: String(back) });
    expect((await statusOf('fin-weihe'))?.status).to.equal('active');
  });

  it('makes several calls together, each with its words', async () => {
    const document = join(root, 'newcomer.json');
    const keys = [{ purpose: 'sign', suite: 'ed25519', data: `0x${'5a'.repeat(32)}` }];
    const names = { name: 'Heat', nameZh: '热力', sector: 'utilities', roles: ['provider'] };
    const account = Wallet.createRandom().address;
    writeFileSync(document, JSON.stringify({ version: 1, id: 'heat-works', ...names, account, endpoint: 'https://127.0.0.1:9', keys }));
    const id = await carry('admit', document, '+', 'roles', 'heat-works', 'provider,consumer', '+', 'parameter', 'max-block-age', '90');
    const { calls } = await answerOf(show, { ...shared, id: String(id) });
    expect(calls.map(({ en }) => en)).to.deep.equal([
      `admit member heat-works (热力, utilities, provider, https://127.0.0.1:9, ${account}, 1 keys)`,
      'roles of member heat-works: provider,consumer',
      'parameter max-block-age = 90',
    ]);
    await answerOf(execute, { ...as('chain-hub'), id: String(id) });
    expect((await statusOf('heat-works'))?.roles).to.deep.equal(['provider', 'consumer']);
  });

  it('replaces a contract, the old one staying readable', async () => {
    const old = chain.deployment.contracts['audit-anchor'];
    const { abi, bytecode } = loadArtifacts()['audit-anchor'];
    const from = testAccount('bank-changan').connect(provider);
    const data = bytecode + abi.encodeDeploy([chain.deployment.directory]).slice(2);
    const next = (await (await from.sendTransaction({ data, gasPrice: 0 })).wait())?.contractAddress as string;
    const id = await carry('contract', 'audit-anchor', next);
    expect((await answerOf(show, { ...shared, id: String(id) })).calls[0]?.en).to.contain(`contract audit-anchor becomes ${next}`);
    await answerOf(execute, { ...as('gov-credit'), id: String(id) });
    const versions = await provider.call({
      to: chain.deployment.directory,
      data: loadArtifacts().directory.abi.encodeFunctionData('versionsOf', [
        `0x${Buffer.from('audit-anchor').toString('hex').padEnd(64, '0')}`,
      ]),
    });
    expect(loadArtifacts().directory.abi.decodeFunctionResult('versionsOf', versions)[0]).to.deep.equal([old, next]);
  });

  it('shows what it can not read as unknown', async () => {
    const { abi } = loadArtifacts().council;
    const strange = abi.encodeFunctionData('propose', [[`0x${'77'.repeat(20)}`], ['0x12345678'], 'nothing to see here']);
    await (
      await testAccount('gov-credit')
        .connect(provider)
        .sendTransaction({ to: chain.deployment.contracts.council, data: strange, gasPrice: 0 })
    ).wait();
    const text = await textOf(list, { ...shared });
    expect(text).to.contain('UNKNOWN call to 0x7777777777777777777777777777777777777777: 0x12345678');
    expect(await refusal(answerOf(show, { ...shared, id: '99' }))).to.equal('NODE_COUNCIL_NO_PROPOSAL');
  });

  it('pauses by few, and ends the pause by vote', async () => {
    expect((await answerOf(pause, { ...as('gov-credit'), for: '1h' })) as unknown).to.deep.include({ paused: false, few: 2 });
    expect((await answerOf(pause, { ...as('bank-changan'), for: '2h' })) as unknown).to.deep.include({ paused: true });
    expect(await textOf(list, shared)).to.contain('PAUSED until');
    expect(await refusal(answerOf(pause, { ...as('chain-hub'), for: '1h' }))).to.equal('NODE_PAUSED');
    const id = await carry('end-pause');
    await answerOf(execute, { ...as('gov-credit'), id: String(id) });
    expect(await textOf(list, shared)).not.to.contain('PAUSED');
  });

  it('keeps the delay it was given', async () => {
    const rules = await carry('settings', '3', '1d', '7d', '7d');
    expect((await answerOf(show, { ...shared, id: String(rules) })).calls[0]?.en).to.equal(
      'council rules: quorum 3, delay 24 h, voting 7 d, window 7 d',
    );
    await answerOf(execute, { ...as('gov-credit'), id: String(rules) });
    const id = await carry('suspend', 'chain-hub');
    expect((await answerOf(show, { ...shared, id: String(id) })).state).to.equal('waiting');
    expect(await refusal(answerOf(execute, { ...as('gov-credit'), id: String(id) }))).to.equal('NODE_COUNCIL_TOO_EARLY');
    expect((await statusOf('chain-hub'))?.status).to.equal('active');
  });

  it('refuses who has no seat, no keystore or no word for it, and changes nothing', async () => {
    const before = await provider.getTransactionCount(testAccount('fin-weihe').address);
    expect(await refusal(answerOf(propose, { ...as('fin-weihe'), action: ['end-pause'] }))).to.equal('NODE_COUNCIL_NO_SEAT');
    expect(await refusal(answerOf(pause, { ...as('fin-weihe'), for: '1h' }))).to.equal('NODE_COUNCIL_NO_SEAT');
    expect(await provider.getTransactionCount(testAccount('fin-weihe').address)).to.equal(before);
    await keep('impostor', testAccount('nobody'));
    expect(await refusal(answerOf(propose, { ...as('impostor'), action: ['end-pause'] }))).to.equal('NODE_ACCOUNT_UNKNOWN');
    writeFileSync(join(root, 'wrong'), 'another\n', { mode: 0o600 });
    const wrong = { ...as('gov-credit'), passphraseFile: join(root, 'wrong'), action: ['end-pause'] };
    expect(await refusal(answerOf(propose, wrong))).to.equal('NODE_MEMBER_KEYSTORE');
    writeFileSync(join(root, 'open'), 'passphrase of a test\n', { mode: 0o644 });
    expect(await refusal(answerOf(propose, { ...wrong, passphraseFile: join(root, 'open') }))).to.equal('NODE_PASSPHRASE_UNREADABLE');
    for (const action of [
      ['abolish', 'everything'],
      ['suspend'],
      ['suspend', 'a b'],
      ['contract', 'directory', `0x${'11'.repeat(20)}`],
      ['roles', 'fin-weihe', 'king'],
      ['settings', '3', 'soon', '1d', '1d'],
    ])
      expect(await refusal(answerOf(propose, { ...as('gov-credit'), action })), action.join(' ')).to.equal('NODE_COUNCIL_ACTION');
    expect(await refusal(answerOf(propose, { action: ['end-pause'] }))).to.equal('NODE_USAGE');
    expect(await refusal(answerOf(vote, { ...as('gov-credit'), id: '1', choice: 'maybe' }))).to.equal('NODE_USAGE');
    expect(await refusal(answerOf(pause, { ...as('gov-credit'), for: 'a while' }))).to.equal('NODE_USAGE');
  });

  it('says in words what only time brings about', () => {
    const { abi } = loadArtifacts().council;
    const cases: readonly (readonly [string, NodeErrorCode])[] = [
      ['CouncilVotingClosed', 'NODE_COUNCIL_VOTING_CLOSED'],
      ['CouncilExpired', 'NODE_COUNCIL_EXPIRED'],
    ];
    for (const [name, code] of cases) {
      const error = callRefusal({ error: { message: 'execution reverted', data: abi.encodeErrorResult(name, [7, 1_800_000_000]) } });
      expect([error.code, error.detail.id]).to.deep.equal([code, 7]);
    }
    expect(callRefusal(new Error('socket')).code).to.equal('NODE_ENGINE_UNREACHABLE');
    expect(callRefusal({ error: { message: 'nonce too low' } }).detail).to.deep.equal({ error: 'nonce too low' });
  });
});
