import { expect } from 'chai';
import {
  type BaseContract,
  Contract,
  Interface,
  id,
  type JsonRpcProvider,
  SigningKey,
  sha256,
  toBeHex,
  toQuantity,
  type Wallet,
} from 'ethers';
import type { Engine } from '../../../node/engines/engine.ts';
import { connect, probeArtifact, probeFactory, walletOf } from './probe-contract.ts';

/** An engine on a fresh chain, and the ways a test may treat it. */
export interface EngineUnderTest {
  readonly engine: Engine;
  /** Ends the engine's process with SIGKILL and resolves once it is gone. */
  kill(): Promise<void>;
  /** A new engine, not started, on the same data. */
  again(): Engine;
  /** Ends whatever runs and removes the data. */
  remove(): Promise<void>;
}

interface RpcFailure {
  readonly error: { code: number; message: string; data?: string };
}

/** What test/node/engines asks of every engine. `prepare` makes an engine that is not started yet. */
export function engineConformance(name: string, prepare: () => Promise<EngineUnderTest>): void {
  describe(`engine conformance: ${name}`, () => {
    let under: EngineUnderTest;
    let provider: JsonRpcProvider;
    let wallet: Wallet;
    let probe: Contract;

    before(async () => {
      under = await prepare();
      await under.engine.start();
      provider = connect(under.engine.endpoint());
      wallet = walletOf(1, provider);
      const deployed = await probeFactory(wallet).deploy({ gasPrice: 0 });
      await deployed.waitForDeployment();
      probe = new Contract(await deployed.getAddress(), probeArtifact().abi, wallet);
    });

    after(async () => {
      provider?.destroy();
      await under?.remove();
    });

    const set = async (value: number, note = '0x', overrides = {}) => {
      const sent = await probe.getFunction('set').send(value, note, { gasPrice: 0, ...overrides });
      const receipt = await sent.wait();
      if (receipt === null) throw new Error('no receipt');
      return receipt;
    };
    const refusal = async (method: string, params: unknown[]): Promise<RpcFailure['error']> => {
      const answer = await rpc(under.engine.endpoint(), method, params);
      expect(answer, JSON.stringify(answer)).to.have.property('error');
      return (answer as RpcFailure).error;
    };

    it('reports its health and head', async () => {
      const before = await provider.getBlockNumber();
      const health = await under.engine.health();
      expect(health.ok).to.equal(true);
      // Some engines make blocks all the time.
      expect(health.height).to.be.within(before, await provider.getBlockNumber());
      expect(health.headHash).to.equal((await provider.getBlock(health.height))?.hash);
    });

    it('names a final block by its rule', async () => {
      const { blockNumber } = await set(1);
      const final = await provider.getBlock(under.engine.finality.tag);
      expect(final?.number).to.be.within(blockNumber, await provider.getBlockNumber());
    });

    it('runs legacy, access list and fee market transactions from accounts without a balance', async () => {
      for (const overrides of [
        { type: 0, gasPrice: 0 },
        { type: 1, gasPrice: 0, accessList: [] },
        { type: 2, gasPrice: undefined, maxFeePerGas: 0, maxPriorityFeePerGas: 0 },
      ]) {
        const receipt = await set(overrides.type, '0x', overrides);
        expect(receipt.status).to.equal(1);
        expect((await provider.getTransaction(receipt.hash))?.type).to.equal(overrides.type);
      }
      expect(await provider.getBalance(wallet)).to.equal(0n);
    });

    it('keeps transactions, receipts and blocks that agree', async () => {
      const receipt = await set(7, '0xbeef');
      const block = await provider.getBlock(receipt.blockHash, true);
      expect(block?.number).to.equal(receipt.blockNumber);
      expect(block?.transactions).to.include(receipt.hash);
      expect((await provider.getTransaction(receipt.hash))?.from).to.equal(wallet.address);
      expect((await provider.getBlock(receipt.blockNumber - 1))?.hash).to.equal(block?.parentHash);
      const ofBlock = (await provider.send('eth_getBlockReceipts', [toQuantity(receipt.blockNumber)])) as {
        transactionHash: string;
        logs: unknown[];
      }[];
      expect(ofBlock.map(({ transactionHash }) => transactionHash)).to.include(receipt.hash);
      expect(receipt.gasUsed <= BigInt(block?.gasUsed ?? 0)).to.equal(true);
    });

    it('answers calls at old blocks with the state of then', async () => {
      const first = await set(100);
      const second = await set(200);
      expect(await probe.getFunction('value').staticCall({ blockTag: first.blockNumber })).to.equal(100n);
      expect(await probe.getFunction('value').staticCall({ blockTag: second.blockNumber })).to.equal(200n);
      expect(await provider.getStorage(await probe.getAddress(), 0, first.blockNumber)).to.equal(toBeHex(100, 32));
      expect(await provider.getCode(await probe.getAddress(), 0)).to.equal('0x');
      expect(await provider.getTransactionCount(wallet, first.blockNumber)).to.equal((await provider.getTransactionCount(wallet)) - 1);
    });

    it('leaves nothing behind after a call', async () => {
      await set(5);
      await probe.getFunction('set').staticCall(999, '0x');
      expect(await probe.getFunction('value').staticCall()).to.equal(5n);
    });

    it('gives the revert data of a refused call', async () => {
      const to = await probe.getAddress();
      const encoded = new Interface(probeArtifact().abi);
      const custom = await refusal('eth_call', [{ to, data: encoded.encodeFunctionData('refuse', [42]) }, 'latest']);
      expect(custom.code).to.equal(3);
      expect(encoded.parseError(custom.data ?? '')?.args.toArray()).to.deep.equal([42n, 'not today']);
      const text = await refusal('eth_estimateGas', [{ to, data: encoded.encodeFunctionData('refuseWithText') }]);
      expect(text.message).to.contain('plain words');
    });

    it('keeps a reverted transaction with status 0 and no logs', async () => {
      const sent = await probe.getFunction('refuse').send(1, { gasPrice: 0, gasLimit: 100_000 });
      const receipt = await provider.waitForTransaction(sent.hash);
      expect(receipt?.status).to.equal(0);
      expect(receipt?.logs).to.deep.equal([]);
    });

    it('estimates gas that is enough and not far above what is needed', async () => {
      for (const [method, args] of [
        ['set', [1, '0x00']],
        ['fill', [20]],
        ['needsHalfOf', [300_000]],
      ] as const) {
        const estimate = await probe.getFunction(method).estimateGas(...args);
        const sent = await probe.getFunction(method).send(...args, { gasPrice: 0, gasLimit: estimate });
        expect((await sent.wait())?.status, method).to.equal(1);
        const call = { from: wallet.address, to: await probe.getAddress(), data: probe.interface.encodeFunctionData(method, [...args]) };
        const half = await provider.call({ ...call, gasLimit: estimate / 2n }).then(
          () => 'enough',
          () => 'too little',
        );
        if (method === 'needsHalfOf') expect(half).to.equal('too little');
      }
    });

    it('finds logs by address, by topic at its position, and by range', async () => {
      const [first, second] = [await set(31_337), await set(31_338)];
      const other = await probeFactory(wallet).deploy({ gasPrice: 0 });
      await other.waitForDeployment();
      const range = { fromBlock: first.blockNumber, toBlock: second.blockNumber };
      const address = await probe.getAddress();
      const changed = id('Changed(address,uint256,bytes)');
      const found = async (filter: object) => (await provider.getLogs({ ...range, ...filter })).map(({ blockNumber }) => blockNumber);

      expect(await found({ address })).to.deep.equal([first.blockNumber, second.blockNumber]);
      expect(await found({ address: await (other as BaseContract).getAddress() })).to.deep.equal([]);
      expect(await found({ topics: [changed, null, toBeHex(31_338, 32)] })).to.deep.equal([second.blockNumber]);
      expect(await found({ topics: [null, null, [toBeHex(31_337, 32), toBeHex(31_338, 32)]] })).to.deep.equal([
        first.blockNumber,
        second.blockNumber,
      ]);
      expect(await found({ topics: [toBeHex(31_338, 32)] })).to.deep.equal([]);
      const byHash = await provider.getLogs({ blockHash: second.blockHash, address });
      expect(byHash.map(({ transactionHash }) => transactionHash)).to.deep.equal([second.hash]);
    });

    it('has the precompiles: sha256, ecrecover, bn254 pairing', async () => {
      expect(await probe.getFunction('digest').staticCall('0x00ff')).to.equal(sha256('0x00ff'));
      const hash = id('signed');
      const { v, r, s } = new SigningKey(wallet.privateKey).sign(hash);
      expect(await probe.getFunction('signer').staticCall(hash, v, r, s)).to.equal(wallet.address);
      expect(await probe.getFunction('signer').staticCall(hash, 26, r, s)).to.equal(`0x${'00'.repeat(20)}`);
      const [ok, result] = await probe.getFunction('pairing').staticCall(pairingOfOne);
      expect([ok, result]).to.deep.equal([true, 1n]);
      expect((await probe.getFunction('pairing').staticCall(pairingNotOne)).toArray()).to.deep.equal([true, 0n]);
      expect((await probe.getFunction('pairing').staticCall(`0x${'01'.repeat(192)}`))[0]).to.equal(false);
    });

    it('knows the hashes of recent blocks in a contract', async () => {
      const { blockNumber } = await set(2);
      await set(3);
      expect(await probe.getFunction('hashOf').staticCall(blockNumber)).to.equal((await provider.getBlock(blockNumber))?.hash);
    });

    it('refuses a nonce that was used, and a transaction of another chain', async () => {
      const nonce = await provider.getTransactionCount(wallet);
      const { chainId } = await provider.getNetwork();
      const sign = (overrides: object) =>
        wallet.signTransaction({ to: wallet.address, nonce, gasLimit: 21_000, gasPrice: 0, chainId, type: 0, ...overrides });
      expect((await refusal('eth_sendRawTransaction', [await sign({ nonce: nonce - 1 })])).message).to.contain('nonce too low');
      await refusal('eth_sendRawTransaction', [await sign({ chainId: chainId + 1n })]);
      expect(await provider.getTransactionCount(wallet)).to.equal(nonce);
    });

    it('keeps everything through a stop and a start', async () => {
      const receipt = await set(77);
      const head = await provider.getBlock('latest');
      await under.engine.stop();
      await under.engine.stop();
      const again = under.again();
      await again.start();
      try {
        const reader = connect(again.endpoint());
        expect((await reader.getBlock(head?.number ?? 0))?.hash).to.equal(head?.hash);
        expect(await reader.getBlockNumber()).to.be.at.least(head?.number ?? 0);
        expect((await reader.getTransactionReceipt(receipt.hash))?.blockHash).to.equal(receipt.blockHash);
        expect(await new Contract(await probe.getAddress(), probeArtifact().abi, reader).getFunction('value').staticCall()).to.equal(77n);
        reader.destroy();
      } finally {
        await again.stop();
      }
    });
  });
}

export async function rpc(endpoint: string, method: string, params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return answer.json();
}

// e(G1, G2) · e(-G1, G2) = 1, with the generators of EIP-197.
const word = (value: bigint) => value.toString(16).padStart(64, '0');
const fieldModulus = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const generator2 = [
  11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  10857046999023057135944570762232829481370756359578518086990519993285655852781n,
  4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  8495653923123431417604973247489272438418190587263600148770280649306958101930n,
]
  .map(word)
  .join('');
const pairingOfOne = `0x${word(1n)}${word(2n)}${generator2}${word(1n)}${word(fieldModulus - 2n)}${generator2}`;
const pairingNotOne = `0x${word(1n)}${word(2n)}${generator2}${word(1n)}${word(2n)}${generator2}`;
