import { expect } from 'chai';
import { chronological, quietStepBackMs } from '../../../../gateway/adapters/store/chronological.ts';
import { decodeLeaf } from '../../../../gateway/audit/leaf.ts';
import type { AuditStore } from '../../../../gateway/ports/audit-store.ts';
import { draftOf, requestOf } from '../../../helpers/append-requests.ts';
import { levelStore } from '../../../helpers/level-store.ts';
import { collect } from '../../../helpers/rejection.ts';

const at = (number: number, time: number) => requestOf(number, { draft: draftOf(number, { time }) });
const noon = Date.UTC(2026, 4, 1, 12);

const timesIn = async (audit: AuditStore): Promise<number[]> =>
  (await collect(audit.leaves(0, audit.size()))).map(({ leaf }) => {
    const decoded = decodeLeaf(leaf);
    if (!decoded.ok) throw new Error(decoded.refusal.code);
    return decoded.value.time;
  });

describe('adapters/store: a clock that is set back', () => {
  const said: [string, object][] = [];
  const log = {
    info: (facts: object) => said.push(['info', facts]),
    warn: (facts: object) => said.push(['warn', facts]),
    error: (facts: object) => said.push(['error', facts]),
  };
  let store: Awaited<ReturnType<typeof levelStore>>;
  beforeEach(async () => {
    said.length = 0;
    store = await levelStore();
  });
  afterEach(() => store.close());

  it('lets no time of an entry go back, also not among those appended together, and says nothing of small corrections', async () => {
    const audit = await chronological(store.audit, log);
    await audit.append(at(0, noon));
    const times = [noon + 5, noon + 5 - quietStepBackMs, noon + 3, noon + 9];
    await Promise.all(times.map((time, place) => audit.append(at(1 + place, time))));
    expect(await timesIn(audit)).to.deep.equal([noon, noon + 5, noon + 5, noon + 5, noon + 9]);
    expect(said).to.deep.equal([]);
  });

  it('says once that the clock is far behind the log, after a restart too, and once that it is over', async () => {
    await (await chronological(store.audit, log)).append(at(0, noon));
    const audit = await chronological(store.audit, log);
    const behind = [86_400_000, 86_300_000, 500, -1, -2];
    for (const [place, ms] of behind.entries()) await audit.append(at(1 + place, noon - ms));
    expect(said).to.deep.equal([
      ['error', { behindMs: 86_400_000 }],
      ['info', {}],
    ]);
    expect(await timesIn(audit)).to.deep.equal([noon, noon, noon, noon, noon + 1, noon + 2]);
  });

  it('seals under the month of the time that stands in the entry', async () => {
    const audit = await chronological(store.audit, log);
    await audit.append(at(0, noon));
    await audit.append(at(1, Date.UTC(2025, 0, 1)));
    const months = (await collect(store.erasable.list())).map(({ month }) => month);
    expect(months).to.deep.equal(['2026-05']);
  });
});
