import { expect } from 'chai';
import fc from 'fast-check';
import { entryBundle, parseTileName, widthIn } from '../../../gateway/audit/tile.ts';

describe('audit/tile (C2SP tlog-tiles)', () => {
  it('reads the names of the specification', () => {
    expect(parseTileName('tile/0/x001/x234/067')).to.deep.equal({ level: 0, index: 1_234_067, width: 256 });
    expect(parseTileName('tile/entries/000')).to.deep.equal({ level: 'entries', index: 0, width: 256 });
    expect(parseTileName('tile/63/005.p/1')).to.deep.equal({ level: 63, index: 5, width: 1 });
    expect(parseTileName('tile/1/x010/000.p/255')).to.deep.equal({ level: 1, index: 10_000, width: 255 });
  });

  for (const name of [
    '',
    'tile',
    'checkpoint',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/001/',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/1e0/001',
    'tile/data/001',
    'tile/Entries/001',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x01/002',
    'tile/0/X001/002',
    'tile/0/001.p/0',
    'tile/0/001.p/01',
    'tile/0/001.p/256',
    'tile/0/001.p/',
    'tile/0/001.p',
    'tile/0/001.p/1/',
    'tile/0/001.p/1\n',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    '/tile/0/001',
    'tile//0/001',
  ])
    it(`knows no ${JSON.stringify(name)}`, () => expect(parseTileName(name)).to.equal(undefined));

  it('reads back every index it can hold, and nothing out of noise', () => {
    const spell = (index: number): string => {
      const groups = index
        .toString()
        .padStart(Math.ceil(index.toString().length / 3) * 3, '0')
        .match(/.{3}/g) as string[];
      return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
    };
    fc.assert(
      fc.property(fc.nat({ max: 63 }), fc.maxSafeNat(), fc.integer({ min: 1, max: 255 }), (level, number, width) => {
        const index = Math.floor(number / 512);
        expect(parseTileName(`tile/${level}/${spell(index)}.p/${width}`)).to.deep.equal({ level, index, width });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'tile/0123456789x.pens') }), (noise) => {
        const tile = parseTileName(noise);
        const { level, index, width } = tile ?? { level: 0, index: 0, width: 256 };
        const name = `tile/${level}/${spell(index)}${width === 256 ? '' : `.p/${width}`}`;
        expect(tile === undefined || name === noise).to.equal(true);
      }),
    );
  });

  it('has the widths of the example: 70,000 entries, and 256', () => {
    const width = (size: number, level: number | 'entries', index: number) => widthIn(size, { level, index });
    expect([width(70_000, 0, 272), width(70_000, 0, 273), width(70_000, 0, 274)]).to.deep.equal([256, 112, 0]);
    expect([width(70_000, 1, 0), width(70_000, 1, 1), width(70_000, 2, 0), width(70_000, 3, 0)]).to.deep.equal([256, 17, 1, 0]);
    expect([width(70_000, 'entries', 273), width(256, 0, 0), width(256, 1, 0), width(0, 0, 0)]).to.deep.equal([112, 256, 1, 0]);
    expect([width(Number.MAX_SAFE_INTEGER, 63, 0), width(1, 0, Number.MAX_SAFE_INTEGER)]).to.deep.equal([0, 0]);
  });

  it('bundles entries behind their lengths', () => {
    expect(entryBundle([])).to.deep.equal(Buffer.alloc(0));
    const bundle = entryBundle([Buffer.from('ab'), new Uint8Array(0), new Uint8Array(0x0102).fill(7)]);
    expect(Buffer.from(bundle).toString('hex')).to.equal(`00026162${'0000'}0102${'07'.repeat(0x0102)}`);
    expect(() => entryBundle([new Uint8Array(0x1_0000)])).to.throw(RangeError);
  });
});
