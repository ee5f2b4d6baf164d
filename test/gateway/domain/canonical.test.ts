import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from '../../../gateway/domain/canonical.ts';

describe('domain/canonical (RFC 8785)', () => {
  it('gives the example of §3.2.3', () => {
    const value = {
      numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]') as number[],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).to.equal(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  it('sorts names by UTF-16 code units, as the test of §3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.keys(JSON.parse(canonicalJson(value)) as object)).to.have.length(7);
    expect([...canonicalJson(value).matchAll(/"([^"]+)":/g)].map((match) => match[1])).to.deep.equal([
      '\\r',
      '1',
      '\u0080',
      'ö',
      '€',
      '\u{1f600}',
      '\ufb33',
    ]);
  });
  for (const [bits, expected] of [
    // RFC 8785 Appendix B
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['44b52d02c7e14af6', '1e+23'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555555', '333333333.3333333'],
  ] as const) {
    it(`writes the number ${bits}`, () => {
      expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).to.equal(expected);
    });
  }
  it('throws for what JSON does not hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', undefined, 1n])
      expect(() => canonicalJson(value as unknown as JsonValue), String(value)).to.throw(TypeError);
  });
  it('writes any text as ECMAScript does', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => canonicalJson(text) === JSON.stringify(text)));
    for (const code of Array.from({ length: 256 }, (_, at) => at)) {
      const text = `a${String.fromCharCode(code)}b`;
      expect(canonicalJson(text)).to.equal(JSON.stringify(text));
    }
  });
  it('writes any list of texts as ECMAScript does', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' })), (list) => canonicalJson(list) === JSON.stringify(list)));
    expect(canonicalJson(['a', 'b c', '"'])).to.equal('["a","b c","\\""]');
  });
  it('does not depend on the order of names, and is read back as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed as JsonValue)).to.equal(canonicalJson(value as JsonValue));
        expect(JSON.parse(canonicalJson(value as JsonValue))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
