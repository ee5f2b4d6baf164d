import { expect } from 'chai';
import { Interface } from 'ethers';
import { contractInterfaces } from '../../../../gateway/adapters/ledger/contract-interfaces.ts';
import { eventDecoder } from '../../../../gateway/adapters/ledger/registry/decode-log.ts';
import { decodeCode, numberOf } from '../../../../gateway/adapters/ledger/registry/read-event.ts';
import { revertReason } from '../../../../gateway/adapters/ledger/writer/revert-reason.ts';
import { encodeChainCode } from '../../../../gateway/domain/chain-code.ts';
import type { Hex } from '../../../../gateway/domain/ids.ts';

describe('reading what the contracts say', () => {
  it('reads a code as text, and keeps as hex what is none', () => {
    for (const code of ['a', 'gov-credit.penalty', 'x'.repeat(31)]) expect(decodeCode(encodeChainCode(code))).to.equal(code);
    for (const other of [
      '00'.repeat(32),
      '61'.repeat(32),
      `6100${'61'}${'00'.repeat(29)}`,
      `ff${'00'.repeat(31)}`,
      `20${'00'.repeat(31)}`,
    ]) {
      expect(decodeCode(`0x${other}`)).to.equal(`0x${other}`);
    }
  });

  it('takes numbers beyond what a double holds as the greatest it holds', () => {
    expect(numberOf({ at: 2n ** 64n - 1n }, 'at')).to.equal(Number.MAX_SAFE_INTEGER);
    expect(numberOf({ at: 7n }, 'at')).to.equal(7);
  });

  it('decodes nested structs and strings of any bytes, and knows no foreign topic', () => {
    const abi = new Interface(['event Told(bytes32 indexed id, tuple(string text, uint64[] list)[] items, address who)']);
    const who = `0x${'00'.repeat(19)}01`;
    const { data, topics } = abi.encodeEventLog('Told', [encodeChainCode('id'), [['abcd', [1, 2]]], who]);
    const odd = data.replace(Buffer.from('abcd').toString('hex'), 'fffe6162') as Hex;
    expect(eventDecoder(abi)(topics as Hex[], odd)).to.deep.equal({
      name: 'Told',
      args: { id: encodeChainCode('id'), items: [{ text: '\ufffd\ufffdab', list: [1n, 2n] }], who },
    });
    expect(eventDecoder(abi)([`0x${'00'.repeat(32)}`], '0x')).to.equal(undefined);
  });

  it('names a custom error of any contract with its arguments', () => {
    const encode = (contract: 'consent-registry' | 'grant-registry', name: string, args: unknown[]) =>
      contractInterfaces[contract].encodeErrorResult(name, args);
    const id = `0x${'ab'.repeat(32)}`;
    expect(revertReason(encode('consent-registry', 'ConsentRegistryWrongRevision', [id, 1, 3]))).to.deep.equal({
      error: 'ConsentRegistryWrongRevision',
      id,
      expected: 1,
      given: 3,
    });
    expect(revertReason(encode('grant-registry', 'GrantRegistryUnknownField', [encodeChainCode('d'), encodeChainCode('f')]))).to.deep.equal(
      {
        error: 'GrantRegistryUnknownField',
        dataset: 'd',
        field: 'f',
      },
    );
    expect(revertReason('0xdeadbeef')).to.deep.equal({ error: 'unknown', selector: '0xdeadbeef' });
    expect(revertReason(undefined)).to.deep.equal({ error: 'unknown' });
  });
});
