import type { ErasableKeys } from '../../ports/erasable-keys.ts';
import type { OpeningKeys } from './opening-keys.ts';
import type { Writer } from './writer.ts';

/** ports/erasable-keys.ts over the shared writer: in one group what is sealed before a key is destroyed goes with it, what comes after gets another key. */
export const erasableKeys = (writer: Writer, keys: OpeningKeys): ErasableKeys => ({
  list: async function* () {
    await writer.reader();
    yield* keys.scopes();
  },
  destroy: async (scopes) => {
    await writer.submit((transaction) => {
      keys.destroy(scopes);
      transaction.touch();
    });
    await keys.forget();
  },
});
