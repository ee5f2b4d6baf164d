import { expect } from 'chai';
import { encodeChainCode } from '../../../../gateway/domain/chain-code.ts';
import type { DatasetId, Hex } from '../../../../gateway/domain/ids.ts';
import { registerDataset, retireDataset, setEndpoint, setPrice } from '../../../../gateway/ports/ledger-calls.ts';
import { type AdministeredChain, startAdministeredChain } from '../../../helpers/administered-chain.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { testAccount } from '../../../helpers/member-documents.ts';
import { type PausableProxy, startPausableProxy } from '../../../helpers/pausable-proxy.ts';
import { codeOf, valueIn } from '../../../helpers/refusal.ts';
import { memoryLedgerStores, openTestLedger } from '../../../helpers/test-ledger.ts';

const hash: Hex = `0x${'5a'.repeat(32)}`;
const dataset = (name: string) => `gov-credit.${name}` as DatasetId;
const register = (id: DatasetId) =>
  registerDataset(id, {
    title: 'penalties',
    kind: 'penalty',
    shareClass: 'conditional',
    operations: ['raw'],
    schemaHash: hash,
    termsHash: hash,
    fields: [{ name: 'penaltyNo', grade: 2 }],
  });

describe('the writer of one account', function () {
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
  afterEach(() => proxy.close());
  const nonce = () => chain.provider.getTransactionCount(testAccount('gov-credit').address);

  it('answers when the call is in a block and that block is mirrored, with its events', async () => {
    const open = await openTestLedger(chain);
    const included = valueIn(await open.writer.submit(register(dataset('one'))));
    expect(open.ledger.head().block.number).to.be.at.least(included.block);
    expect(open.ledger.head().dataset(dataset('one'))?.owner).to.equal('gov-credit');
    expect(included.events.map(({ contract, name }) => `${contract}/${name}`)).to.deep.equal([
      'data-catalog/DatasetRegistered',
      'data-catalog/FieldsSet',
    ]);
    expect(included.events[0]?.args).to.deep.include({ id: encodeChainCode(dataset('one')), title: 'penalties', shareClass: 2n });
    await open.close();
  });

  it('refuses what would revert, with the custom error and its arguments, and sends nothing', async () => {
    const open = await openTestLedger(chain, { member: 'bank-changan' });
    await openTestLedger(chain).then(async (provider) => {
      valueIn(await provider.writer.submit(register(dataset('two'))));
      await provider.close();
    });
    const account = testAccount('bank-changan').address;
    const before = await chain.provider.getTransactionCount(account);
    const refused = await open.writer.submit(setPrice(dataset('two'), 1n));
    expect(refused).to.deep.equal({
      ok: false,
      refusal: {
        code: 'LEDGER_CALL_REVERTED',
        detail: { error: 'DataCatalogNotOwner', id: dataset('two'), caller: 'bank-changan' },
      },
    });
    expect(await chain.provider.getTransactionCount(account)).to.equal(before);
    await open.close();
  });

  it('refuses arguments that do not fit the contract, without naming their values', async () => {
    const open = await openTestLedger(chain);
    const refused = await open.writer.submit({ contract: 'data-catalog', method: 'setPrice', args: ['secret', 1n] });
    expect(codeOf(refused)).to.equal('LEDGER_CALL_INVALID');
    expect(JSON.stringify(refused)).not.to.contain('secret');
    await open.close();
  });

  it('carries many calls at once, in their order, in few blocks', async () => {
    const open = await openTestLedger(chain);
    valueIn(await open.writer.submit(register(dataset('three'))));
    const prices = Array.from({ length: 30 }, (_, at) => BigInt(at + 1));
    const outcomes = await Promise.all(prices.map((price) => open.writer.submit(setPrice(dataset('three'), price))));
    const blocks = outcomes.map((outcome) => valueIn(outcome).block);
    expect(new Set(blocks).size).to.be.lessThan(30);
    expect((await open.check()).differences).to.deep.equal([]);
    await open.close();
  });

  it('tries a call that needs one under way again once that is in', async () => {
    const open = await openTestLedger(chain);
    const outcomes = await Promise.all([open.writer.submit(register(dataset('four'))), open.writer.submit(setPrice(dataset('four'), 7n))]);
    expect(outcomes.map(({ ok }) => ok)).to.deep.equal([true, true]);
    expect(open.ledger.head().dataset(dataset('four'))?.priceFen).to.equal(7n);
    await open.close();
  });

  it('says what a call reverted with that only failed in its block', async () => {
    const open = await openTestLedger(chain);
    valueIn(await open.writer.submit(register(dataset('five'))));
    const outcomes = await Promise.all([
      open.writer.submit(retireDataset(dataset('five'))),
      open.writer.submit(retireDataset(dataset('five'))),
    ]);
    const [refused] = outcomes.filter(({ ok }) => !ok);
    expect(outcomes.filter(({ ok }) => ok)).to.have.length(1);
    expect(refused).to.deep.equal({
      ok: false,
      refusal: { code: 'LEDGER_CALL_REVERTED', detail: { error: 'DataCatalogRetired', id: dataset('five') } },
    });
    await open.close();
  });

  it('refuses as retryable while the node is dead', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint });
    const before = await nonce();
    proxy.mode = 'dead';
    expect(codeOf(await open.writer.submit(setEndpoint('https://127.0.0.1:1')))).to.equal('LEDGER_UNREACHABLE');
    proxy.mode = 'open';
    valueIn(await open.writer.submit(setEndpoint('https://127.0.0.1:1')));
    expect(await nonce()).to.equal(before + 1);
    await open.close();
  });

  const loseAnswers = () => {
    proxy.deaf.add('eth_sendRawTransaction').add('eth_getTransactionReceipt');
  };

  it('sends nothing twice when answers are lost: the call made again takes the first outcome', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint, answerMs: 3_000 });
    const before = await nonce();
    const call = setEndpoint('https://127.0.0.1:2');
    loseAnswers();
    expect(codeOf(await open.writer.submit(call))).to.equal('LEDGER_UNREACHABLE');
    await eventually('it is in a block', async () => (await nonce()) === before + 1);
    proxy.deaf.clear();
    valueIn(await open.writer.submit(call));
    expect(await nonce()).to.equal(before + 1);
    valueIn(await open.writer.submit(call));
    expect(await nonce(), 'a repetition is a new call').to.equal(before + 2);
    await open.close();
  });

  it('finds after a restart what it had sent before', async () => {
    const stores = memoryLedgerStores();
    const call = setEndpoint('https://127.0.0.1:3');
    const first = await openTestLedger(chain, { url: proxy.endpoint, stores, answerMs: 3_000 });
    const before = await nonce();
    loseAnswers();
    expect(codeOf(await first.writer.submit(call))).to.equal('LEDGER_UNREACHABLE');
    await eventually('it is in a block', async () => (await nonce()) === before + 1);
    await first.close();
    proxy.deaf.clear();
    const second = await openTestLedger(chain, { url: proxy.endpoint, stores });
    valueIn(await second.writer.submit(call));
    expect(await nonce()).to.equal(before + 1);
    await second.close();
  });

  it('forgets after a restart what was signed and never sent', async () => {
    const stores = memoryLedgerStores();
    const call = setEndpoint('https://127.0.0.1:4');
    const first = await openTestLedger(chain, { url: proxy.endpoint, stores, answerMs: 500 });
    const before = await nonce();
    proxy.cut.add('eth_sendRawTransaction');
    expect(codeOf(await first.writer.submit(call))).to.equal('LEDGER_UNREACHABLE');
    await first.close();
    proxy.cut.clear();
    const second = await openTestLedger(chain, { url: proxy.endpoint, stores });
    valueIn(await second.writer.submit(call));
    expect(await nonce()).to.equal(before + 1);
    await second.close();
  });

  it('takes another nonce when something else used its own', async () => {
    const open = await openTestLedger(chain, { url: proxy.endpoint });
    const before = await nonce();
    proxy.cut.add('eth_sendRawTransaction');
    const submitted = [4, 5].map((port) => open.writer.submit(setEndpoint(`https://127.0.0.1:${port}`)));
    await eventually('they are signed', () => proxy.methods.includes('eth_sendRawTransaction'));
    const wallet = testAccount('gov-credit').connect(chain.provider);
    await (await wallet.sendTransaction({ to: wallet.address, gasPrice: 0 })).wait();
    proxy.cut.clear();
    for (const outcome of await Promise.all(submitted)) valueIn(outcome);
    expect(await nonce()).to.equal(before + 3);
    await open.close();
  });
});
