import { expect } from 'chai';
import fc from 'fast-check';
import { migrations } from '../../../../gateway/adapters/store/meta.ts';
import { openGatewayStore } from '../../../../gateway/adapters/store/open-store.ts';
import { writerLimits } from '../../../../gateway/adapters/store/writer.ts';
import type { MemberId } from '../../../../gateway/domain/ids.ts';
import type { AppendRequest, AuditStore, LeafStep } from '../../../../gateway/ports/audit-store.ts';
import { consentOf, counterOf, draftOf, requestOf, usageOf } from '../../../helpers/append-requests.ts';
import { faultyDatabases } from '../../../helpers/faulty-database.ts';
import { storeOptions } from '../../../helpers/level-store.ts';
import { memoryAuditStore } from '../../../helpers/memory-audit-store.ts';
import { collect } from '../../../helpers/rejection.ts';
import { seededRandomness } from '../../../helpers/seeded-randomness.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const seed = Number(process.env.SEED ?? 20260401);
const runs = Number(process.env.RUNS ?? 25);

type Step =
  | { readonly kind: 'append'; readonly appends: readonly Append[] }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'fault'; readonly fault: 'fails' | 'lies'; readonly appends: readonly Append[] };
type Append = {
  readonly usage: number;
  readonly step: LeafStep;
  readonly consent: number;
  readonly counters: readonly number[];
  readonly refused: boolean;
};

const append: fc.Arbitrary<Append> = fc.record({
  usage: fc.nat(15),
  step: fc.constantFrom('requested', 'served', 'refused', 'received', 'issued'),
  consent: fc.nat(2),
  counters: fc.array(fc.nat(3), { maxLength: 3 }),
  refused: fc.boolean(),
});
const appends = fc.array(append, { minLength: 1, maxLength: 8 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), appends }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fault' as const), fault: fc.constantFrom('fails', 'lies'), appends }) },
);

const requestFor = ({ usage, step, consent, counters, refused }: Append): AppendRequest =>
  requestOf(usage, {
    draft: draftOf(usage, { step, consent: consent === 2 ? undefined : consentOf(consent) }),
    counters: counters.map((counter) => counterOf(`c/${counter}`, counter * 3)),
    ...(refused ? { lastCheck: () => ({ code: 'CONSENT_WITHDRAWN' as const, detail: {} }) } : {}),
    attachment: Buffer.from(`${usage}/${step}`),
  });

/** What can be said of a log without its salts: those differ after a failed write, whose salts are gone. */
const describeLog = async (audit: AuditStore): Promise<unknown> => {
  // Waits for the store to have read itself again; size() does not.
  await audit.root(0);
  const size = audit.size();
  const openings = await Promise.all([...Array(size).keys()].map((index) => audit.opening(index)));
  const leaves = (await collect(audit.leaves(0, size))).map(({ leaf }) => {
    const { c, ...clear } = JSON.parse(Buffer.from(leaf).toString()) as { c: object };
    return { ...clear, names: Object.keys(c) };
  });
  const tags = await Promise.all(
    [0, 1].map(async (consent) => {
      const places: (number | undefined)[] = [];
      for (let n = 0; places.at(-1) !== undefined || n === 0; n += 1) places.push((await audit.tagged(consentOf(consent).id, n))?.index);
      return places;
    }),
  );
  const found = await Promise.all(
    [...Array(16).keys()].map(async (usage) =>
      (await audit.find(usageOf(usage))).map((entry) => `${entry.step}@${entry.position.index}`).sort(),
    ),
  );
  return {
    size,
    leaves,
    values: openings.map((opening) => opening?.values),
    counts: [0, 1, 2, 3].map((counter) => audit.count(`c/${counter}`)),
    tags,
    found,
  };
};

describe(`adapters/store: any order of appends, faults and restarts (SEED=${seed})`, () => {
  it('leaves the same as the naive model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const folder = await temporaryFolder();
        const injected = faultyDatabases();
        const modules = { openDatabase: injected.open, migrations, limits: { ...writerLimits, group: 3 } };
        const options = storeOptions(folder, { member: 'm' as MemberId, log: 1 });
        const model = memoryAuditStore('m' as MemberId, 1, seededRandomness('model'));
        let store = await openGatewayStore(options, modules);
        for (const current of steps) {
          if (current.kind === 'reopen') {
            await store.close();
            store = await openGatewayStore(options, modules);
            continue;
          }
          if (current.kind === 'fault') injected.strike(current.fault, 'entries');
          const outcomes = await Promise.allSettled(current.appends.map((one) => store.audit.append(requestFor(one))));
          for (const [place, one] of current.appends.entries()) {
            const outcome = outcomes[place]!;
            // A struck group is in the log as a whole when its write lied, and not at all when it failed.
            if (outcome.status === 'rejected' && current.kind === 'fault' && current.fault === 'fails') continue;
            const expected = await model.append(requestFor(one));
            if (outcome.status === 'fulfilled') {
              expect({ ...outcome.value, position: undefined }).to.deep.equal({ ...expected, position: undefined });
              if (outcome.value.kind !== 'refused' && expected.kind !== 'refused') {
                expect(outcome.value.position.index).to.equal(expected.position.index);
              }
            }
          }
          injected.calm();
        }
        expect(await describeLog(store.audit)).to.deep.equal(await describeLog(model));
        await store.close();
        await folder.remove();
      }),
      { seed, numRuns: runs },
    );
  });
});
