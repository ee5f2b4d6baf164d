import { expect } from 'chai';
import { listing, table } from '../../../node/cli/table.ts';

describe('tables of a terminal', () => {
  it('aligns columns, a Chinese character as wide as two others', () => {
    expect(
      table(
        ['id', 'name', 'x'],
        [
          ['a', '长安银行', '1'],
          ['bcd', 'Bank', '2'],
        ],
      ),
    ).to.equal('id   name      x\na    长安银行  1\nbcd  Bank      2');
  });

  it('aligns values and leaves no space at the end of a line', () => {
    expect(listing({ chain: '1', 名: 'x' })).to.equal('chain  1\n名     x');
    expect(table(['a', 'b'], [['1', '']])).to.equal('a  b\n1');
  });
});
