import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkOpening, commitmentNames, decodeLeaf, encodeLeaf, leafEntropyLength } from '../../../gateway/audit/leaf.ts';
import { usageTag } from '../../../gateway/audit/tag.ts';
import type { Hex, MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import type { LeafDraft } from '../../../gateway/domain/usage-leaf.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const draft: LeafDraft = {
  step: 'served',
  usage: '0f8fad5b-d9cb-469f-a165-70867728950e' as UsageId,
  time: 1_760_000_000_123,
  block: 42,
  outcome: 'ok',
  consent: undefined,
  committed: Object.fromEntries(commitmentNames.filter((name) => name !== 'usage').map((name) => [name, `value of ${name}`])),
};
const tag = usageTag(`0x${'11'.repeat(32)}`, 'bank-changan' as MemberId, 0, 0);
const entropy = (of: LeafDraft, seed = 1) => Uint8Array.from({ length: leafEntropyLength(of) }, (_, at) => (at * 7 + seed) & 255);
const encoded = encodeLeaf(draft, entropy(draft), tag);
const altered = (change: (leaf: Record<string, unknown>) => unknown): Uint8Array => {
  const leaf = JSON.parse(Buffer.from(encoded.bytes).toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify(change(leaf) ?? leaf));
};

describe('audit/leaf', () => {
  it('is canonical JSON with salted commitments, as the protocol says', () => {
    const { bytes, opening } = encodeLeaf(
      { ...draft, committed: { dataset: '信' } },
      entropy({ ...draft, committed: { dataset: '' } }),
      null,
    );
    const salt = Buffer.from(opening.salts.dataset!, 'base64url');
    const digest = createHash('sha256')
      .update(Buffer.concat([Buffer.of(0x20), salt, Buffer.from('信')]))
      .digest('base64url');
    const text = Buffer.from(bytes).toString();
    expect(text).to.match(
      /^\{"b":42,"c":\{"dataset":"[^"]{43}","usage":"[^"]{43}"\},"g":null,"o":"ok","s":"served","t":1760000000123,"v":1\}$/,
    );
    expect(text).to.contain(digest);
  });

  it('stays near 1 KB with everything in it, and shows none of it', () => {
    expect(encoded.bytes.length).to.be.lessThan(1100);
    const text = Buffer.from(encoded.bytes).toString();
    expect(text).not.to.contain('value of').and.not.to.contain(draft.usage);
  });

  it('is read back, and opens', () => {
    const leaf = valueIn(decodeLeaf(encoded.bytes));
    expect(leaf).to.deep.include({ time: draft.time, block: 42, step: 'served', outcome: 'ok', tag });
    expect(valueIn(checkOpening(leaf, encoded.opening))).to.deep.equal({ ...draft.committed, usage: draft.usage });
  });

  it('salts each value on its own', () => {
    const same = { ...draft, committed: { dataset: 'x', purpose: 'x' } };
    const one = valueIn(decodeLeaf(encodeLeaf(same, entropy(same), null).bytes)).commitments;
    const other = valueIn(decodeLeaf(encodeLeaf(same, entropy(same, 2), null).bytes)).commitments;
    expect(one.dataset).not.to.equal(one.purpose);
    expect(one.dataset).not.to.equal(other.dataset);
  });

  for (const [name, bytes] of Object.entries({
    'no JSON': Buffer.from('{'),
    'an array': Buffer.from('[]'),
    null: Buffer.from('null'),
    'another version': altered((leaf) => ({ ...leaf, v: 2 })),
    'a member more': altered((leaf) => ({ ...leaf, x: 1 })),
    'a member less': altered(({ g: _, ...leaf }) => leaf),
    'a time in text': altered((leaf) => ({ ...leaf, t: '1' })),
    'a time with a fraction': altered((leaf) => ({ ...leaf, t: 1.5 })),
    'a negative block': altered((leaf) => ({ ...leaf, b: -1 })),
    'an unknown step': altered((leaf) => ({ ...leaf, s: 'sent' })),
    'an outcome that is no code': altered((leaf) => ({ ...leaf, o: 'Ok then' })),
    'a short tag': altered((leaf) => ({ ...leaf, g: '0x11' })),
    'an unknown commitment': altered((leaf) => ({ ...leaf, c: { ...(leaf.c as object), amount: (leaf.c as { usage: string }).usage } })),
    'a short commitment': altered((leaf) => ({ ...leaf, c: { usage: 'AAAA' } })),
    'no usage': altered((leaf) => ({ ...leaf, c: {} })),
    'commitments in a list': altered((leaf) => ({ ...leaf, c: [] })),
    'white space': Buffer.from(` ${Buffer.from(encoded.bytes).toString()}`),
    'another order': altered((leaf) => Object.fromEntries(Object.entries(leaf).reverse())),
  })) {
    it(`refuses ${name}`, () => expect(codeOf(decodeLeaf(bytes))).to.equal('LEAF_MALFORMED'));
  }

  it('refuses every opening that differs, lacks or adds something', () => {
    const leaf = valueIn(decodeLeaf(encoded.bytes));
    const { opening } = encoded;
    const { grant: _, ...fewer } = opening.values;
    const wrong = [
      { ...opening, step: 'refused' as const },
      { ...opening, usage: '0f8fad5b-d9cb-469f-a165-70867728950f' as UsageId },
      { ...opening, values: { ...opening.values, purpose: 'other' } },
      { ...opening, salts: { ...opening.salts, purpose: opening.salts.grant! } },
      { ...opening, salts: { ...opening.salts, purpose: 'AA' } },
      { ...opening, values: fewer },
      { ...opening, values: { ...opening.values, more: 'x' }, salts: { ...opening.salts, more: opening.salts.grant! } },
    ];
    for (const one of wrong) expect(codeOf(checkOpening(leaf, one))).to.equal('LEAF_OPENING_MISMATCH');
  });

  it('throws for what a program must not ask', () => {
    expect(() => encodeLeaf(draft, new Uint8Array(16), null)).to.throw(RangeError);
    expect(() => encodeLeaf({ ...draft, committed: { amount: '1' } }, new Uint8Array(32), null)).to.throw(RangeError);
    expect(() => encodeLeaf({ ...draft, committed: { usage: '1' } }, new Uint8Array(32), null)).to.throw(RangeError);
  });

  it('round-trips any values', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...commitmentNames.slice(1)), fc.string({ unit: 'grapheme' }), { maxKeys: 12 }),
        fc.nat(),
        (committed, block) => {
          const one = { ...draft, committed, block };
          const { bytes, opening } = encodeLeaf(one, entropy(one), tag);
          expect(valueIn(checkOpening(valueIn(decodeLeaf(bytes)), opening))).to.deep.equal({ ...committed, usage: draft.usage });
        },
      ),
    );
  });
});

describe('audit/tag', () => {
  it('differs by key, member, log and number, and says nothing else', () => {
    const [a, b] = [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`] as Hex[];
    const [one, two] = ['bank-changan', 'grid-qinchuan'] as MemberId[];
    const all = [
      usageTag(a!, one!, 0, 0),
      usageTag(b!, one!, 0, 0),
      usageTag(a!, two!, 0, 0),
      usageTag(a!, one!, 1, 0),
      usageTag(a!, one!, 0, 1),
      usageTag(a!, one!, 0, 2 ** 40),
    ];
    expect(new Set(all).size).to.equal(all.length);
    expect(usageTag(a!, one!, 0, 0)).to.equal(all[0]);
  });
});
