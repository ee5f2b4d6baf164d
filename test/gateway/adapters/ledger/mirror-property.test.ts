import { expect } from 'chai';
import type { Wallet } from 'ethers';
import fc from 'fast-check';
import { checkMirror } from '../../../../gateway/adapters/ledger/check/check-mirror.ts';
import { contractInterfaces } from '../../../../gateway/adapters/ledger/contract-interfaces.ts';
import type { OpenLedger } from '../../../../gateway/adapters/ledger/open-ledger.ts';
import { entityKinds } from '../../../../gateway/adapters/ledger/registry/entity.ts';
import type { TablesView } from '../../../../gateway/adapters/ledger/registry/view.ts';
import { rpcClient } from '../../../../gateway/adapters/ledger/rpc/rpc-client.ts';
import type { Address } from '../../../../gateway/domain/ids.ts';
import { type AdministeredChain, startAdministeredChain } from '../../../helpers/administered-chain.ts';
import { type PausableProxy, startPausableProxy } from '../../../helpers/pausable-proxy.ts';
import { memoryLedgerStores, openTestLedger } from '../../../helpers/test-ledger.ts';
import { type ActionContext, actionOf, drawArbitrary, prelude, type Sending } from './registry-actions.ts';

const seed = Number(process.env.SEED ?? 20260401);
const runs = Number(process.env.RUNS ?? 2);

const step = fc.oneof(
  { weight: 8, arbitrary: fc.array(drawArbitrary, { minLength: 1, maxLength: 5 }).map((draws) => ({ kind: 'act', draws }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'dead' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'behind' } as const) },
  { weight: 2, arbitrary: fc.nat(1_000).map((at) => ({ kind: 'check', at }) as const) },
);

/** Transactions sent side by side, so that several share a block; what reverts changes nothing. */
class Sender {
  readonly #chain: AdministeredChain;
  readonly #nonces = new Map<string, number>();
  sent = 0;
  succeeded = 0;
  constructor(chain: AdministeredChain) {
    this.#chain = chain;
  }

  /** The block of the last of them. */
  async send(sendings: readonly Sending[]): Promise<number> {
    const rpc = rpcClient(this.#chain.endpoint, 30_000);
    const raws: string[] = [];
    for (const { from, call } of sendings) {
      const data = contractInterfaces[call.contract].encodeFunctionData(call.method, call.args);
      const to = this.#chain.contracts[call.contract];
      const nonce = await this.#nonce(from);
      raws.push(await from.signTransaction({ type: 0, chainId: this.#chain.chainId, nonce, to, data, gasPrice: 0, gasLimit: 3_000_000 }));
    }
    const outcomes = await rpc.batch(raws.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] })));
    const hashes = outcomes.map((outcome) => {
      if (!outcome.ok) throw outcome.error;
      return outcome.result as string;
    });
    const receipts = await Promise.all(hashes.map((hash) => this.#chain.provider.getTransactionReceipt(hash)));
    this.sent += receipts.length;
    this.succeeded += receipts.filter((receipt) => receipt?.status === 1).length;
    return Math.max(...receipts.map((receipt) => receipt?.blockNumber ?? 0));
  }

  async #nonce(from: Wallet): Promise<number> {
    const nonce = this.#nonces.get(from.address) ?? (await this.#chain.provider.getTransactionCount(from.address));
    this.#nonces.set(from.address, nonce + 1);
    return nonce;
  }
}

const viewAt = (open: OpenLedger, block: number) => open.ledger.at(block) as TablesView;
const everything = (view: TablesView): string =>
  JSON.stringify([view.block, ...entityKinds.map((kind) => view.all(kind))], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );

const contextOf = (chain: AdministeredChain, now: number, view: TablesView): ActionContext => ({
  chain,
  now,
  requests: view.requests().map(({ id }) => id),
  grants: view.grants().map(({ id }) => id),
  consents: view.all('consent'),
});

describe(`the mirror against the contracts' own views (SEED=${seed})`, function () {
  this.timeout(600_000);
  let chain: AdministeredChain;
  let proxy: PausableProxy;
  afterEach(async () => {
    await proxy.close();
    await chain.remove();
  });

  it('holds what they say at every block, through restarts, dead and lagging nodes', async () => {
    const tally = { sent: 0, succeeded: 0, checked: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24 }), async (steps) => {
        chain = await startAdministeredChain();
        proxy = await startPausableProxy(chain.endpoint);
        const direct = rpcClient(chain.endpoint, 30_000);
        const stores = memoryLedgerStores();
        const sender = new Sender(chain);
        let open = await openTestLedger(chain, { stores, url: proxy.endpoint });
        const now = open.ledger.head().block.time;
        const remembered = new Map<number, string>();
        let newest = await sender.send(prelude(now));

        const compare = async (block: number) => {
          const view = viewAt(open, block);
          const result = await checkMirror(direct, view, chain.contracts.directory as Address);
          expect(result.differences).to.deep.equal([]);
          tally.checked += result.checked;
          const text = everything(view);
          expect(text).to.equal(remembered.get(block) ?? text);
          remembered.set(block, text);
        };
        const catchUp = async () => {
          proxy.mode = 'open';
          expect(await open.ledger.reached(newest, 30_000)).to.equal(true);
        };

        for (const what of steps) {
          if (what.kind === 'restart') {
            await open.close();
            open = await openTestLedger(chain, { stores, url: proxy.endpoint });
          } else if (what.kind === 'dead') proxy.mode = 'dead';
          else if (what.kind === 'behind') proxy.mode = Math.max(1, newest - 4);
          else if (what.kind === 'check') {
            await catchUp();
            await compare(newest);
            await compare(newest - (what.at % 20));
          } else {
            // Acts on what the mirror shows, which may lag: ids of the past are fine.
            const context = contextOf(chain, now, open.ledger.head() as TablesView);
            newest = await sender.send(await Promise.all(what.draws.map((draw) => actionOf(context, draw))));
            if (proxy.mode === 'open') await catchUp();
          }
        }
        await catchUp();
        await compare(newest);
        await open.close();
        const rebuilt = await openTestLedger(chain, { stores, rebuild: true });
        for (const [block, text] of remembered) expect(everything(viewAt(rebuilt, block))).to.equal(text);
        await rebuilt.close();
        tally.sent += sender.sent;
        tally.succeeded += sender.succeeded;
        await proxy.close();
        await chain.remove();
      }),
      { seed, numRuns: runs, endOnFailure: true },
    );
    console.log(`      ${tally.succeeded} of ${tally.sent} transactions changed something; ${tally.checked} answers compared`);
    expect(tally.succeeded).to.be.greaterThan(tally.sent / 5);
  });
});
