import type { KeyObject } from 'node:crypto';
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
    const secret = Buffer.from(made.key.seed);
    for (const form of ['hex', 'base64url'] as const) expect(JSON.stringify(stored)).to.not.contain(secret.toString(form));
    const isMade = (found: KeyObject | undefined): boolean => found?.equals(made.key.privateKey) ?? false;

    const second = await OneTimeKeys.open(modules);
    expect(isMade(await second.find(usage))).to.equal(true);
    expect(await second.find(other)).to.equal(undefined);
    // A sealed key moved to another usage does not open.
    await documents.put('usage', other, stored);
    expect(await second.find(other)).to.equal(undefined);

    await second.sweep();
    expect(isMade(await second.find(usage))).to.equal(true);
    second.answered(usage);
    now += 59_999;
    await second.sweep();
    expect(isMade(await second.find(usage))).to.equal(true);
    now += 1;
    await second.sweep();
    expect(await second.find(usage)).to.equal(undefined);
    expect(await documents.get('usage', usage)).to.equal(undefined);
  });
});
