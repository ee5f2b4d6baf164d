import { expect } from 'chai';
import { migrations } from '../../../gateway/adapters/store/meta.ts';
import { openGatewayStore, type StoreModules } from '../../../gateway/adapters/store/open-store.ts';
import { writerLimits } from '../../../gateway/adapters/store/writer.ts';
import { consentOf, draftOf, requestOf } from '../../helpers/append-requests.ts';
import { faults, faultyDatabases } from '../../helpers/faulty-database.ts';
import { storeOptions } from '../../helpers/level-store.ts';
import { collect } from '../../helpers/rejection.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

const april = Date.UTC(2026, 3, 1);
const scope = { consent: consentOf(1).id, month: '2026-04' };

describe('faults: destroying a key', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  for (const fault of faults)
    it(`${fault}: it is destroyed or it is there, never half; repeated, it is destroyed`, async () => {
      const injected = faultyDatabases();
      const options = storeOptions(folder, { randomness: systemRandomness });
      const modules: StoreModules = { openDatabase: injected.open, migrations, limits: writerLimits };
      let store = await openGatewayStore(options, modules);
      await store.audit.append(requestOf(1, { draft: draftOf(1, { consent: consentOf(1), time: april }), attachment: Uint8Array.of(7) }));
      await store.audit.append(requestOf(2, { draft: draftOf(2, { consent: consentOf(2), time: april }) }));
      const root = await store.audit.root(2);
      injected.strike(fault, 'opening-keys');
      const failed = await store.erasable.destroy([scope]).then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
      expect(injected.struck()).to.equal(1);
      if (fault.startsWith('dies')) {
        await store.close().catch(() => undefined);
        store = await openGatewayStore(options);
      }
      const there = (await collect(store.erasable.list())).some(({ consent }) => consent === scope.consent);
      expect((await store.audit.opening(0)) !== undefined).to.equal(there);
      expect(there).to.equal(fault === 'fails' || fault === 'dies before');
      await store.erasable.destroy([scope]);
      expect(await store.audit.opening(0)).to.equal(undefined);
      expect((await store.audit.recall(draftOf(1).usage, 'served'))?.attachment).to.equal('erased');
      expect(await store.audit.opening(1)).to.not.equal(undefined);
      expect(await store.audit.root(2)).to.equal(root);
      await store.close();
    });
});
