import { expect } from 'chai';
import { type EntryTimes, isLate, judgeTimes } from '../../../gateway/audit/entry-times.ts';

const limits = { maxBlockAge: 60, maxAnchorLag: 3600, tolerance: 120 };
const now = 1_800_000_000;
const entry = (over: Partial<EntryTimes> = {}): EntryTimes => ({ step: 'served', time: now * 1000, block: 7, blockTime: now, ...over });
const judge = (over: Partial<EntryTimes> = {}, latest = now * 1000, anchor?: number, of = limits) =>
  judgeTimes(entry(over), latest, anchor, of)?.kind;

describe('audit/entry-times', () => {
  it('finds nothing in order, nor in what clocks and a full minute of deciding explain', () => {
    expect(judge()).to.equal(undefined);
    expect(judge({}, (now + 120) * 1000)).to.equal(undefined);
    expect(judge({ blockTime: now - 180 })).to.equal(undefined);
    expect(judge({ blockTime: now + 120 })).to.equal(undefined);
    expect(judge({}, 0, now + 3720)).to.equal(undefined);
  });
  it('names an entry older than one before it, than its own block, or than the checkpoint before it', () => {
    expect(judge({}, (now + 121) * 1000)).to.equal('backdated');
    expect(judge({ blockTime: now + 121 })).to.equal('backdated');
    expect(judge({}, 0, now + 3721)).to.equal('backdated');
    expect(judge({ blockTime: now - 61 }, 0, now + 3720)).to.equal('backdated');
  });
  it('names a decision on a block that was too old, but not an answer that was fetched late', () => {
    expect(judge({ blockTime: now - 181 })).to.equal('stale-decision');
    expect(judge({ step: 'received', blockTime: now - 90_000 }, 0, now)).to.equal(undefined);
  });
  it('judges by no limit that the network does not set', () => {
    const unset = { maxBlockAge: 0, maxAnchorLag: 0, tolerance: 120 };
    expect(judge({ blockTime: now - 10_000 }, 0, now + 10_000, unset)).to.equal(undefined);
    expect(isLate(0, now, unset)).to.equal(false);
  });
  it('takes an anchor as late after the lag that the network allows', () => {
    expect(isLate(now * 1000, now + 3720, limits)).to.equal(false);
    expect(isLate(now * 1000, now + 3721, limits)).to.equal(true);
  });
});
