import { expect } from 'chai';
import { openLedgerView } from '../../../../gateway/adapters/ledger/open-ledger-view.ts';
import { encodeChainCode } from '../../../../gateway/domain/chain-code.ts';
import type { XinshuError } from '../../../../gateway/domain/errors.ts';
import type { DatasetId, Hex, MemberId } from '../../../../gateway/domain/ids.ts';
import { type AdministeredChain, administrator, startAdministeredChain } from '../../../helpers/administered-chain.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { testAccount } from '../../../helpers/member-documents.ts';
import { type PausableProxy, startPausableProxy } from '../../../helpers/pausable-proxy.ts';
import { codeOf } from '../../../helpers/refusal.ts';
import { memoryLedgerStores, openTestLedger } from '../../../helpers/test-ledger.ts';

const bank = 'bank-changan' as MemberId;
const provider = testAccount('gov-credit');
const hash: Hex = `0x${'5a'.repeat(32)}`;
const registration = (title: string) => ({
  title,
  kind: encodeChainCode('penalty'),
  shareClass: 2,
  operations: 1,
  schemaHash: hash,
  termsHash: hash,
  fields: [{ name: encodeChainCode('penaltyNo'), grade: 2 }],
});
/** Blocks without anything in them, until the chain is longer than that. */
const longerThan = async (chain: AdministeredChain, block: number) => {
  while ((await chain.provider.getBlockNumber()) <= block) {
    await provider.connect(chain.provider).sendTransaction({ to: provider.address, gasPrice: 0 });
  }
};
const farFuture = () => Date.now() + 3_600_000;

describe('the mirror of the registries', function () {
  this.timeout(120_000);
  let chain: AdministeredChain;
  let proxy: PausableProxy;
  before(async () => {
    chain = await startAdministeredChain();
  });
  after(() => chain.remove());
  beforeEach(async () => {
    proxy = await startPausableProxy(chain.endpoint);
  });
  afterEach(async () => {
    await proxy.close();
    const member = await chain.contract('member-registry').getFunction('member')(encodeChainCode(bank));
    if (member.status === 2n) await chain.send(administrator, 'member-registry', 'resume', [encodeChainCode(bank)]);
  });
  const register = (id: string) => chain.send(provider, 'data-catalog', 'register', [encodeChainCode(id), registration(id)]);
  const suspend = () => chain.send(administrator, 'member-registry', 'suspend', [encodeChainCode(bank), hash]);

  it('answers at an earlier block as it did when that block was the newest, after a restart and after a rebuild too', async () => {
    const stores = memoryLedgerStores();
    let open = await openTestLedger(chain, { stores });
    const before = open.ledger.head().block;
    const { blockNumber } = await suspend();
    expect(await open.ledger.reached(blockNumber, 20_000)).to.equal(true);
    const check = () => {
      expect(open.ledger.at(before.number)?.block).to.deep.equal(before);
      expect(open.ledger.at(before.number)?.member(bank)?.status).to.equal('active');
      expect(open.ledger.at(blockNumber)?.member(bank)?.status).to.equal('suspended');
      expect(open.ledger.at(blockNumber + 1)).to.equal(undefined);
    };
    check();
    for (const rebuild of [false, true]) {
      await open.close();
      open = await openTestLedger(chain, { stores, rebuild });
      check();
    }
    await open.close();
  });

  it('resumes from its store: only what is new is read from the node', async () => {
    const stores = memoryLedgerStores();
    await (await openTestLedger(chain, { stores })).close();
    proxy.mode = 'dead';
    const open = await openTestLedger(chain, { stores, url: proxy.endpoint });
    expect(open.ledger.head().member(bank)?.status).to.equal('active');
    expect(open.ledger.head().members()).to.have.length(6);
    await open.close();
  });

  it('refuses a first start without a node', async () => {
    proxy.mode = 'dead';
    const error = await openTestLedger(chain, { url: proxy.endpoint }).catch((reason: XinshuError) => reason);
    expect((error as XinshuError).code).to.equal('LEDGER_UNREACHABLE');
  });

  it('stays where it is while the node is dead, refuses to decide past max-block-age, and goes on when the node is back', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint });
    await open.ledger.freshen();
    const head = open.ledger.head().block;
    expect(open.ledger.decide(head.time * 1000).ok).to.equal(true);
    proxy.mode = 'dead';
    const { blockNumber } = await suspend();
    expect(await open.ledger.reached(blockNumber, 200)).to.equal(false);
    expect(open.ledger.head().block).to.deep.equal(head);
    expect(codeOf(open.ledger.decide(farFuture()))).to.equal('LEDGER_STALE');
    const limit = open.ledger.head().parameter('max-block-age');
    expect(open.ledger.decide((head.time + limit) * 1000).ok).to.equal(true);
    expect(codeOf(open.ledger.decide((head.time + limit) * 1000 + 1))).to.equal('LEDGER_STALE');
    proxy.mode = 'open';
    expect(await open.ledger.reached(blockNumber, 20_000)).to.equal(true);
    expect(open.ledger.head().member(bank)?.status).to.equal('suspended');
    await open.close();
  });

  it('does not take a block whose logs the node left out', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint });
    proxy.hidesLogs = true;
    const { blockNumber } = await suspend();
    const looks = proxy.methods.length;
    await eventually('some looks at the node', () => proxy.methods.length > looks + 10);
    expect(open.ledger.head().block.number).to.equal(blockNumber - 1);
    proxy.hidesLogs = false;
    expect(await open.ledger.reached(blockNumber, 20_000)).to.equal(true);
    expect(open.ledger.head().member(bank)?.status).to.equal('suspended');
    await open.close();
  });

  it('waits for a node that is behind, and never goes back', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint });
    const { blockNumber } = await suspend();
    await open.ledger.reached(blockNumber, 20_000);
    proxy.mode = blockNumber - 3;
    const looks = proxy.methods.length;
    await eventually('some looks at the lagging node', () => proxy.methods.length > looks + 5);
    expect(open.ledger.head().block.number).to.equal(blockNumber);
    proxy.mode = 'open';
    const later = await register('gov-credit.after-lag');
    expect(await open.ledger.reached(later.blockNumber, 20_000)).to.equal(true);
    await open.close();
  });

  it('stops deciding when the node serves another history, and says so once', async () => {
    const other = await startAdministeredChain();
    const fatal: XinshuError[] = [];
    const open = await openTestLedger(chain, { url: proxy.endpoint, fatal });
    const { blockNumber } = await suspend();
    await open.ledger.reached(blockNumber, 20_000);
    await other.send(provider, 'data-catalog', 'register', [encodeChainCode('gov-credit.elsewhere'), registration('elsewhere')]);
    await longerThan(other, blockNumber);
    proxy.target = other.endpoint;
    await eventually('the mismatch is told', () => fatal.length > 0);
    expect(fatal.map(({ code }) => code)).to.deep.equal(['LEDGER_MISMATCH']);
    expect(codeOf(open.ledger.decide(Date.now()))).to.equal('LEDGER_MISMATCH');
    expect(open.ledger.head().dataset('gov-credit.elsewhere' as DatasetId)).to.equal(undefined);
    await open.close();
    await other.remove();
  });

  it('refuses another chain id, an address without a Directory, and a store of another chain', async () => {
    const code = (opening: Promise<unknown>) =>
      opening.then(
        () => undefined,
        (error: XinshuError) => error.code,
      );
    expect(await code(openTestLedger(chain, { chainId: 1 }))).to.equal('LEDGER_MISMATCH');
    expect(await code(openTestLedger(chain, { directory: provider.address as never }))).to.equal('LEDGER_MISMATCH');
    const stores = memoryLedgerStores();
    await (await openTestLedger(chain, { stores })).close();
    expect(await code(openTestLedger(chain, { stores, directory: chain.contracts['data-catalog'] as never }))).to.equal('LEDGER_MISMATCH');
  });

  it('decides without a call to the node', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint, pollMs: 3_600_000 });
    await open.ledger.freshen();
    const { time } = open.ledger.head().block;
    const calls = proxy.methods.length;
    for (let i = 0; i < 10_000; i += 1) {
      const decided = open.ledger.decide(time * 1000);
      expect(decided.ok && decided.value.member(bank)?.id).to.equal(bank);
    }
    expect(proxy.methods.length).to.equal(calls);
    await open.close();
  });

  it('moves with blocks in which nothing happened, and asks for one at most once a second', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint });
    const before = open.ledger.head().block;
    await Promise.all(Array.from({ length: 20 }, () => open.ledger.freshen()));
    expect(proxy.methods.filter((method) => method === 'xinshu_freshBlock')).to.have.length(1);
    // The node makes none within a second of its last block, which an earlier test may have caused a moment ago.
    await eventually('an empty block', async () => {
      await open.ledger.freshen();
      return open.ledger.head().block.number > before.number;
    });
    expect(open.ledger.head().block.time).to.be.at.least(before.time);
    await open.close();
  });

  it('tells listeners of every block in order, until they stop', async () => {
    const open = await openTestLedger(chain);
    const seen: number[] = [];
    const stop = open.ledger.onBlock((view) => seen.push(view.block.number));
    const first = open.ledger.head().block.number;
    const { blockNumber } = await suspend();
    await open.ledger.reached(blockNumber, 20_000);
    stop();
    const later = await register('gov-credit.unheard');
    await open.ledger.reached(later.blockNumber, 20_000);
    expect(seen).to.deep.equal(Array.from({ length: blockNumber - first }, (_, at) => first + 1 + at));
    await open.close();
  });

  it('finds a member by its TLS pin in the blocks in which the pin is valid', async () => {
    const open = await openTestLedger(chain);
    const pin: Hex = `0x${'77'.repeat(32)}`;
    const account = testAccount(bank);
    const added = await chain.send(account, 'member-registry', 'addKey', [4, encodeChainCode('sha256-spki'), pin]);
    const retired = await chain.send(account, 'member-registry', 'retireKey', [4]);
    await open.ledger.reached(retired.blockNumber, 20_000);
    const at = (block: number) => open.ledger.at(block)?.memberByPin(pin)?.id;
    expect(at(added.blockNumber - 1)).to.equal(undefined);
    expect(at(added.blockNumber)).to.equal(bank);
    expect(at(retired.blockNumber)).to.equal(undefined);
    await open.close();
  });

  it('is not stopped by bytes in a title that are no UTF-8', async () => {
    const open = await openTestLedger(chain);
    const data = chain
      .contract('data-catalog')
      .interface.encodeFunctionData('register', [encodeChainCode('gov-credit.odd'), registration('abcd')]);
    const odd = data.replace(Buffer.from('abcd').toString('hex'), 'ff00fe80');
    const sent = await provider.connect(chain.provider).sendTransaction({ to: chain.contracts['data-catalog'], data: odd, gasPrice: 0 });
    const receipt = await sent.wait();
    await open.ledger.reached(receipt?.blockNumber ?? 0, 20_000);
    expect(open.ledger.head().dataset('gov-credit.odd' as DatasetId)?.title).to.equal('\ufffd\u0000\ufffd\ufffd');
    expect(await open.check()).to.deep.include({ differences: [] });
    await open.close();
  });

  it('is read from the chain into memory for who trusts no gateway', async () => {
    const { blockNumber } = await suspend();
    const view = await openLedgerView({ url: chain.endpoint, chainId: chain.chainId, directory: chain.contracts.directory as never });
    expect(view.head().member(bank)?.status).to.equal('suspended');
    expect((await view.viewAt(blockNumber - 1))?.member(bank)?.status).to.equal('active');
    expect((await view.viewAt(0))?.members()).to.deep.equal([]);
    expect(await view.viewAt(blockNumber + 1)).to.equal(undefined);
    expect((await view.check()).differences).to.deep.equal([]);
    await view.close();
  });

  it('follows a replaced contract, with what it did before it was named, and keeps the old answers', async () => {
    const open = await openTestLedger(chain);
    await register('gov-credit.old');
    const next = await chain.deploy('data-catalog', [chain.contracts.directory]);
    const contract = chain.contract('data-catalog', next).connect(provider.connect(chain.provider)) as ReturnType<
      AdministeredChain['contract']
    >;
    await (await contract.getFunction('register')(encodeChainCode('gov-credit.b'), registration('b'), { gasPrice: 0 })).wait();
    const named = await chain.send(administrator, 'directory', 'set', [encodeChainCode('data-catalog'), next]);
    await open.ledger.reached(named.blockNumber, 20_000);
    const ids = (block: number) =>
      open.ledger
        .at(block)
        ?.datasets()
        .map(({ id }) => id);
    expect(ids(named.blockNumber - 1))
      .to.include('gov-credit.old')
      .and.not.include('gov-credit.b');
    expect(ids(named.blockNumber)).to.deep.equal(['gov-credit.b']);
    expect(open.ledger.address('data-catalog')).to.equal(next);
    expect(await open.check()).to.deep.include({ differences: [] });
    await open.close();
  });
});
