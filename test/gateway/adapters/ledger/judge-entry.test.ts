import { expect } from 'chai';
import { encodedCall } from '../../../../gateway/adapters/ledger/writer/encode-call.ts';
import { judgeEntry, type Verdict } from '../../../../gateway/adapters/ledger/writer/judge-entry.ts';
import { OutboxEntry, type SignedEntry } from '../../../../gateway/adapters/ledger/writer/outbox-entry.ts';
import type { Address } from '../../../../gateway/domain/ids.ts';

const call = encodedCall(`0x${'11'.repeat(20)}` as Address, '0x12345678');
const signed = { nonce: 5, raw: '0x01', hash: '0x02' } as const;
const receipt = { transaction: '0x02', block: 9, succeeded: true, logs: [] } as const;
const fresh = (): SignedEntry => Object.assign(new OutboxEntry(call, 1n), { signed });
const restored = (): SignedEntry => new OutboxEntry(call, 1n, signed) as SignedEntry;

const looks = (entry: SignedEntry, known: boolean, confirmed: number, times: number): Verdict[] =>
  Array.from({ length: times }, () => judgeEntry(entry, { receipt: undefined, known }, confirmed));

describe('what to do with a signed transaction', () => {
  it('is done once there is a receipt, whatever the nonce', () => {
    for (const confirmed of [0, 5, 6]) expect(judgeEntry(fresh(), { receipt, known: true }, confirmed)).to.equal('included');
  });

  it('waits while the node knows it, and sends it again when it does not', () => {
    expect(looks(fresh(), true, 5, 2)).to.deep.equal(['wait', 'wait']);
    expect(looks(fresh(), false, 5, 2)).to.deep.equal(['resend', 'resend']);
  });

  it('gets another nonce only when its own is used by something else, seen three times in a row', () => {
    expect(looks(fresh(), false, 6, 3)).to.deep.equal(['wait', 'wait', 'renumber']);
    const entry = fresh();
    looks(entry, false, 6, 2);
    looks(entry, true, 6, 1);
    expect(looks(entry, false, 6, 2)).to.deep.equal(['wait', 'wait']);
  });

  it('is given up when the node refused it ten times', () => {
    const entry = fresh();
    entry.refusals = 9;
    expect(looks(entry, false, 5, 1)).to.deep.equal(['resend']);
    entry.refusals = 10;
    expect(looks(entry, false, 5, 1)).to.deep.equal(['refuse']);
  });

  it('is never sent again when it was signed before a restart', () => {
    for (const confirmed of [5, 6]) expect(looks(restored(), false, confirmed, 3)).to.deep.equal(['wait', 'wait', 'drop']);
    expect(looks(restored(), true, 5, 5)).to.deep.equal(['wait', 'wait', 'wait', 'wait', 'wait']);
  });
});
