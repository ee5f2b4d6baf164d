import { join } from 'node:path';
import { type GatewayStore, openGatewayStore, type StoreModules, type StoreOptions } from '../../gateway/adapters/store/open-store.ts';
import type { MemberId } from '../../gateway/domain/ids.ts';
import { seededRandomness } from './seeded-randomness.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

export const storeOptions = (folder: TemporaryFolder, changes: Partial<StoreOptions> = {}): StoreOptions => ({
  folder: join(folder.path, 'store'),
  member: 'gov-credit' as MemberId,
  log: 3,
  create: true,
  randomness: seededRandomness('level-store'),
  ...changes,
});

/** A real store in a folder that goes when it is closed. */
export const levelStore = async (changes: Partial<StoreOptions> = {}, modules?: StoreModules): Promise<GatewayStore> => {
  const folder = await temporaryFolder();
  const store = await openGatewayStore(storeOptions(folder, changes), modules);
  return {
    ...store,
    close: async () => {
      await store.close();
      await folder.remove();
    },
  };
};
