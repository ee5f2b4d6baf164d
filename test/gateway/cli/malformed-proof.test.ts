import { expect } from 'chai';
import { gatewayLog } from '../../../gateway/cli/auditing/log-source.ts';
import { readWindow, windowSize } from '../../../gateway/cli/auditing/read-window.ts';
import type { GatewayClient } from '../../../gateway/cli/gateway-client.ts';
import { toBase64url } from '../../../gateway/domain/hash.ts';

/** A gateway that has entries, and for a proof whatever the test wants. */
const answering = (proof: unknown): GatewayClient => {
  async function* lines(path: string): AsyncGenerator<unknown> {
    const { searchParams, pathname } = new URL(path, 'http://gateway');
    for (let index = Number(searchParams.get('from')); index < Number(searchParams.get('to')); index += 1)
      yield pathname.endsWith('leaves') ? { index, leaf: toBase64url(Buffer.from(`entry ${index}`)) } : { index, opening: null };
  }
  const client: Pick<GatewayClient, 'get' | 'lines'> = { get: async <T>() => ({ proof }) as T, lines };
  return client as GatewayClient;
};

describe('a proof that is none, from the gateway that is audited', () => {
  for (const proof of [undefined, null, 'x', [1], ['0x12'], {}, Array(1000).fill(`0x${'00'.repeat(32)}`)])
    it(`proves nothing: ${JSON.stringify(proof)?.slice(0, 20)}`, async () => {
      const signed = { origin: 'a.example/log', size: windowSize + 1, root: new Uint8Array(32) };
      const window = await readWindow(gatewayLog('a', answering(proof)), { size: 0, edge: [] }, signed);
      expect(window).to.include({ kind: 'unproved', index: windowSize });
    });
});
