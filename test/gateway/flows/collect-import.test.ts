import { expect } from 'chai';
import { readCsv } from '../../../gateway/adapters/records/read-csv.ts';
import { collectImport } from '../../../gateway/flows/collect-import.ts';
import { sampleDatasets } from '../../../scripts/generate/datasets/all.ts';
import { fileOf } from '../../helpers/publishing-provider.ts';

const { schema } = sampleDatasets.find(({ id }) => id === 'gov-credit.tax')!;
const header = schema.fields.map(({ name }) => name).join(',');
const line = (year: number, sales = '100') =>
  `enterprise,91440300708461136T,91440300708461136T,${year + 1}-04-30,${year},A,1,${sales},0,0,0,-5`;
const collect = (text: string, bounds = { rows: 3, faultsListed: 2 }) => collectImport(schema, readCsv(fileOf(text)), bounds);

describe('collecting a file', () => {
  it('puts the rows of a subject together in their order, and knows the latest date', async () => {
    const collected = await collect(`${header}\n${line(2025)}\n${line(2023)}\n${line(2024)}\n`);
    expect(collected.subjects.map(({ records }) => records.map((values) => values[4]))).to.deep.equal([[2025, 2023, 2024]]);
    expect(collected).to.deep.include({ rows: 3, faultCount: 0, asOf: '2026-04-30' });
  });

  it('stops at the bound of rows', async () => {
    const collected = await collect(`${header}\n${[2021, 2022, 2023, 2024, 2025].map((year) => line(year)).join('\n')}`);
    expect(collected.faults).to.deep.equal([{ line: 5, column: '', kind: 'file', code: 'IMPORT_TOO_LARGE' }]);
  });

  it('lists the first faults and counts them all', async () => {
    const collected = await collect(`${header}\n${[1, 2, 3].map((year) => line(2000 + year, '1.5')).join('\n')}`);
    expect(collected.faults.map(({ line: at, column, code }) => [at, column, code])).to.deep.equal([
      [2, 'declaredSalesFen', 'IMPORT_MONEY'],
      [3, 'declaredSalesFen', 'IMPORT_MONEY'],
    ]);
    expect(collected.faultCount).to.equal(3);
  });

  it('takes money in 万元 only where the schema declares it, as exact 分', async () => {
    const labelled = header.replace('declaredSalesFen', '申报销售额(万元)');
    const text = `${labelled}\n${line(2025, '1.5')}`;
    expect((await collect(text)).faults.map(({ line: at, code }) => [at, code])).to.deep.equal([[1, 'IMPORT_UNIT']]);
    const fields = schema.fields.map((field) => (field.name === 'declaredSalesFen' ? { ...field, unit: '万元' } : field));
    const collected = await collectImport({ ...schema, fields }, readCsv(fileOf(text)));
    expect(collected.subjects[0]!.records[0]![7]).to.equal(1_500_000);
  });
});
