import { expect } from 'chai';
import { generateKeyMaterial } from '../../../gateway/adapters/keys/key-material.ts';
import { keysOf } from '../../../gateway/adapters/keys/open-keystore.ts';
import type { UsageId } from '../../../gateway/domain/ids.ts';
import { OneTimeKeys } from '../../../gateway/flows/one-time-keys.ts';
import { openSealed } from '../../../gateway/sealing/jwe.ts';
import { memoryDocumentStore } from '../../helpers/memory-document-store.ts';
import { seededRandomness } from '../../helpers/seeded-randomness.ts';

describe('one-time keys', () => {
  const usage = '00000000-0000-4000-8000-000000000001' as UsageId;
  const other = '00000000-0000-4000-8000-000000000002' as UsageId;

  it('stay sealed on disk over a restart, each for its usage, until some time after the answer', async () => {
    let now = 1_000_000;
    const documents = memoryDocumentStore();
    const keys = keysOf(await generateKeyMaterial('bank', Date.now()), openSealed);
    const modules = { documents, keys, clock: { now: () => now }, randomness: seededRandomness('one-time'), redeliveryMs: 60_000 };
    const first = await OneTimeKeys.open(modules);
    const made = first.create(usage);
    await made.durable;
    const stored = await documents.get<{ sealed: string }>('usage', usage);
    expect(JSON.stringify(stored)).to.not.contain(made.key.privateKey.slice(2));

    const second = await OneTimeKeys.open(modules);
    expect(await second.find(usage)).to.equal(made.key.privateKey);
    expect(await second.find(other)).to.equal(undefined);
    // A sealed key moved to another usage does not open.
    await documents.put('usage', other, stored);
    expect(await second.find(other)).to.equal(undefined);

    await second.sweep();
    expect(await second.find(usage)).to.equal(made.key.privateKey);
    second.answered(usage);
    now += 59_999;
    await second.sweep();
    expect(await second.find(usage)).to.equal(made.key.privateKey);
    now += 1;
    await second.sweep();
    expect(await second.find(usage)).to.equal(undefined);
    expect(await documents.get('usage', usage)).to.equal(undefined);
  });
});
