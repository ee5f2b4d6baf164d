import { JsonRpcProvider } from 'ethers';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { startTestChain } from '../../../test/helpers/chain.ts';
import { compileContracts } from '../../dev/compile.ts';
import type { Bench, Line } from '../measure/line.ts';
import { AnchoredLogs } from './anchored-logs.ts';
import { eventGas } from './event-gas.ts';

/** Usages between two checkpoints. */
const usages = 10_000;
/** Sizes that are not round, as those of a log in use are not. */
const sizes = [10_007, 1_000_003, 10_000_019];
const batches = [1, 6, 50];

const manifestOf = (members: number) => {
  const manifest = demoManifest();
  const more = Array.from({ length: members - manifest.members.length }, (_, at) => ({
    ...manifest.members[1]!,
    id: `bench-${at}`,
    roles: ['consumer' as const],
    ports: { client: 40_000 + at, peer: 41_000 + at },
  }));
  return { ...manifest, members: [...manifest.members, ...more] };
};

/** Gas of anchoring, with the proof that the log only grew, beside one event for every usage; on the embedded engine, all in one run. */
export const anchorGas: Bench = async ({ note }) => {
  await compileContracts();
  note('founding a network of 50 members');
  const chain = await startTestChain({ manifest: manifestOf(Math.max(...batches)) });
  const provider = new JsonRpcProvider(chain.endpoint, chain.deployment.chainId, { staticNetwork: true, cacheTimeout: -1 });
  try {
    const gasLimit = (await provider.getBlock('latest'))?.gasLimit ?? 0n;
    const logs = new AnchoredLogs(chain, provider, gasLimit);
    const ids = chain.manifest.members.map(({ id }) => id);
    note('one event for every usage');
    const events = { alone: await eventGas(provider, 1, gasLimit), together: await eventGas(provider, 50, gasLimit) };
    const lines: Line[] = [];
    let log = 0;
    for (const size of sizes) {
      for (const batch of batches) {
        note(`${batch} checkpoints in a transaction, at ${size.toLocaleString('en')} entries`);
        const members = ids.slice(0, batch);
        log += 1;
        const first = await logs.anchor({ members, log, from: 0, to: size });
        const { gas, seconds, hashes, bytes } = await logs.anchor({ members, log, from: size, to: size + usages });
        lines.push({
          what: `checkpoints, ${batch} a transaction, at ${size.toLocaleString('en')}`,
          perSecond: batch / seconds,
          facts: {
            'gas per checkpoint': Math.round(gas / batch),
            [`gas per usage, ${usages.toLocaleString('en')} a checkpoint`]: (gas / batch / usages).toFixed(2),
            'hashes in the proof': hashes,
            'bytes of call data per checkpoint': Math.round(bytes / batch),
            'gas of the first checkpoint of a log': Math.round(first.gas / batch),
            'gas per usage, one event each, one a transaction': events.alone,
            'gas per usage, one event each, 50 a transaction': events.together,
          },
        });
      }
    }
    return lines;
  } finally {
    provider.destroy();
    await chain.remove();
  }
};
