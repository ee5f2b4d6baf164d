import { expect } from 'chai';
import fc from 'fast-check';
import { readCsv } from '../../../../gateway/adapters/records/read-csv.ts';
import { csvText } from '../../../../scripts/generate/csv.ts';
import { fileOf } from '../../../helpers/publishing-provider.ts';

const read = async (...chunks: (string | Uint8Array)[]) => {
  const rows = [];
  for await (const row of readCsv(fileOf(...chunks))) rows.push(row);
  return rows;
};

describe('reading CSV', () => {
  it('gives each row with the line on which it begins', async () => {
    expect(await read('a,b\r\n1,"x\ny"\r\n\r\n3,4\n5,6')).to.deep.equal([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', 'x\ny'] },
      { line: 5, cells: ['3', '4'] },
      { line: 6, cells: ['5', '6'] },
    ]);
  });

  it('drops a byte order mark and joins characters cut between two chunks', async () => {
    const bytes = Buffer.from('\ufeff名称,金额\n渭河,1\n');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).to.deep.equal([
        { line: 1, cells: ['名称', '金额'] },
        { line: 2, cells: ['渭河', '1'] },
      ]);
    }
  });

  it('gives nothing for an empty file', async () => {
    expect(await read()).to.deep.equal([]);
  });

  it('reads up to a broken quote and says where it is', async () => {
    expect(await read('a,b\n1,2\n3,"4\n5,6\n')).to.deep.equal([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 3, broken: 'IMPORT_SYNTAX' },
    ]);
  });

  it('reads up to bytes that are not UTF-8 and says on which line they are', async () => {
    const gbk = Buffer.from([0xc3, 0xfb, 0xb3, 0xc6]);
    expect(await read('a,b\n1,2\n', Buffer.concat([Buffer.from('3,4\n5,'), gbk]))).to.deep.equal([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 3, cells: ['3', '4'] },
      { line: 4, broken: 'IMPORT_ENCODING' },
    ]);
    expect((await read('a,b\n1,', Buffer.from([0xe6]))).at(-1)).to.deep.equal({ line: 2, broken: 'IMPORT_ENCODING' });
  });

  it('refuses a row longer than a megabyte instead of gathering it', async () => {
    expect((await read('a,b\n', `1,${'x'.repeat(2 << 20)}\n`)).at(-1)).to.deep.equal({ line: 2, broken: 'IMPORT_SYNTAX' });
  });

  it('reads back whatever cells were written, however the bytes are cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '渭', ' ', ',', '"', '\n', '\r\n', '😀') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (table, size) => {
          const bytes = Buffer.from(
            csvText(
              ['a', 'b'],
              table.map(([a, b]) => ({ a, b })),
            ),
          );
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
          const rows = await read(...chunks);
          expect(rows.map((row) => ('cells' in row ? row.cells : row))).to.deep.equal([['a', 'b'], ...table]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
