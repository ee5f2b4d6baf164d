import { expect } from 'chai';
import { openDatabase } from '../../../../gateway/adapters/store/database.ts';
import { migrations } from '../../../../gateway/adapters/store/meta.ts';
import { openGatewayStore, type StoreModules } from '../../../../gateway/adapters/store/open-store.ts';
import { type WriterLimits, writerLimits } from '../../../../gateway/adapters/store/writer.ts';
import { requestOf } from '../../../helpers/append-requests.ts';
import { storeOptions } from '../../../helpers/level-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../helpers/temporary-folder.ts';

describe('adapters/store: group commit', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  /** The real database, and the sizes of the batches written to its entries. */
  const counted = (limits: Partial<WriterLimits> = {}): { modules: StoreModules; batches: number[] } => {
    const batches: number[] = [];
    const modules: StoreModules = {
      openDatabase: async (path) => {
        const database = await openDatabase(path);
        const batch: typeof database.batch = (writes) => {
          if (path.endsWith('entries')) batches.push(writes.length);
          return database.batch(writes);
        };
        return { ...database, batch };
      },
      migrations,
      limits: { ...writerLimits, ...limits },
    };
    return { modules, batches };
  };

  it('writes what is called for at one moment with one sync, whatever it is', async () => {
    const { modules, batches } = counted();
    const store = await openGatewayStore(storeOptions(folder), modules);
    batches.length = 0;
    await Promise.all([
      ...[1, 2, 3].map((number) => store.audit.append(requestOf(number))),
      store.documents.put('session', 'k', 1),
      store.namespace('records').write([{ type: 'put', key: Buffer.of(1), value: Buffer.of(1) }]),
    ]);
    expect(batches).to.have.length(1);
    await store.close();
  });

  it('writes nothing when nothing changes', async () => {
    const { modules, batches } = counted();
    const store = await openGatewayStore(storeOptions(folder), modules);
    await store.audit.append(requestOf(1));
    batches.length = 0;
    await store.audit.append(requestOf(1));
    await store.audit.append(requestOf(2, { lastCheck: () => ({ code: 'CONSENT_WITHDRAWN', detail: {} }) }));
    expect(batches).to.deep.equal([]);
    await store.close();
  });

  it('splits by number and by bytes, in the order of the calls', async () => {
    const { modules, batches } = counted({ group: 10, groupBytes: 3000 });
    const store = await openGatewayStore(storeOptions(folder), modules);
    batches.length = 0;
    const order: number[] = [];
    const write = async (place: number, length: number): Promise<void> => {
      await store.namespace('records').write([{ type: 'put', key: Buffer.of(place), value: Buffer.alloc(length) }]);
      order.push(place);
    };
    await Promise.all([
      ...Array.from({ length: 12 }, (_, place) => write(place, 1)),
      ...[12, 13, 14, 15].map((place) => write(place, 2000)),
    ]);
    // Each batch holds the number of its commit besides: ten small ones; two small and two large; two large.
    expect(batches).to.deep.equal([11, 5, 3]);
    expect(order).to.deep.equal([...Array(16).keys()]);
    await store.close();
  });
});
