import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { u64 } from '../../../../gateway/adapters/store/bytes.ts';
import { openDatabase } from '../../../../gateway/adapters/store/database.ts';
import { type Migration, metaWrite, migrations, readMeta } from '../../../../gateway/adapters/store/meta.ts';
import { openGatewayStore, type StoreModules } from '../../../../gateway/adapters/store/open-store.ts';
import { writerLimits } from '../../../../gateway/adapters/store/writer.ts';
import { XinshuError } from '../../../../gateway/domain/errors.ts';
import type { MemberId } from '../../../../gateway/domain/ids.ts';
import { counterOf, requestOf, usageOf } from '../../../helpers/append-requests.ts';
import { faultyDatabases } from '../../../helpers/faulty-database.ts';
import { storeOptions } from '../../../helpers/level-store.ts';
import { naiveRoot } from '../../../helpers/naive-merkle.ts';
import { collect, rejection } from '../../../helpers/rejection.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../helpers/temporary-folder.ts';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('adapters/store: opening', () => {
  let folder: TemporaryFolder;
  const entries = (): string => join(storeOptions(folder).folder, 'entries');
  const filesOf = async (pattern: RegExp): Promise<string[]> =>
    (await readdir(entries())).filter((name) => pattern.test(name)).map((name) => join(entries(), name));

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  /** A store with this many leaves in as many group commits, closed again. */
  const filled = async (leaves: number): Promise<void> => {
    const store = await openGatewayStore(storeOptions(folder));
    for (let number = 0; number < leaves; number += 1) await store.audit.append(requestOf(number, { counters: [counterOf('a', leaves)] }));
    await store.documents.put('session', 'k', { leaves });
    await store.close();
  };

  /** The same in group commits of these sizes. */
  const grouped = async (...sizes: readonly number[]): Promise<void> => {
    const store = await openGatewayStore(storeOptions(folder));
    for (const size of sizes) {
      const from = store.audit.size();
      await Promise.all(Array.from({ length: size }, (_, at) => store.audit.append(requestOf(from + at))));
    }
    await store.close();
  };

  describe('creating', () => {
    it('does not happen by accident, and leaves nothing behind', async () => {
      await rejection('STORE_MISSING', () => openGatewayStore(storeOptions(folder, { create: false })));
      expect(await readdir(folder.path)).to.deep.equal([]);
    });

    it('opens what is there, whether asked to create or not', async () => {
      await filled(3);
      for (const create of [true, false]) {
        const store = await openGatewayStore(storeOptions(folder, { create }));
        expect(store.audit.size()).to.equal(3);
        await store.close();
      }
    });

    it('goes on where a crash left an empty folder', async () => {
      await (await openDatabase(entries())).close();
      await rejection('STORE_MISSING', () => openGatewayStore(storeOptions(folder, { create: false })));
      const store = await openGatewayStore(storeOptions(folder));
      expect(store.audit.size()).to.equal(0);
      await store.close();
    });

    it('makes folders that only this user can read', async () => {
      await filled(1);
      const modes = await Promise.all(['entries', 'opening-keys'].map((name) => stat(join(storeOptions(folder).folder, name))));
      expect(modes.map(({ mode }) => mode & 0o077)).to.deep.equal([0, 0]);
    });
  });

  describe('one writer', () => {
    it('refuses the second with STORE_LOCKED and leaves the first alone', async () => {
      const first = await openGatewayStore(storeOptions(folder));
      await rejection('STORE_LOCKED', () => openGatewayStore(storeOptions(folder)));
      expect((await first.audit.append(requestOf(1))).kind).to.equal('appended');
      await first.close();
      const second = await openGatewayStore(storeOptions(folder));
      expect(second.audit.size()).to.equal(1);
      await second.close();
    });

    it('finishes what waits when it is closed, and refuses what comes after', async () => {
      const store = await openGatewayStore(storeOptions(folder));
      const waiting = [1, 2, 3].map((number) => store.audit.append(requestOf(number)));
      const closing = store.close();
      await rejection('STORE_CLOSED', () => store.audit.append(requestOf(4)));
      expect((await Promise.all(waiting)).map(({ kind }) => kind)).to.deep.equal(['appended', 'appended', 'appended']);
      await closing;
      await store.close();
      await rejection('STORE_CLOSED', () => store.documents.get('session', 'k'));
      await rejection('STORE_CLOSED', () => store.audit.count('a'));
    });

    it('refuses with OVERLOADED what would wait beyond its bound, and writes nothing of it', async () => {
      const modules: StoreModules = { openDatabase, migrations, limits: { ...writerLimits, waiting: 10, group: 4 } };
      const store = await openGatewayStore(storeOptions(folder), modules);
      const outcomes = await Promise.allSettled(Array.from({ length: 15 }, (_, number) => store.audit.append(requestOf(number))));
      const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as XinshuError).code] : []));
      expect(refused).to.deep.equal(Array(5).fill('OVERLOADED'));
      expect(store.audit.size()).to.equal(10);
      expect(await store.audit.find(usageOf(14))).to.deep.equal([]);
      expect((await store.audit.append(requestOf(14))).kind).to.equal('appended');
      await store.close();
    });
  });

  describe('whose and which', () => {
    it('belongs to one member', async () => {
      await filled(1);
      const error = await rejection('STORE_OTHER_MEMBER', () =>
        openGatewayStore(storeOptions(folder, { member: 'bank-changan' as MemberId })),
      );
      expect(error.detail).to.deep.equal({ owner: 'gov-credit', member: 'bank-changan' });
      await (await openGatewayStore(storeOptions(folder))).close();
    });

    it('keeps logs of other numbers apart', async () => {
      await filled(2);
      const store = await openGatewayStore(storeOptions(folder, { log: 4 }));
      expect(store.audit.size()).to.equal(0);
      expect(store.audit.count('a')).to.equal(0);
      expect((await store.audit.append(requestOf(0))).kind).to.equal('appended');
      await store.close();
    });
  });

  describe('versions', () => {
    const document = (name: string): Buffer => Buffer.concat([Buffer.of(3, 1), utf8(name)]);
    const rename: Migration = async (database) => [
      { type: 'del', key: document('k') },
      { type: 'put', key: document('key'), value: database.get(document('k')) ?? Buffer.alloc(0) },
    ];
    const mark: Migration = async () => [{ type: 'put', key: document('marked'), value: utf8('true') }];
    const later = (table: readonly Migration[], open = openDatabase): StoreModules => ({
      openDatabase: open,
      migrations: table,
      limits: writerLimits,
    });

    it('takes an older store through each migration once', async () => {
      await filled(2);
      for (let start = 0; start < 2; start += 1) {
        const store = await openGatewayStore(storeOptions(folder), later([rename, mark]));
        expect(await store.documents.get('session', 'k')).to.equal(undefined);
        expect(await store.documents.get('session', 'key')).to.deep.equal({ leaves: 2 });
        expect(await store.documents.get('session', 'marked')).to.equal(true);
        expect(store.audit.size()).to.equal(2);
        await store.close();
      }
    });

    it('goes on with the migration at which it was interrupted', async () => {
      await filled(2);
      for (const fault of ['dies before', 'dies after'] as const) {
        const injected = faultyDatabases();
        injected.strike(fault, 'entries', fault === 'dies before' ? 1 : 0);
        let error: unknown;
        await openGatewayStore(storeOptions(folder), later([rename, mark], injected.open)).catch((caught: unknown) => {
          error = caught;
        });
        expect(error).to.be.instanceOf(Error);
      }
      const database = await openDatabase(entries());
      expect(readMeta(database, 'version')).to.equal('4');
      await database.close();
      const store = await openGatewayStore(storeOptions(folder), later([rename, mark]));
      expect(await store.documents.get('session', 'key')).to.deep.equal({ leaves: 2 });
      await store.close();
    });

    it('refuses a newer one and changes nothing', async () => {
      await filled(1);
      await (await openGatewayStore(storeOptions(folder), later([mark]))).close();
      const error = await rejection('STORE_NEWER', () => openGatewayStore(storeOptions(folder)));
      expect(error.detail).to.deep.equal({ version: 3, known: 2 });
      await (await openGatewayStore(storeOptions(folder), later([mark]))).close();
    });

    it('refuses one from before the first release', async () => {
      await filled(1);
      const database = await openDatabase(entries());
      await database.batch([metaWrite('version', '1')]);
      await database.close();
      const error = await rejection('STORE_OLDER', () => openGatewayStore(storeOptions(folder)));
      expect(error.detail).to.deep.equal({ version: 1, oldest: 2 });
    });

    it('refuses a version that is none', async () => {
      await filled(1);
      const database = await openDatabase(entries());
      await database.batch([metaWrite('version', 'x')]);
      await database.close();
      await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)));
    });
  });

  describe('damage', () => {
    it('refuses a store whose CURRENT is gone, and does not take it for an empty one', async () => {
      await filled(3);
      const before = await readdir(entries());
      await rm(join(entries(), 'CURRENT'));
      for (const create of [true, false]) await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder, { create })));
      expect((await readdir(entries())).length).to.equal(before.length - 1);
    });

    it('refuses a manifest that was cut off', async () => {
      await filled(3);
      for (const manifest of await filesOf(/^MANIFEST/)) await truncate(manifest, 5);
      await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)));
    });

    it('refuses a table that is gone', async () => {
      await filled(3);
      // The second start writes the log of the first into a table.
      await (await openGatewayStore(storeOptions(folder))).close();
      const tables = await filesOf(/\.ldb$/);
      expect(tables.length).to.be.greaterThan(0);
      for (const table of tables) await rm(table);
      await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)));
    });

    it('opens a cut-off end as whole group commits, or refuses it', async () => {
      await filled(30);
      const [log] = await filesOf(/\.log$/);
      const bytes = await readFile(log!);
      const sizes = new Set<number>();
      for (let length = bytes.length; length > 0; length -= Math.ceil(bytes.length / 40)) {
        const copy = await temporaryFolder();
        const target = storeOptions(copy).folder;
        await mkdir(join(target, 'entries'), { recursive: true });
        for (const file of await readdir(entries())) {
          if (file !== 'LOCK') await writeFile(join(target, 'entries', file), await readFile(join(entries(), file)));
        }
        await truncate(join(target, 'entries', log!.split('/').at(-1)!), length);
        try {
          const store = await openGatewayStore(storeOptions(copy, { create: false }));
          const size = store.audit.size();
          sizes.add(size);
          const leaves = await collect(store.audit.leaves(0, size));
          expect(await store.audit.root(size)).to.equal(naiveRoot(leaves.map(({ leaf }) => leaf)));
          expect(store.audit.count('a')).to.equal(size);
          await store.close();
        } catch (error) {
          if (!(error instanceof XinshuError)) throw error;
          expect(error.code).to.be.oneOf(['STORE_MISSING', 'STORE_CORRUPT']);
        }
        await copy.remove();
      }
      expect(sizes.size).to.be.greaterThan(5);
    });

    it('refuses a store with a hole in its middle, which LevelDB itself passes over', async () => {
      await filled(60);
      const [log] = await filesOf(/\.log$/);
      const bytes = await readFile(log!);
      bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
      await writeFile(log!, bytes);
      await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)));
    });

    it('refuses a head that the tree does not give', async () => {
      await filled(5);
      const database = await openDatabase(entries());
      const head = Buffer.of(4, 0, 0, 0, 3);
      const value = Buffer.from(database.get(head)!);
      value[20]! ^= 1;
      await database.batch([{ type: 'put', key: head, value }]);
      await database.close();
      const error = await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)));
      expect(error.detail).to.deep.equal({ part: 'root', size: 5 });
    });

    const packKey = (first: number): Buffer => Buffer.concat([Buffer.of(12, 0, 0, 0, 3), u64(first)]);
    const tileKey = (level: number, index: number): Buffer => Buffer.concat([Buffer.of(14, 0, 0, 0, 3, level), u64(index)]);
    const change = async (key: Buffer, changed: (value: Buffer) => Buffer | undefined): Promise<void> => {
      const database = await openDatabase(entries());
      const value = changed(Buffer.from(database.get(key)!));
      await database.batch([value === undefined ? { type: 'del', key } : { type: 'put', key, value }]);
      await database.close();
    };
    const flipped =
      (at: number) =>
      (value: Buffer): Buffer => {
        value[at < 0 ? value.length + at : at]! ^= 1;
        return value;
      };

    const tailDamages: readonly (readonly [string, (value: Buffer) => Buffer | undefined, object])[] = [
      ['altered', flipped(-5), { part: 'root', size: 5 }],
      ['cut off', (value) => value.subarray(0, -1), { part: 'leaf', index: 4 }],
      ['of another count', flipped(0), { part: 'leaf', index: 4 }],
      ['taken out', () => undefined, { part: 'leaf', index: 3 }],
    ];
    for (const [what, damage, detail] of tailDamages) {
      it(`refuses leaves at the end of the log that were ${what}`, async () => {
        await grouped(3, 2);
        await change(packKey(3), damage);
        const error = await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)));
        expect(error.detail).to.deep.equal(detail);
      });
    }

    const sealedDamages: readonly (readonly [string, Buffer, (value: Buffer) => Buffer | undefined, object])[] = [
      ['an altered leaf', packKey(32), flipped(-5), { part: 'leaf', index: 47 }],
      ['a pack cut off', packKey(32), (value) => value.subarray(0, -1), { part: 'leaf', index: 47 }],
      ['a pack without its head', packKey(32), (value) => value.subarray(0, 3), { part: 'leaf', index: 32 }],
      ['a pack taken out', packKey(32), () => undefined, { part: 'leaf', index: 32 }],
      ['an altered tile', tileKey(0, 0), flipped(32 * 40), { part: 'leaf', index: 40 }],
      ['a tile cut off', tileKey(0, 0), (value) => value.subarray(0, -32), { part: 'tile', level: 0, index: 0 }],
      ['a tile taken out', tileKey(0, 0), () => undefined, { part: 'tile', level: 0, index: 0 }],
    ];
    for (const [what, key, damage, detail] of sealedDamages) {
      it(`finds ${what} when it is read, and goes on with the rest`, async () => {
        await grouped(256, 3);
        await change(key, damage);
        const store = await openGatewayStore(storeOptions(folder));
        const error = await rejection('STORE_CORRUPT', () => collect(store.audit.leaves(0, store.audit.size())));
        expect(error.detail).to.deep.equal(detail);
        expect(await collect(store.audit.leaves(256, 259))).to.have.length(3);
        expect((await store.audit.append(requestOf(999))).kind).to.equal('appended');
        await store.close();
      });
    }

    it('refuses a store whose upper tile does not give the root', async () => {
      await grouped(256, 3);
      await change(tileKey(1, 0), flipped(7));
      expect((await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)))).detail).to.deep.equal({
        part: 'root',
        size: 259,
      });
      await change(tileKey(1, 0), () => undefined);
      expect((await rejection('STORE_CORRUPT', () => openGatewayStore(storeOptions(folder)))).detail).to.deep.equal({
        part: 'tile',
        level: 1,
        index: 0,
      });
    });

    it('does not repeat a damaged document in its error', async () => {
      await filled(1);
      const database = await openDatabase(entries());
      await database.batch([{ type: 'put', key: Buffer.concat([Buffer.of(3, 1), utf8('k')]), value: utf8('{"name":"王五"') }]);
      await database.close();
      const store = await openGatewayStore(storeOptions(folder));
      const error = await rejection('STORE_CORRUPT', () => store.documents.get('session', 'k'));
      expect(`${error.message}${error.cause ?? ''}`).to.not.include('王五');
      await store.close();
    });

    it('opens beside files that are not its own', async () => {
      await filled(2);
      await appendFile(join(entries(), 'note.txt'), 'left here');
      const store = await openGatewayStore(storeOptions(folder));
      expect(store.audit.size()).to.equal(2);
      await store.close();
    });
  });
});
