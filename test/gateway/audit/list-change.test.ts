import { expect } from 'chai';
import fc from 'fast-check';
import { listChange } from '../../../gateway/audit/list-change.ts';

const list = [...'abcdefgh'];

describe('audit/list-change', () => {
  it('finds nothing in a list that only grew', () => {
    expect(listChange(list, list)).to.equal(undefined);
    expect(listChange(list, [...list, 'x'])).to.equal(undefined);
    expect(listChange([], ['x'])).to.equal(undefined);
  });
  it('names what was done, where, and to how many, whatever grew at the end', () => {
    const at = fc.integer({ min: 0, max: list.length - 2 });
    const grown = fc.integer({ min: 0, max: 3 }).map((count) => [...'vwx'].slice(0, count));
    fc.assert(
      fc.property(at, grown, (index, tail) => {
        expect(listChange(list, [...list.toSpliced(index, 1), ...tail])).to.deep.equal({ kind: 'deleted', index, count: 1 });
        expect(listChange(list, [...list.toSpliced(index, 1, 'z'), ...tail])).to.deep.equal({ kind: 'altered', index, count: 1 });
        expect(listChange(list, [...list.toSpliced(index, 0, 'z'), ...tail])).to.deep.equal({ kind: 'inserted', index, count: 1 });
        const [a, b] = list.slice(index, index + 2) as [string, string];
        expect(listChange(list, [...list.toSpliced(index, 2, b, a), ...tail])).to.deep.equal({ kind: 'reordered', index, count: 2 });
      }),
    );
  });
  it('names a tail that was cut off and one that was written anew', () => {
    expect(listChange(list, list.slice(0, 5))).to.deep.equal({ kind: 'deleted', index: 5, count: 3 });
    expect(listChange(list, [...list.slice(0, 6), 'y', 'z'])).to.deep.equal({ kind: 'altered', index: 6, count: 2 });
  });
});
