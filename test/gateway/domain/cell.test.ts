import { expect } from 'chai';
import fc from 'fast-check';
import { cellReader, valueClass } from '../../../gateway/domain/cell.ts';
import type { FieldSchema } from '../../../gateway/domain/dataset-schema.ts';

const field = (type: FieldSchema['type'], more: Partial<FieldSchema> = {}): FieldSchema => ({
  name: 'x',
  zh: '某项',
  en: 'X',
  grade: 1,
  required: true,
  type,
  ...more,
});
const read = (type: FieldSchema['type'], text: string, more: Partial<FieldSchema> = {}): unknown => {
  const cell = cellReader(field(type, more))(text);
  return 'value' in cell ? cell.value : cell.code;
};

describe('cells of a record', () => {
  const table: readonly [FieldSchema['type'], string, unknown, Partial<FieldSchema>?][] = [
    ['string', '  西咸示例  ', '西咸示例'],
    ['string', 'a\u0000b', 'IMPORT_CHARACTER'],
    ['string', 'x'.repeat(4001), 'IMPORT_TOO_LONG'],
    ['string', 'C34', 'C34', { pattern: '^[A-T][0-9]{2}$' }],
    ['string', 'Z34', 'IMPORT_PATTERN', { pattern: '^[A-T][0-9]{2}$' }],
    ['string', ' ', 'IMPORT_REQUIRED'],
    ['string', '', null, { required: false }],
    ['integer', '-12', -12],
    ['integer', '007', 'IMPORT_INTEGER'],
    ['integer', '1.0', 'IMPORT_INTEGER'],
    ['integer', '1e3', 'IMPORT_INTEGER'],
    ['integer', '9007199254740993', 'IMPORT_RANGE'],
    ['integer', '-0', 'IMPORT_RANGE'],
    ['fen', '500000', 500000],
    ['fen', '5000.00', 'IMPORT_MONEY'],
    ['fen', '5,000', 'IMPORT_MONEY'],
    ['fen', '0.5', 500000, { unit: '万元' }],
    ['decimal', '-1.50', '-1.5'],
    ['decimal', '-0.0', '0'],
    ['decimal', '.5', 'IMPORT_DECIMAL'],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '2023-02-29', 'IMPORT_DATE'],
    ['date', '2024/02/29', 'IMPORT_DATE'],
    ['month', '2026-11', '2026-11'],
    ['month', '2026-13', 'IMPORT_MONTH'],
    ['boolean', '是', true],
    ['boolean', 'false', false],
    ['boolean', '1', 'IMPORT_BOOLEAN'],
    ['boolean', 'toString', 'IMPORT_BOOLEAN'],
    ['enum', 'A', 'A', { values: ['A', 'B'] }],
    ['enum', 'a', 'IMPORT_ENUM', { values: ['A', 'B'] }],
    ['uscc', '91440300708461136t', '91440300708461136T'],
    ['uscc', '914403001922038217', 'USCC_CHECK'],
    ['uscc', '91440300I922038216', 'USCC_CHARACTER'],
    ['id-number', '11010519491231002x', '11010519491231002X'],
    ['id-number', '110105194912310021', 'ID_NUMBER_CHECK'],
    ['id-number', '110105491231002', 'ID_NUMBER_LENGTH'],
  ];
  for (const [type, text, expected, more] of table) {
    it(`${type} ${JSON.stringify(text.slice(0, 24))}${more === undefined ? '' : ` with ${JSON.stringify(more)}`}: ${JSON.stringify(expected)}`, () => {
      expect(read(type, text, more)).to.equal(expected);
    });
  }

  it('turns 万元 into 分 exactly, to the last of six places, and refuses a seventh', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_007_199_253, max: 9_007_199_253 }), fc.integer({ min: 0, max: 999_999 }), (yuan, rest) => {
        const text = `${yuan}.${String(rest).padStart(6, '0')}`;
        const fen = BigInt(yuan) * 1_000_000n + (text.startsWith('-') ? -1n : 1n) * BigInt(rest);
        expect(read('fen', text, { unit: '万元' })).to.equal(Number(fen));
      }),
    );
    expect(read('fen', '0.0000001', { unit: '万元' })).to.equal('IMPORT_MONEY');
    expect(read('fen', '9007199254.740992', { unit: '万元' })).to.equal('IMPORT_RANGE');
    expect(read('fen', '-0.0', { unit: '万元' })).to.equal(0);
  });

  it('names the class of a value and never the value', () => {
    expect(['', '12', '1,200.5', '2023/2/29', '110105194912310021', '91440300I92203821A', '张三', 'a\u0007'].map(valueClass)).to.deep.equal(
      ['empty', 'whole number', 'number', 'date', 'whole number', 'code', 'text', 'control characters'],
    );
  });
});
