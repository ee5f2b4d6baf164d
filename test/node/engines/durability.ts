import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Contract, type JsonRpcProvider, type Wallet } from 'ethers';
import type { EngineUnderTest } from './conformance.ts';
import { rpc } from './conformance.ts';
import { connect, probeArtifact, probeFactory, walletOf } from './probe-contract.ts';

interface Confirmed {
  readonly hash: string;
  readonly block: string;
}

const senders = 8;
const kills = 6;

/** Kills the engine under load at seeded random moments; whatever it had answered must still be there, and the chain must go on. */
export function engineDurability(
  name: string,
  prepare: () => Promise<EngineUnderTest>,
  patience = 180_000,
  seed = Number(process.env.SEED ?? Date.now() % 100_000),
): void {
  describe(`engine durability: ${name} (SEED=${seed})`, () => {
    it(`loses nothing answered in ${kills} SIGKILLs under load`, async function () {
      this.timeout(patience);
      const random = randomFrom(seed);
      const under = await prepare();
      try {
        let engine = under.engine;
        await engine.start();
        const first = connect(engine.endpoint());
        const deployed = await probeFactory(walletOf(99, first)).deploy({ gasPrice: 0 });
        await deployed.waitForDeployment();
        const probe = await deployed.getAddress();
        first.destroy();

        const confirmed: Confirmed[] = [];
        for (let round = 0; round < kills; round += 1) {
          const provider = connect(engine.endpoint());
          const wallets = Array.from({ length: senders }, (_, index) => walletOf(index, provider));
          const enough = confirmed.length + 20 + Math.floor(random() * 60);
          await loadUntil(engine.endpoint(), wallets, probe, confirmed, enough, () => under.kill());
          provider.destroy();
          engine = under.again();
          await engine.start();
          await expectAllThere(
            engine.endpoint(),
            probe,
            wallets.map(({ address }) => address),
            confirmed,
          );
        }
        expect(confirmed.length).to.be.at.least(kills * 20);
      } finally {
        await under.remove();
      }
    });
  });
}

/** Sends from every wallet side by side, and ends the engine in the middle of it once `enough` are confirmed. */
async function loadUntil(
  endpoint: string,
  wallets: Wallet[],
  probe: string,
  confirmed: Confirmed[],
  enough: number,
  kill: () => Promise<void>,
): Promise<void> {
  const { interface: abi } = new Contract(probe, probeArtifact().abi);
  let killed: Promise<void> | undefined;
  const send = async (wallet: Wallet) => {
    let nonce = await wallet.getNonce();
    while (killed === undefined) {
      const data = abi.encodeFunctionData('set', [nonce, '0x']);
      const raw = await wallet.signTransaction({ to: probe, data, nonce, gasLimit: 200_000, gasPrice: 0, type: 0, chainId: 619_900 });
      const sent = (await rpc(endpoint, 'eth_sendRawTransaction', [raw])) as { result: string };
      const block = await blockOf(endpoint, sent.result, () => killed !== undefined);
      if (block === undefined) return;
      confirmed.push({ hash: sent.result, block });
      nonce += 1;
      if (confirmed.length >= enough) killed ??= kill();
    }
  };
  const outcomes = await Promise.allSettled(wallets.map(send));
  await killed;
  // Nothing but the killed connection may have ended a sender.
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(String(outcome.reason)).to.match(/fetch failed|socket|terminated/i);
}

/** The block that a transaction came into; some engines take it in first. undefined: the engine was ended before. */
async function blockOf(endpoint: string, hash: string, ended: () => boolean): Promise<string | undefined> {
  while (!ended()) {
    const { result } = (await rpc(endpoint, 'eth_getTransactionReceipt', [hash])) as { result: { blockHash: string } | null };
    if (result !== null) return result.blockHash;
    await delay(50);
  }
  return undefined;
}

async function expectAllThere(endpoint: string, probe: string, senderAddresses: string[], confirmed: Confirmed[]): Promise<void> {
  const provider: JsonRpcProvider = connect(endpoint);
  for (const { hash, block } of confirmed) expect((await provider.getTransactionReceipt(hash))?.blockHash, hash).to.equal(block);
  const contract = new Contract(probe, probeArtifact().abi, provider);
  for (const sender of senderAddresses) {
    expect(await contract.getFunction('writes').staticCall(sender)).to.equal(BigInt(await provider.getTransactionCount(sender)));
  }
  const head = await provider.getBlockNumber();
  for (let number = head; number > Math.max(0, head - 20); number -= 1) {
    expect((await provider.getBlock(number))?.parentHash).to.equal((await provider.getBlock(number - 1))?.hash);
  }
  provider.destroy();
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
