import { expect } from 'chai';
import type { DatasetSchema } from '../../../gateway/domain/dataset-schema.ts';
import { readHeader } from '../../../gateway/domain/import-header.ts';
import { rowReader } from '../../../gateway/domain/import-row.ts';
import { publishedLate, weekdaysAfter } from '../../../gateway/domain/publication-lateness.ts';

const field = (name: string, zh: string, type: DatasetSchema['fields'][number]['type'], more = {}) =>
  ({ name, zh, en: name, type, grade: 1, required: true, ...more }) as const;
const schema: DatasetSchema = {
  id: 'gov-credit.penalty',
  kind: 'penalty',
  title: 'Penalties',
  titleZh: '行政处罚',
  grade: 1,
  shareClass: 'open',
  operations: ['raw'],
  priceFen: 0,
  updateCycle: 'daily',
  key: ['docNo'],
  fields: [
    field('subjectType', '主体类型', 'enum', { role: 'subjectType', values: ['enterprise', 'farmer'] }),
    field('subjectId', '主体标识', 'string', { role: 'subject' }),
    field('docNo', '文号', 'string'),
    field('fineFen', '罚款金额', 'fen', { required: false }),
    field('decidedOn', '决定日期', 'date', { role: 'decidedOn' }),
    field('asOf', '数据日期', 'date', { role: 'asOf' }),
  ],
};
const names = schema.fields.map(({ name }) => name);

describe('header of an import', () => {
  const faults = (...labels: string[]) => readHeader(schema, labels).faults.map(({ column, code }) => `${column} ${code}`);

  it('takes names, Chinese names and a declared unit, in any order', () => {
    const { columns, faults: none } = readHeader(schema, ['数据日期', 'docNo', '罚款金额（分）', '主体标识', 'subjectType', ' decidedOn ']);
    expect(none).to.deep.equal([]);
    expect(columns).to.deep.equal([4, 3, 1, 2, 5, 0]);
  });

  it('lets an optional field have no column, and no other', () => {
    expect(faults('subjectType', 'subjectId', 'docNo', 'decidedOn', 'asOf')).to.deep.equal([]);
    expect(faults('subjectType', 'subjectId', 'fineFen')).to.deep.equal([
      'docNo IMPORT_COLUMN_MISSING',
      'decidedOn IMPORT_COLUMN_MISSING',
      'asOf IMPORT_COLUMN_MISSING',
    ]);
  });

  it('refuses unknown and doubled columns, and money in 万元 that the schema does not declare', () => {
    expect(faults(...names, 'legalRep')).to.deep.equal(['#7 IMPORT_COLUMN_UNKNOWN']);
    expect(faults(...names, '文号')).to.deep.equal(['docNo IMPORT_COLUMN_TWICE']);
    expect(faults(...names.filter((name) => name !== 'fineFen'), '罚款金额(万元)')).to.deep.equal(['fineFen IMPORT_UNIT']);
  });

  it('never repeats a label, which may be a first row of data', () => {
    expect(
      JSON.stringify(readHeader(schema, ['enterprise', '91440300708461136T', '示例', '1', '2026-01-01', '2026-01-02'])),
    ).not.to.include('9144');
  });
});

describe('rows of an import', () => {
  const reader = rowReader(schema, readHeader(schema, names).columns, names.length);
  const good = ['enterprise', '91440300708461136t', 'D-1', '100', '2026-11-02', '2026-11-11'];
  const faults = (...cells: string[]) => {
    const read = reader(9, cells);
    return 'faults' in read ? read.faults.map(({ line, column, kind, code }) => `${line} ${column} ${kind} ${code}`) : [];
  };
  const row = (...cells: string[]) => {
    const read = reader(9, cells);
    if ('faults' in read) throw new Error(JSON.stringify(read.faults));
    return read.row;
  };

  it('gives the subject normalised and the values in the order of the schema', () => {
    expect(row(...good)).to.deep.equal({
      subject: { type: 'enterprise', code: '91440300708461136T' },
      values: ['enterprise', '91440300708461136T', 'D-1', 100, '2026-11-02', '2026-11-11'],
      key: '["D-1"]',
      asOf: '2026-11-11',
      late: false,
    });
  });

  it('gives all faults of a row at once, with the class of each value only', () => {
    expect(faults('firm', '110105491231002', '', '1.5', '2026-02-30', 'soon')).to.deep.equal([
      '9 subjectType text IMPORT_ENUM',
      '9 docNo empty IMPORT_REQUIRED',
      '9 fineFen number IMPORT_MONEY',
      '9 decidedOn date IMPORT_DATE',
      '9 asOf text IMPORT_DATE',
    ]);
  });

  it('holds the subject to its type', () => {
    const withSubject = (type: string, code: string) => faults(type, code, ...good.slice(2));
    expect(withSubject('farmer', '91440300708461136T')).to.deep.equal(['9 subjectId code ID_NUMBER_CHARACTER']);
    expect(withSubject('enterprise', '92619900MA0000000X')).to.have.length(1);
    expect(withSubject('farmer', '110105491231002')).to.deep.equal(['9 subjectId whole number ID_NUMBER_LENGTH']);
    expect(withSubject('farmer', '110105194912310021')).to.deep.equal(['9 subjectId whole number ID_NUMBER_CHECK']);
    expect(withSubject('enterprise', '11010519491231002X')).to.have.length(1);
    expect(withSubject('farmer', '11010519491231002X')).to.deep.equal([]);
  });

  it('refuses a row with a cell too few or too many', () => {
    expect(faults(...good, 'x')).to.deep.equal(['9  7 cells IMPORT_CELL_COUNT']);
    expect(faults(...good.slice(1))).to.deep.equal(['9  5 cells IMPORT_CELL_COUNT']);
  });

  it('finds the subject by its code alone when the schema has no type', () => {
    const plain: DatasetSchema = { ...schema, fields: schema.fields.slice(1) };
    const read = rowReader(plain, readHeader(plain, names.slice(1)).columns, 5);
    const subjectOf = (code: string) => {
      const result = read(2, [code, ...good.slice(2)]);
      return 'row' in result ? result.row.subject.type : result.faults[0]!.code;
    };
    expect([subjectOf('91440300708461136T'), subjectOf('11010519491231002X'), subjectOf('914403001922038217')]).to.deep.equal([
      'enterprise',
      'natural-person',
      'USCC_CHECK',
    ]);
  });

  it('flags 双公示 later than seven working days (rule 34), and nothing else', () => {
    // 2026-11-02 is a Monday: the seventh working day after it is Wednesday 2026-11-11.
    expect(weekdaysAfter('2026-11-02', '2026-11-11', 99)).to.equal(7);
    expect([publishedLate('penalty', '2026-11-02', '2026-11-11'), publishedLate('penalty', '2026-11-02', '2026-11-12')]).to.deep.equal([
      false,
      true,
    ]);
    expect([publishedLate('permit', '2026-11-02', '2027-11-02'), publishedLate('tax', '2026-11-02', '2027-11-02')]).to.deep.equal([
      true,
      false,
    ]);
    expect(publishedLate('penalty', '2014-11-02', '2026-11-12')).to.equal(false);
    expect(row(...good.slice(0, 5), '2026-11-12').late).to.equal(true);
  });
});
