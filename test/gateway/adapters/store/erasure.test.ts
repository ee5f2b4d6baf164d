import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../../../gateway/adapters/store/database.ts';
import { type GatewayStore, openGatewayStore } from '../../../../gateway/adapters/store/open-store.ts';
import { fromHex } from '../../../../gateway/domain/hash.ts';
import { leafHash } from '../../../../gateway/domain/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../../gateway/domain/merkle-verify.ts';
import type { KeyScope } from '../../../../gateway/ports/erasable-keys.ts';
import { consentOf, draftOf, requestOf, usageOf } from '../../../helpers/append-requests.ts';
import { storeOptions } from '../../../helpers/level-store.ts';
import { collect } from '../../../helpers/rejection.ts';
import { systemRandomness } from '../../../helpers/system-randomness.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../helpers/temporary-folder.ts';

const april = Date.UTC(2026, 3, 30, 23, 59);
const may = Date.UTC(2026, 4, 1);
const [one, two] = [consentOf(1), consentOf(2)];
const entries = [
  { consent: one, time: april },
  { consent: one, time: may },
  { consent: two, time: april },
  { consent: undefined, time: april },
  { consent: one, time: april, step: 'erased' as const },
];
const erased: readonly KeyScope[] = [
  { consent: one.id, month: '2026-04' },
  { consent: one.id, month: undefined },
];
const plaintext = ['subject-0', 'subject-3', '王 五', 'signed request 0', 'whole of consent', 'reviewed in April'];

describe('adapters/store: erasure', () => {
  let folder: TemporaryFolder;
  const root = (): string => storeOptions(folder).folder;
  // A seed would draw the same bytes for keys of different names at each opening.
  const options = () => storeOptions(folder, { randomness: systemRandomness });
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  /** Which of these bytes stand in which file under the store's folder. */
  const found = async (needles: readonly (string | Buffer)[]): Promise<string[]> => {
    const hits: string[] = [];
    for (const part of ['entries', 'opening-keys'])
      for (const file of await readdir(join(root(), part))) {
        const bytes = await readFile(join(root(), part, file));
        for (const [place, needle] of needles.entries()) if (bytes.includes(needle)) hits.push(`${place} in ${part}/${file}`);
      }
    return hits;
  };

  /** Everything that two consents and a query without one leave behind, over several openings of the store, so that keys lie in tables and in the log. */
  const fill = async (): Promise<GatewayStore> => {
    let store = await openGatewayStore(options());
    for (const [number, changes] of entries.entries()) {
      const attachment = Buffer.from(`signed request ${number}`);
      await store.audit.append(requestOf(number, { draft: draftOf(number, changes), attachment }));
      await store.close();
      store = await openGatewayStore(options());
    }
    await store.documents.put('consentOpening', one.id, { text: 'whole of consent' }, { consent: one.id, time: undefined });
    await store.documents.put('consentOpening', two.id, { text: 'whole of consent' }, { consent: two.id, time: undefined });
    await store.documents.put('review', 'a', { text: 'reviewed in April' }, { consent: one.id, time: april });
    await store.documents.put('review', 'b', { text: 'reviewed in May' }, { consent: one.id, time: may });
    return store;
  };

  /** Bytes of the keys that are to be destroyed, and of one that stays. */
  const keyBytes = async (): Promise<Buffer[]> => {
    const database = await openDatabase(join(root(), 'opening-keys'));
    const name = (month: number, consent: string): Buffer =>
      Buffer.concat([Buffer.of(month >> 8, month & 255), fromHex(`0x${consent.slice(2)}`)]);
    const keys = [name(2026 * 12 + 3, one.id), name(0, one.id), name(2026 * 12 + 4, one.id)].map((key) => Buffer.from(database.get(key)!));
    await database.close();
    return keys;
  };

  const check = async (store: GatewayStore): Promise<void> => {
    const open = await Promise.all(entries.map(async (_, index) => (await store.audit.opening(index)) !== undefined));
    expect(open).to.deep.equal([false, true, true, true, true]);
    expect((await store.audit.recall(usageOf(0), 'served'))?.attachment).to.equal('erased');
    expect(Buffer.from((await store.audit.recall(usageOf(1), 'served'))!.attachment!).toString()).to.equal('signed request 1');
    expect(await store.documents.get('consentOpening', one.id)).to.equal(undefined);
    expect((await collect(store.documents.list('consentOpening'))).map(([key]) => key)).to.deep.equal([two.id]);
    expect((await collect(store.documents.list('review'))).map(([key]) => key)).to.deep.equal(['b']);
    // The index, the counts and the tags don't forget that there was a use.
    expect(await store.audit.append(requestOf(0, { draft: draftOf(0, entries[0]) }))).to.include({ kind: 'present', attachment: 'erased' });
    expect((await store.audit.tagged(one.id, 0))?.index).to.equal(0);
  };

  it('destroys keys so that no file holds their bytes, nor at any time the plaintext; leaves, roots and proofs stay', async () => {
    let store = await fill();
    await store.close();
    const [aprilKey, wholeKey, mayKey] = await keyBytes();
    expect(await found([aprilKey!, wholeKey!, mayKey!]), 'the search finds what is there').to.have.length.greaterThan(2);
    store = await openGatewayStore(options());
    const size = store.audit.size();
    const before = { root: await store.audit.root(size), leaves: await collect(store.audit.leaves(0, size)) };

    await store.erasable.destroy(erased);
    expect(await found([aprilKey!, wholeKey!, ...plaintext])).to.deep.equal([]);
    expect(await found([mayKey!])).to.have.length(1);
    await check(store);
    expect(await store.audit.root(size)).to.equal(before.root);
    expect(await collect(store.audit.leaves(0, size))).to.deep.equal(before.leaves);
    const proof = (await store.audit.inclusion(0, size)).map(fromHex);
    expect(verifyInclusion(leafHash(before.leaves[0]!.leaf), 0, size, proof, fromHex(before.root))).to.equal(true);
    const longer = (await store.audit.consistency(2, size)).map(fromHex);
    expect(verifyConsistency(2, size, fromHex(await store.audit.root(2)), fromHex(before.root), longer)).to.equal(true);

    await store.close();
    store = await openGatewayStore(options());
    await check(store);
    await store.erasable.destroy(erased);
    expect(await collect(store.erasable.list())).to.deep.equal([
      { consent: two.id, month: undefined },
      { consent: undefined, month: '2026-04' },
      { consent: two.id, month: '2026-04' },
      { consent: one.id, month: '2026-05' },
    ]);
    await store.close();
    expect(await found([aprilKey!, wholeKey!, ...plaintext])).to.deep.equal([]);
  });

  it('never uses a destroyed name again: a clock that was set back writes under the next month', async () => {
    const store = await fill();
    await store.erasable.destroy(erased);
    const late = draftOf(20, { consent: one, time: april });
    await Promise.all([
      store.erasable.destroy([{ consent: one.id, month: '2026-05' }]),
      store.audit.append(requestOf(20, { draft: late })),
    ]);
    expect((await store.audit.opening(5))?.usage).to.equal(late.usage);
    expect(await store.audit.opening(1)).to.equal(undefined);
    expect((await collect(store.erasable.list())).at(-1)).to.deep.equal({ consent: one.id, month: '2026-06' });
    await store.close();
  });
});
