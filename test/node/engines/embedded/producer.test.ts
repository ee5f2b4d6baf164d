import { expect } from 'chai';
import { TransactionRefused } from '../../../../node/engines/embedded/refusals.ts';
import { type InProcessLedger, openInProcess, rawTransaction, testWallet } from './in-process.ts';

async function refusalOf(outcome: Promise<unknown>): Promise<TransactionRefused> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(TransactionRefused);
  return error as TransactionRefused;
}

describe('embedded producer', () => {
  let under: InProcessLedger;
  const height = () => under.ledger.chain.head.header.number;
  const timestamp = () => Number(under.ledger.chain.head.header.timestamp);
  const submit = async (seed: number, nonce: number, overrides = {}) =>
    under.ledger.producer.submit(await rawTransaction(testWallet(seed), nonce, overrides));

  afterEach(() => under.close());

  it('puts what arrives together into one block, each sender in order of nonce', async () => {
    under = await openInProcess();
    await under.settle(Promise.all([submit(1, 2), submit(1, 0), submit(2, 0), submit(1, 1)]));
    expect(height()).to.equal(1n);
    expect(under.ledger.chain.head.transactions.map(({ nonce }) => Number(nonce))).to.deep.equal([0, 1, 2, 0]);
    expect(await under.ledger.producer.pendingNonce(testWallet(1).address)).to.equal(3n);
  });

  it('answers nobody before the block is on disk', async () => {
    under = await openInProcess();
    const sent = submit(1, 0);
    const hash = await under.settle(sent);
    const place = under.ledger.chain.placeOf(new Uint8Array(Buffer.from(hash.slice(2), 'hex')));
    expect(place).to.deep.equal({ number: 1n, index: 0 });
  });

  it('answers the same transaction the same way, twice at once and after its block', async () => {
    under = await openInProcess();
    const hashes = await under.settle(Promise.all([submit(1, 0), submit(1, 0)]));
    expect(hashes[0]).to.equal(hashes[1]);
    expect(await under.settle(submit(1, 0))).to.equal(hashes[0]);
    expect(height()).to.equal(1n);
  });

  it('drops a transaction whose predecessors never come, and takes nothing of it', async () => {
    under = await openInProcess({ gapMs: 1_000 });
    const gapped = submit(1, 1);
    await under.settle(submit(2, 0));
    expect(under.ledger.producer.pending).to.equal(1);
    const outcome = refusalOf(gapped);
    under.clock.advance(1_300);
    expect((await outcome).message).to.match(/^nonce too high: next nonce 0, tx nonce 1/);
    expect(under.ledger.producer.pending).to.equal(0);
    expect(height()).to.equal(1n);
  });

  it('runs a transaction that waited once its predecessor comes', async () => {
    under = await openInProcess({ gapMs: 1_000 });
    const gapped = submit(1, 1);
    under.clock.advance(600);
    await under.settle(Promise.all([gapped, submit(1, 0)]));
    expect(await under.ledger.producer.pendingNonce(testWallet(1).address)).to.equal(2n);
  });

  it('refuses a full pool with a code for later, and a second transaction for a waiting nonce', async () => {
    under = await openInProcess({ poolTransactions: 2 });
    const waiting = [submit(1, 5), submit(1, 6)].map(refusalOf);
    await new Promise((resolve) => setImmediate(resolve));
    await under.settle(Promise.resolve());
    expect((await refusalOf(submit(2, 0))).code).to.equal(-32005);
    under.clock.advance(20_000);
    await Promise.all(waiting);
    const [first, second] = [submit(3, 9), submit(3, 9, { gasLimit: 22_000 })].map(refusalOf);
    expect((await second)?.message).to.contain('underpriced');
    under.clock.advance(20_000);
    await first;
    expect(height()).to.equal(0n);
  });

  it('refuses what can never run and changes nothing', async () => {
    under = await openInProcess();
    const { producer } = under.ledger;
    await under.settle(submit(1, 0));
    for (const [outcome, said] of [
      [submit(1, 0, { value: 0, gasLimit: 30_000 }), 'nonce too low'],
      [submit(1, 1, { gasLimit: 20_999 }), 'intrinsic gas too low'],
      [submit(1, 1, { gasLimit: 100_000_001 }), 'exceeds block gas limit'],
      [submit(1, 1, { chainId: 1 }), 'invalid transaction'],
      [submit(1, 1, { chainId: 0 }), 'replay-protected'],
      [producer.submit(Uint8Array.of(1, 2, 3)), 'invalid transaction'],
      [producer.submit(new Uint8Array()), 'invalid transaction'],
    ] as const) {
      expect((await refusalOf(outcome)).message, said).to.contain(said);
    }
    expect((await refusalOf(under.settle(submit(1, 1, { value: 1 })))).message).to.contain('funds');
    expect(await producer.pendingNonce(testWallet(1).address)).to.equal(1n);
    // A refusal in the middle of a block leaves those around it alone.
    const [poor, well] = await under.settle(Promise.allSettled([submit(4, 0, { value: 1 }), submit(5, 0)]));
    expect([poor?.status, well?.status]).to.deep.equal(['rejected', 'fulfilled']);
  });

  it('follows the clock, and never goes back with it', async () => {
    under = await openInProcess();
    const start = Math.floor(under.clock.now() / 1000);
    await under.settle(submit(1, 0));
    expect(timestamp()).to.equal(start);
    under.clock.advance(90_000);
    await under.settle(submit(1, 1));
    expect(timestamp()).to.equal(start + 90);
    under.clock.setNow((start - 500) * 1000);
    await under.settle(submit(1, 2));
    expect(timestamp()).to.equal(start + 90);
    expect(height()).to.equal(3n);
  });

  it('makes a fresh block when asked, at most one a second', async () => {
    under = await openInProcess();
    await under.settle(Promise.all([under.ledger.producer.fresh(), under.ledger.producer.fresh()]));
    expect(height()).to.equal(1n);
    await under.settle(under.ledger.producer.fresh());
    expect(height()).to.equal(1n);
    under.clock.advance(1_000);
    await under.settle(under.ledger.producer.fresh());
    expect(height()).to.equal(2n);
    expect(timestamp()).to.equal(Math.floor(under.clock.now() / 1000));
  });

  it('splits what does not fit into one block', async () => {
    under = await openInProcess({ blockTransactions: 2 });
    await under.settle(Promise.all([0, 1, 2, 3, 4].map((nonce) => submit(1, nonce))));
    expect(height()).to.equal(3n);
    await under.settle(Promise.all([submit(2, 0, { gasLimit: 60_000_000 }), submit(3, 0, { gasLimit: 60_000_000 })]));
    expect(height()).to.equal(5n);
  });

  it('refuses what still waits when it closes', async () => {
    under = await openInProcess();
    const gapped = refusalOf(submit(1, 3));
    await under.settle(submit(2, 0));
    await under.ledger.producer.close();
    expect((await gapped).code).to.equal(-32005);
    expect((await refusalOf(under.ledger.producer.fresh())).code).to.equal(-32005);
  });
});
