import { Writable } from 'node:stream';
import { expect } from 'chai';
import { createLog } from '../../gateway/log.ts';

describe('log', () => {
  it('takes plaintext and secrets out wherever they stand, and keeps ids and codes', () => {
    let written = '';
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.toString('utf8');
        done();
      },
    });
    const log = createLog('info', 'bank', sink);
    const subject = { type: 'enterprise', code: '91619900MA0000000X' };
    log.info({ usage: 'u-1', outcome: 'OVERLOADED', code: 'OVERLOADED', subject, staff: 'Li Na', token: 'xst_1' }, 'query');
    log.warn({ query: { subject, requester: 'Li Na', name: 'Li Na', code: subject.code } }, 'query');
    log.error({ deep: { query: { subject, passphrase: 'horse', values: [subject.code], code: subject.code } } }, 'query');
    expect(written).to.not.match(/91619900|Li Na|xst_1|horse/);
    expect(written.match(/"usage":"u-1"/g)).to.have.length(1);
    expect(written).to.contain('"code":"OVERLOADED"').and.to.contain('"event":"query"').and.to.contain('"member":"bank"');
  });
});
