import { expect } from 'chai';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { batchBound } from '../../../../node/engines/embedded/rpc/dispatch.ts';
import { bodyBound, createRpcServer } from '../../../../node/engines/embedded/rpc/rpc-server.ts';
import { type InProcessLedger, openInProcess, rawTransaction, testWallet } from './in-process.ts';

interface Answer {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { code: number; message: string };
}

describe('JSON-RPC of the embedded ledger', () => {
  let under: InProcessLedger;
  let server: FastifyInstance;
  const faults: unknown[] = [];
  const post = (payload: string, headers = {}) =>
    server.inject({ method: 'POST', url: '/', payload, headers: { host: 'localhost', ...headers } });
  const say = async (body: unknown): Promise<Answer> => (await post(JSON.stringify(body))).json();
  const call = (method: unknown, params?: unknown, id: unknown = 1) => say({ jsonrpc: '2.0', id, method, params });
  const codeOf = async (method: string, params: unknown) => (await call(method, params)).error?.code;

  before(async () => {
    under = await openInProcess();
    server = createRpcServer(under.ledger, (error) => faults.push(error));
    await under.settle(under.ledger.producer.submit(await rawTransaction(testWallet(1), 0)));
  });
  after(async () => {
    await server.close();
    await under.close();
  });

  it('answers -32700 to what is not JSON, and -32600 to what is no call', async () => {
    for (const body of ['', '{', 'nonsense', '{"jsonrpc":"2.0",', '\u0000']) {
      expect((await post(body)).json().error.code, body).to.equal(-32700);
    }
    for (const body of [
      '1',
      'null',
      '"text"',
      '[]',
      '{}',
      '{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}',
      '{"jsonrpc":"2.0","id":1,"method":5}',
      '{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}',
    ]) {
      expect((await post(body)).json().error.code, body).to.equal(-32600);
    }
    expect((await post('[1, {"jsonrpc":"2.0","id":9,"method":"eth_chainId"}]')).json()).to.have.length(2);
  });

  it('answers -32601 to an unknown method and -32602 to parameters that are no array', async () => {
    expect(await codeOf('eth_mine', [])).to.equal(-32601);
    expect(await codeOf('constructor', [])).to.equal(-32601);
    expect(await codeOf('eth_chainId', { a: 1 })).to.equal(-32602);
  });

  it('answers each call of a batch under its id, and notifications not at all', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 'a', method: 'eth_chainId' },
      { jsonrpc: '2.0', method: 'eth_blockNumber' },
      { jsonrpc: '2.0', id: null, method: 'nothing' },
    ];
    const answers = (await post(JSON.stringify(batch))).json() as Answer[];
    expect(answers.map(({ id, error }) => [id, error?.code])).to.deep.equal([
      ['a', undefined],
      [null, -32601],
    ]);
    expect((await post('{"jsonrpc":"2.0","method":"eth_chainId"}')).statusCode).to.equal(204);
  });

  it('bounds the size of a request and of a batch', async () => {
    const many = Array.from({ length: batchBound + 1 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' }));
    expect((await say(many)).error?.code).to.equal(-32600);
    expect((await post(JSON.stringify(many.slice(1)))).json()).to.have.length(batchBound);
    const large = await post(`"${'x'.repeat(bodyBound)}"`);
    expect([large.statusCode, large.json().error.code]).to.deep.equal([413, -32600]);
  });

  it('takes any content type, and only loopback names as host', async () => {
    expect((await post('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}', { 'content-type': 'text/plain' })).json().result).to.equal(
      '0x9757c',
    );
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80']) {
      expect((await post('{}', { host })).statusCode, host).to.equal(403);
    }
  });

  it('names the parameter that is wrong', async () => {
    const filter = (change: object): [string, unknown[]] => ['eth_getLogs', [change]];
    const wrong: readonly (readonly [string, unknown[], string])[] = [
      ['eth_getBalance', ['0x12'], 'address'],
      ['eth_getBalance', [`0x${'00'.repeat(20)}`, 'soon'], 'block'],
      ['eth_getBalance', [`0x${'00'.repeat(20)}`, { blockHash: '0x01' }], 'block.blockHash'],
      ['eth_getStorageAt', [`0x${'00'.repeat(20)}`, 'x'], 'slot'],
      ['eth_getProof', [`0x${'00'.repeat(20)}`, 'x'], 'slots'],
      ['eth_getBlockByHash', ['0x00'], 'block hash'],
      ['eth_getTransactionReceipt', [7], 'transaction hash'],
      ['eth_call', ['0x'], 'call'],
      ['eth_call', [{ to: '0x1' }], 'call.to'],
      ['eth_call', [{ data: '0x1' }], 'call.data'],
      ['eth_estimateGas', [{ gas: -1 }], 'call.gas'],
      ['eth_sendRawTransaction', [], 'transaction'],
      ['eth_feeHistory', ['0x0', 'latest', []], 'block count'],
      [...filter({ address: ['0x'] }), 'filter.address'],
      [...filter({ topics: [1, 2, 3, 4, 5] }), 'filter.topics'],
      [...filter({ topics: [['0x01']] }), 'filter.topics[0]'],
      [...filter({ fromBlock: '0x1', toBlock: '0x0' }), 'fromBlock'],
      [...filter({ blockHash: `0x${'00'.repeat(32)}`, fromBlock: '0x0' }), 'blockHash'],
      [...filter({ address: Array(101).fill(`0x${'00'.repeat(20)}`) }), 'at most 100'],
    ];
    for (const [method, params, named] of wrong) {
      const { error } = await call(method, params);
      expect(error?.code, `${method} ${JSON.stringify(params)}`).to.equal(-32602);
      expect(error?.message).to.contain(named);
    }
  });

  it('answers null for blocks and transactions it does not have, and an error for state past the head', async () => {
    const nothing = `0x${'11'.repeat(32)}`;
    expect((await call('eth_getBlockByNumber', ['0xffff', false])).result).to.equal(null);
    expect((await call('eth_getBlockByHash', [nothing, false])).result).to.equal(null);
    expect((await call('eth_getBlockReceipts', ['0xffff'])).result).to.equal(null);
    expect((await call('eth_getTransactionByHash', [nothing])).result).to.equal(null);
    expect((await call('eth_getTransactionReceipt', [nothing])).result).to.equal(null);
    expect(await codeOf('eth_getBalance', [`0x${'00'.repeat(20)}`, '0xffff'])).to.equal(-32000);
    expect(await codeOf('eth_getLogs', [{ blockHash: nothing }])).to.equal(-32000);
    expect((await call('eth_getLogs', [{ fromBlock: '0xffff' }])).result).to.deep.equal([]);
  });

  it('answers every tag, and state by number, hash and object (EIP-1898)', async () => {
    const head = (await call('eth_getBlockByNumber', ['latest', true])).result as { number: string; hash: string; transactions: object[] };
    for (const tag of ['finalized', 'safe', 'pending', head.number]) {
      expect(((await call('eth_getBlockByNumber', [tag, false])).result as { hash: string }).hash, tag).to.equal(head.hash);
    }
    expect(((await call('eth_getBlockByNumber', ['earliest', false])).result as { number: string }).number).to.equal('0x0');
    const sender = testWallet(1).address;
    for (const [at, count] of [
      ['latest', '0x1'],
      ['earliest', '0x0'],
      [{ blockHash: head.hash }, '0x1'],
      [{ blockNumber: '0x0' }, '0x0'],
      ['pending', '0x1'],
    ]) {
      expect((await call('eth_getTransactionCount', [sender, at])).result, JSON.stringify(at)).to.equal(count);
    }
    expect((await call('eth_getBlockReceipts', [head.hash])).result).to.have.length(1);
    expect((await call('eth_feeHistory', ['0x2', 'latest', [50]])).result).to.deep.include({
      oldestBlock: '0x0',
      baseFeePerGas: ['0x0', '0x0', '0x0'],
    });
    expect((await call('eth_getProof', [sender, ['0x0'], 'latest'])).result).to.have.property('accountProof').that.is.not.empty;
  });

  it('answers something well-formed to any call at all, and stays well', async () => {
    const names = [
      'eth_call',
      'eth_getLogs',
      'eth_getBlockByNumber',
      'eth_getBalance',
      'eth_estimateGas',
      'eth_sendRawTransaction',
      'eth_getProof',
      'eth_feeHistory',
      'eth_getStorageAt',
      'eth_getBlockReceipts',
      'eth_getTransactionByHash',
      'eth_getTransactionCount',
    ];
    const hexish = fc.oneof(
      fc.constantFrom('latest', '0x0', '0x', '0x1', `0x${'ff'.repeat(32)}`, `0x${'ab'.repeat(20)}`),
      fc.string({ maxLength: 12 }),
    );
    const params = fc.array(
      fc.oneof(
        hexish,
        fc.jsonValue({ maxDepth: 2 }),
        fc.record({ to: hexish, data: hexish, gas: hexish, address: hexish, topics: fc.array(hexish) }, { requiredKeys: [] }),
      ),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), params, async (method, given) => {
        const answer = await call(method, given);
        expect('result' in answer || Number.isInteger(answer.error?.code), `${method} ${JSON.stringify(given)}`).to.equal(true);
        expect(answer.error?.code, `${method} ${JSON.stringify(given)}`).to.not.equal(-32603);
      }),
      { numRuns: 400 },
    );
    expect(faults).to.deep.equal([]);
    expect((await call('eth_blockNumber')).result).to.equal('0x1');
  });
});
