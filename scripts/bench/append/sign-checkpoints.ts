import { generateKeyMaterial, publicKeys } from '../../../gateway/adapters/keys/key-material.ts';
import { keysOf } from '../../../gateway/adapters/keys/open-keystore.ts';
import type { GatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { checkpointDomain, checkpointMessage, checkpointTypes } from '../../../gateway/audit/checkpoint.ts';
import { Checkpoints } from '../../../gateway/flows/checkpoints.ts';
import { Cosigned } from '../../../gateway/flows/cosigned.ts';
import type { Ledger } from '../../../gateway/ports/ledger.ts';
import { openSealed } from '../../../gateway/sealing/jwe.ts';
import { bytes32, provider, viewOf, world } from '../../../test/helpers/registry.ts';

/** As in a gateway (start-gateway.ts). */
const spacingMs = 50;
const alone = 200;

/** Publishes checkpoint after checkpoint of a store's log, as the gateway does when it is always asked, until stopped. The registry is a view in memory. */
export const signCheckpoints = async ({ audit, documents }: GatewayStore) => {
  const material = await generateKeyMaterial(provider, Date.now());
  const keys = keysOf(material, openSealed);
  const member = world.members.find(({ id }) => id === provider)!;
  const registered = publicKeys(material).map((key, index) => ({ ...key, index, fromBlock: 1, untilBlock: 0 }));
  const view = {
    ...viewOf({ ...world, members: [{ ...member, account: keys.account, keys: registered }] }),
    latestAnchor: () => undefined,
  };
  const anchor = keys.account;
  const ledger: Pick<Ledger, 'chainId' | 'address' | 'head'> = { chainId: 1, address: () => anchor, head: () => view };
  let count = 0;
  const counted = {
    ...keys,
    signNote: (bytes: Uint8Array) => {
      count += 1;
      return keys.signNote(bytes);
    },
  };
  const cosigned = await Cosigned.open(documents, audit.log);
  const clock = { now: () => Date.now() };
  const checkpoints = await Checkpoints.open({ member: provider, ledger, audit, documents, keys: counted, cosigned, clock, spacingMs });

  const start = performance.now();
  for (let one = 0; one < alone; one += 1) {
    await keys.signNote(Buffer.alloc(120, one));
    await keys.signTypedData(
      checkpointDomain(1, anchor),
      checkpointTypes,
      checkpointMessage(provider, 0, one, Buffer.from(bytes32(1).slice(2), 'hex')),
    );
  }
  const secondsOfOne = (performance.now() - start) / 1000 / alone;

  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const { size } = await checkpoints.fresh();
      if (size === audit.size()) await new Promise(setImmediate);
    }
  })();
  return {
    count: () => count,
    /** Seconds that the two signatures of one checkpoint take by themselves. */
    secondsOfOne,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
};
