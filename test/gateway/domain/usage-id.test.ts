import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import fc from 'fast-check';
import { encodeChainCode } from '../../../gateway/domain/chain-code.ts';
import { isUsageId } from '../../../gateway/domain/ids.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';

describe('ids', () => {
  it('makes a UUID version 4 out of 16 bytes (RFC 9562 §5.4)', () => {
    expect(usageIdFrom(new Uint8Array(16).fill(0xff))).to.equal('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(usageIdFrom(new Uint8Array(16))).to.equal('00000000-0000-4000-8000-000000000000');
    fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => isUsageId(usageIdFrom(bytes))));
    expect(() => usageIdFrom(new Uint8Array(15))).to.throw(RangeError);
  });

  it('leaves the bytes it was given as they were', () => {
    const bytes = new Uint8Array(16).fill(7);
    usageIdFrom(bytes);
    expect([...bytes]).to.deep.equal(Array(16).fill(7));
  });

  it('encodes a code as ethers does, and no other text', () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9.-]{1,31}$/), (code) => encodeChainCode(code) === encodeBytes32String(code)));
    for (const text of ['', 'a b', '名', 'x'.repeat(32)]) expect(() => encodeChainCode(text), text).to.throw(RangeError);
  });
});
