/** Bad days of four validators: what goes on, what waits, and that nothing forks. Each test leaves all four running and in step. */
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { dataFolder } from '../../../node/data-folder.ts';
import { validatorFolder } from '../../../node/engines/kaia/folders.ts';
import type { KaiaEngine } from '../../../node/engines/kaia/kaia-engine.ts';
import type { Validator } from '../../../node/engines/kaia/validator.ts';
import { eventually } from '../../helpers/eventually.ts';
import { describeOnKaia, makeKaiaNetwork, type TestValidators } from '../../helpers/kaia-network.ts';
import { connect, walletOf } from '../../node/engines/probe-contract.ts';

/** A round waits 10 s for a proposer that is down, twice as long the next time. */
const roundsMs = 90_000;

describeOnKaia('four Kaia validators on bad days', (binaries) => {
  let network: TestValidators;
  let engine: KaiaEngine;
  /** Every transaction that was confirmed to its sender, with its block. */
  const confirmed = new Map<string, string>();
  let sender = 1_000;

  before(async () => {
    network = await makeKaiaNetwork(binaries);
    engine = network.engine();
    await engine.start();
  });
  after(async () => {
    await engine?.stop();
    await network?.remove();
  });

  const at = (index: number): Validator => engine.validators[index] as Validator;
  const read = async <T>(validator: Validator, ask: (provider: ReturnType<typeof connect>) => Promise<T>): Promise<T> => {
    const provider = connect(validator.endpoint());
    try {
      return await ask(provider);
    } finally {
      provider.destroy();
    }
  };
  const height = (validator: Validator) => read(validator, (provider) => provider.getBlockNumber());

  /** Sends one transaction to this validator's node; undefined: it was in no block within `ms`. */
  const commit = (validator: Validator, ms: number): Promise<string | undefined> =>
    read(validator, async (provider) => {
      sender += 1;
      const wallet = walletOf(sender, provider);
      const sent = await wallet.sendTransaction({ to: wallet.address, gasPrice: 0, gasLimit: 21_000, type: 0 });
      const receipt = await provider.waitForTransaction(sent.hash, 1, ms).catch(() => null);
      if (receipt === null) return undefined;
      confirmed.set(receipt.hash, receipt.blockHash);
      return receipt.hash;
    });

  /** Every node has the same blocks up to the lowest head, and every confirmed transaction in the block that it was confirmed in. */
  const expectOneHistory = async (): Promise<void> => {
    const heads = await Promise.all(engine.validators.map(height));
    const common = Math.min(...heads);
    for (let number = common; number > Math.max(0, common - 50); number -= 1) {
      const hashes = await Promise.all(
        engine.validators.map((one) => read(one, async (provider) => (await provider.getBlock(number))?.hash)),
      );
      expect(new Set(hashes).size, `block ${number}`).to.equal(1);
    }
    for (const [transaction, block] of confirmed) {
      const found = await Promise.all(
        engine.validators.map((one) => read(one, async (provider) => (await provider.getTransactionReceipt(transaction))?.blockHash)),
      );
      expect(found, transaction).to.deep.equal(engine.validators.map(() => block));
    }
  };
  const inStep = (): Promise<void> =>
    eventually(
      'all validators are at one height and go on',
      async () => {
        const heads = await Promise.all(engine.validators.map(height));
        return Math.max(...heads) - Math.min(...heads) <= 1;
      },
      roundsMs,
    );

  it('one killed: every other node takes transactions and commits them; back, it catches up', async () => {
    await at(3).kill();
    for (const index of [0, 1, 2]) expect(await commit(at(index), roundsMs)).to.be.a('string');
    await at(3).start();
    await inStep();
    await expectOneHistory();
  });

  it('two killed: nothing is committed; one back: what waited is, and nothing was lost', async () => {
    await Promise.all([at(2).kill(), at(3).kill()]);
    // A block that had its seals may still come in.
    await delay(3_000);
    const stopped = await height(at(0));
    expect(await commit(at(0), 15_000)).to.equal(undefined);
    expect(await height(at(0))).to.equal(stopped);
    await at(2).start();
    await eventually('blocks come again', async () => (await height(at(0))) > stopped, roundsMs);
    expect(await commit(at(1), roundsMs)).to.be.a('string');
    await at(3).start();
    await inStep();
    await expectOneHistory();
  });

  it('all killed at once, three times under load: whatever was confirmed is there', async () => {
    for (let round = 0; round < 3; round += 1) {
      const under = Array.from({ length: 8 }, (_, index) => commit(at(index % 4), 5_000).catch(() => undefined));
      await delay(800 + 400 * round);
      await Promise.all(engine.validators.map((validator) => validator.kill()));
      await Promise.all(under);
      await Promise.all(engine.validators.map((validator) => validator.start()));
      expect(await commit(at(round), roundsMs)).to.be.a('string');
      await inStep();
      await expectOneHistory();
    }
  });

  it("one's data deleted: it makes its database anew, gets the chain from the others and seals again", async () => {
    const { member } = at(1);
    await at(1).kill();
    rmSync(validatorFolder(dataFolder(network.dataDir).validators, member).node, { recursive: true });
    expect(await commit(at(0), roundsMs)).to.be.a('string');
    await at(1).start();
    await inStep();
    await expectOneHistory();
    // With another one gone, the network goes on only if the rebuilt one seals.
    await at(0).kill();
    expect(await commit(at(1), roundsMs)).to.be.a('string');
    await at(0).start();
    await inStep();
    await expectOneHistory();
  });
});
