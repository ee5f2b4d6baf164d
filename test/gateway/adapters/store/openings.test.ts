import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../../../gateway/adapters/store/database.ts';
import { openGatewayStore } from '../../../../gateway/adapters/store/open-store.ts';
import { consentOf, draftOf, requestOf } from '../../../helpers/append-requests.ts';
import { storeOptions } from '../../../helpers/level-store.ts';
import { rejection } from '../../../helpers/rejection.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../helpers/temporary-folder.ts';

const april = Date.UTC(2026, 3, 30, 23, 59);
const may = Date.UTC(2026, 4, 1);

describe('adapters/store: openings', () => {
  let folder: TemporaryFolder;
  const part = (name: string): string => join(storeOptions(folder).folder, name);
  beforeEach(async () => {
    folder = await temporaryFolder();
    const store = await openGatewayStore(storeOptions(folder));
    const cases = [
      { consent: consentOf(1), time: april },
      { consent: consentOf(1), time: may },
      { consent: consentOf(2), time: april },
      { consent: undefined, time: april },
      { consent: consentOf(1), time: april },
    ];
    for (const [number, changes] of cases.entries()) await store.audit.append(requestOf(number, { draft: draftOf(number, changes) }));
    await store.close();
  });
  afterEach(() => folder.remove());

  it('lie in no file in clear', async () => {
    for (const name of ['entries', 'opening-keys']) {
      for (const file of await readdir(part(name))) {
        const bytes = await readFile(join(part(name), file));
        for (const secret of ['subject-1', '王 五', consentOf(1).historyKey, consentOf(1).historyKey.slice(2)]) {
          expect(bytes.includes(secret), `${secret} in ${file}`).to.equal(false);
        }
      }
    }
  });

  it('have one key for each consent and month; without it just those are erased, and the leaves stay', async () => {
    const keys = await openDatabase(part('opening-keys'));
    const names: Buffer[] = [];
    for await (const [name] of keys.range({ gte: Buffer.of(0), lt: Buffer.of(255) })) names.push(name);
    expect(names).to.have.length(4);
    const month = 2026 * 12 + 3;
    const erased = names.filter((name) => name.readUInt16BE() === month && name.subarray(2).toString('hex') === consentOf(1).id.slice(2));
    expect(erased).to.have.length(1);
    await keys.batch([{ type: 'del', key: erased[0]! }]);
    await keys.close();

    const store = await openGatewayStore(storeOptions(folder));
    const open = await Promise.all([0, 1, 2, 3, 4].map(async (index) => (await store.audit.opening(index)) !== undefined));
    expect(open).to.deep.equal([false, true, true, true, false]);
    expect(await store.audit.inclusion(0, 5)).to.have.length(3);
    await store.close();
  });

  it('are all erased with the folder of the keys', async () => {
    await rm(part('opening-keys'), { recursive: true });
    const store = await openGatewayStore(storeOptions(folder));
    expect(await store.audit.opening(2)).to.equal(undefined);
    expect((await store.audit.append(requestOf(9))).kind).to.equal('appended');
    expect((await store.audit.opening(5))?.values.staff).to.equal('王 五');
    await store.close();
  });

  it('can not be exchanged or altered unseen', async () => {
    const key = (index: number): Buffer => Buffer.of(13, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, index);
    const database = await openDatabase(part('entries'));
    const altered = Buffer.from(database.get(key(1))!);
    altered[altered.length - 1]! ^= 1;
    await database.batch([
      { type: 'put', key: key(0), value: database.get(key(4))! },
      { type: 'put', key: key(1), value: altered },
      { type: 'del', key: key(2) },
    ]);
    await database.close();
    const store = await openGatewayStore(storeOptions(folder));
    for (const index of [0, 1, 2]) await rejection('STORE_CORRUPT', () => store.audit.opening(index));
    expect((await store.audit.opening(4))?.usage).to.equal(draftOf(4).usage);
    await store.close();
  });
});
