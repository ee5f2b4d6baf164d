import { expect } from 'chai';
import { migrations } from '../../../gateway/adapters/store/meta.ts';
import { type GatewayStore, openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { writerLimits } from '../../../gateway/adapters/store/writer.ts';
import type { XinshuError } from '../../../gateway/domain/errors.ts';
import type { AppendOutcome } from '../../../gateway/ports/audit-store.ts';
import { consentOf, counterOf, draftOf, requestOf, usageOf } from '../../helpers/append-requests.ts';
import { type Fault, faults, faultyDatabases, type Part } from '../../helpers/faulty-database.ts';
import { storeOptions } from '../../helpers/level-store.ts';
import { naiveRoot } from '../../helpers/naive-merkle.ts';
import { collect, rejection } from '../../helpers/rejection.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

const limit = 12;
const numbers = [...Array(20).keys()];
const attachmentOf = (number: number): Uint8Array => Uint8Array.of(number);
const request = (number: number) =>
  requestOf(number, {
    draft: draftOf(number, { consent: consentOf(number % 3) }),
    counters: [counterOf('consent/a', limit)],
    attachment: attachmentOf(number),
  });

/** Everything the store says must fit together, whatever happened to it. */
const expectWhole = async ({ audit }: GatewayStore): Promise<void> => {
  const size = audit.size();
  const leaves = await collect(audit.leaves(0, size));
  expect(await audit.root(size)).to.equal(naiveRoot(leaves.map(({ leaf }) => leaf)));
  expect(audit.count('consent/a')).to.equal(size);
  const found = await Promise.all(numbers.map((number) => audit.find(usageOf(number))));
  const indices = found.flat().map(({ position }) => position.index);
  expect(indices.sort((a, b) => a - b)).to.deep.equal([...Array(size).keys()]);
  const usages = await Promise.all(indices.map(async (index) => (await audit.opening(index))?.usage));
  expect(new Set(usages).size).to.equal(size);
  for (const consent of [0, 1, 2]) {
    let n = 0;
    while ((await audit.tagged(consentOf(consent).id, n)) !== undefined) n += 1;
    const leavesOfConsent = found.filter((list, number) => list.length > 0 && number % 3 === consent);
    expect(n).to.equal(leavesOfConsent.length);
  }
};

describe('faults: writes of the store', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const modules = (open = faultyDatabases()) => ({ faults: open, modules: { openDatabase: open.open, migrations, limits: writerLimits } });
  const parts: readonly Part[] = ['entries', 'opening-keys'];

  const matrix = faults.flatMap((fault) => parts.flatMap((part) => [0, 5].map((earlier) => ({ fault, part, earlier }))));
  for (const { fault, part, earlier } of matrix) {
    it(`${part} ${fault} after ${earlier} entries: nothing is answered, a retry makes it whole`, async () => {
      const injected = modules();
      let store = await openGatewayStore(storeOptions(folder), injected.modules);
      for (const number of numbers.slice(0, earlier)) expect((await store.audit.append(request(number))).kind).to.equal('appended');
      // Another month and so another key, or the key database would have nothing to write.
      const later = (number: number) => {
        const base = request(number);
        return number < earlier ? base : { ...base, draft: { ...base.draft, time: Date.UTC(2026, 6, 1) + number } };
      };
      injected.faults.strike(fault, part);
      const first = await Promise.allSettled(numbers.slice(earlier).map((number) => store.audit.append(later(number))));
      expect(injected.faults.struck()).to.equal(1);
      for (const outcome of first) {
        expect(outcome.status).to.equal('rejected');
        expect(((outcome as PromiseRejectedResult).reason as XinshuError).code).to.equal('STORE_WRITE_FAILED');
      }
      if (fault.startsWith('dies')) {
        await store.close();
        store = await openGatewayStore(storeOptions(folder));
      }
      const persisted = part === 'entries' && (fault === 'lies' || fault === 'dies after');
      // find() waits for the recovery, size() does not.
      await store.audit.find(usageOf(0));
      expect(store.audit.size()).to.equal(persisted ? limit : earlier);
      await expectWhole(store);

      const second = await Promise.all(numbers.map((number) => store.audit.append(later(number))));
      const kinds = (kind: AppendOutcome['kind']) => second.filter((outcome) => outcome.kind === kind).length;
      expect(kinds('present')).to.equal(persisted ? limit : earlier);
      expect(kinds('appended')).to.equal(persisted ? 0 : limit - earlier);
      expect(kinds('refused')).to.equal(numbers.length - limit);
      second.forEach((outcome, number) => {
        if (outcome.kind === 'present') expect(outcome.attachment).to.deep.equal(attachmentOf(number));
      });
      await expectWhole(store);
      await store.close();
      const again = await openGatewayStore(storeOptions(folder, { create: false }));
      expect(again.audit.size()).to.equal(limit);
      await expectWhole(again);
      await again.close();
    });
  }

  it('takes documents, namespaces and the log of one group together', async () => {
    for (const fault of ['fails', 'lies'] satisfies Fault[]) {
      const injected = modules();
      const store = await openGatewayStore(storeOptions(folder), injected.modules);
      const before = store.audit.size();
      injected.faults.strike(fault, 'entries');
      const writes = await Promise.allSettled([
        store.documents.put('session', fault, 1),
        store.audit.append(requestOf(before + 1)),
        store.namespace('mirror').write([{ type: 'put', key: Buffer.from(fault), value: Buffer.of(1) }]),
        store.documents.remove('session', 'other'),
      ]);
      expect(writes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected', 'rejected']);
      const persisted = fault === 'lies';
      expect(await store.documents.get('session', fault)).to.equal(persisted ? 1 : undefined);
      expect((await store.namespace('mirror').get(Buffer.from(fault))) !== undefined).to.equal(persisted);
      expect(store.audit.size()).to.equal(before + (persisted ? 1 : 0));
      await store.close();
    }
  });

  it('refuses writes and reads while it can not be read again, and goes on when it can', async () => {
    const injected = modules();
    const store = await openGatewayStore(storeOptions(folder), injected.modules);
    await store.audit.append(requestOf(1));
    injected.faults.strike('lies', 'entries');
    injected.faults.refuseOpenings(3);
    await rejection('STORE_WRITE_FAILED', () => store.audit.append(requestOf(2)));
    await rejection('STORE_UNAVAILABLE', () => store.audit.count('consent/a'));
    const failed = await Promise.allSettled([store.audit.append(requestOf(3)), store.audit.root(1)]);
    expect(failed.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect((await store.audit.append(requestOf(2))).kind).to.equal('present');
    expect((await store.audit.append(requestOf(3))).kind).to.equal('appended');
    expect(store.audit.size()).to.equal(3);
    await store.close();
  });

  it('strikes each of several groups without losing one that was answered', async () => {
    const injected = modules();
    const store = await openGatewayStore(storeOptions(folder), {
      ...injected.modules,
      limits: { ...writerLimits, group: 3 },
    });
    for (const [round, fault] of (['fails', 'lies', 'fails', 'lies'] satisfies Fault[]).entries()) {
      injected.faults.strike(fault, 'entries', 1);
      const requests = numbers.map((number) => requestOf(round * numbers.length + number));
      const outcomes = await Promise.allSettled(requests.map((one) => store.audit.append(one)));
      expect(outcomes.filter(({ status }) => status === 'rejected')).to.have.length(3);
      for (const [place, outcome] of outcomes.entries()) {
        const recalled = await store.audit.recall(requests[place]!.draft.usage, 'served');
        if (outcome.status === 'fulfilled' && outcome.value.kind === 'appended')
          expect(recalled?.position).to.deep.equal(outcome.value.position);
        else expect(recalled !== undefined).to.equal(fault === 'lies');
      }
      const leaves = await collect(store.audit.leaves(0, store.audit.size()));
      expect(await store.audit.root(leaves.length)).to.equal(naiveRoot(leaves.map(({ leaf }) => leaf)));
    }
    expect(injected.faults.struck()).to.equal(4);
    expect(store.audit.size()).to.equal(4 * numbers.length - 2 * 3);
    await store.close();
  });
});
