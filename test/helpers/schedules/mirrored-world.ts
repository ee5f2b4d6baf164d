import { MirrorState } from '../../../gateway/adapters/ledger/mirror/mirror-state.ts';
import type { Ask } from '../../../gateway/domain/ask.ts';
import type { UsageId } from '../../../gateway/domain/ids.ts';
import type { RegistryView } from '../../../gateway/domain/registry-view.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { authorizeHere } from '../../../gateway/flows/asked-usage.ts';
import { HeldWithdrawals } from '../../../gateway/flows/held-withdrawals.ts';
import { logServing } from '../../../gateway/flows/log-serving.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import type { AuditStore } from '../../../gateway/ports/audit-store.ts';
import { memoryDocumentStore } from '../memory-document-store.ts';
import type { Asked } from './asked.ts';
import { datasetIdOf, digest, Ids, memberIds, secondsAt, secondsOfTick, startOfTicks, subjectRefs } from './chain-words.ts';
import { eventsOf, foundation } from './registry-events.ts';
import type { World } from './run-schedule.ts';
import type { DatasetName, Schedule } from './schedule.ts';

type Sent = { readonly asked: Asked; readonly usage: UsageId };

/**
 * The product's decision without wire and chain: the mirror's own reducer over the events that contracts would emit, withdrawals in hand, authorize(), and the
 * audit store, put together by the flow that serves. `salt` must differ between schedules that share a store.
 */
export const mirroredWorld = async (audit: AuditStore, schedule: Schedule, salt: string): Promise<World> => {
  const mirror = new MirrorState();
  const ids = new Ids(salt, schedule.consents);
  const held = await HeldWithdrawals.open(memoryDocumentStore());
  let [number, tick, asks] = [0, 0, 0];
  let last: Sent | undefined;
  const head = (): RegistryView => {
    if (mirror.head === undefined) throw new Error('no block yet');
    return mirror.head;
  };
  const append = (events: Parameters<MirrorState['append']>[1]): void => {
    number += 1;
    mirror.append({ number, hash: digest('block', number), time: secondsAt(tick) }, events);
  };
  append(foundation);
  const modules = { audit, held, ledger: { head } } as unknown as Modules;

  const askOf = (asked: Asked): Ask => ({
    consumer: memberIds[asked.consumer],
    dataset: datasetIdOf(asked.dataset),
    fields: asked.fields,
    purpose: asked.purpose,
    operation: asked.operation,
    subject: subjectRefs[asked.subject],
    requester: '王芳',
    reviewer: asked.reviewer === undefined ? null : asked.reviewer === 'same' ? ' 王 芳' : '李强',
    grant: asked.grant === 'any' ? undefined : ids.grant(asked.grant),
    consent: asked.consent === undefined ? undefined : ids.consent(asked.consent),
    opening: typeof asked.consent === 'number' ? ids.opening(asked.consent) : undefined,
    issuersAccepted: [
      { issuer: memberIds.authority, maxGrade: 3 },
      { issuer: memberIds.bureau, maxGrade: 2 },
    ],
  });
  const serve = async ({ asked, usage }: Sent, meanwhile: () => Promise<void>): Promise<string> => {
    const ask = askOf(asked);
    const opening = typeof asked.consent === 'number' ? ids.opening(asked.consent) : undefined;
    let waited = meanwhile;
    for (;;) {
      const view = head();
      const authorization = authorizeHere(modules, view, ask);
      await waited();
      waited = async () => {};
      if (!authorization.ok) return authorization.refusal.code;
      const consent = opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey };
      const draft = {
        step: 'served',
        usage,
        time: view.block.time * 1000,
        block: view.block.number,
        outcome: 'ok',
        consent,
        committed: {},
      } as const;
      const outcome = await logServing(modules, ask, authorization.value, { draft });
      if (outcome.kind === 'moved') continue;
      if (outcome.kind === 'refused') return outcome.refusal.code;
      last = { asked, usage };
      return 'ok';
    }
  };
  const usageOf = (count: number): UsageId => usageIdFrom(Buffer.from(digest(salt, 'usage', count).slice(2, 34), 'hex'));

  return {
    delivers: ['raw', 'score'],
    now: () => (head().block.time - startOfTicks) / secondsOfTick,
    perform: async (act, state, decide) => {
      const events = eventsOf(ids, state, act);
      const taken = decide(tick);
      if (taken) append(events);
      return taken;
    },
    hold: (consent) => held.hold({ consent: ids.consent(consent), key: ids.key(consent), signature: '0x' }),
    pass: async (ticks) => {
      tick += ticks;
      append([]);
    },
    query: async (asked, parallel, meanwhile) => {
      const before = Array.from({ length: parallel }, () => ({ asked, usage: usageOf(asks++) }));
      // All are decided on one block before anything else happens: the first step of each runs at once.
      let happened: Promise<void> | undefined;
      const once = (): Promise<void> => {
        happened ??= Promise.resolve().then(meanwhile);
        return happened;
      };
      return Promise.all(before.map((sent) => serve(sent, once)));
    },
    repeat: async () => (last === undefined ? undefined : { asked: last.asked, outcome: await serve(last, async () => {}) }),
    used: (key) => {
      const [kind, place, dataset] = key.split('/') as [string, string, DatasetName | undefined];
      if (kind === 'grant') return audit.count(`grant/${ids.grant(Number(place))}`);
      return audit.count(`consent/${ids.consent(Number(place))}/${datasetIdOf(dataset as DatasetName)}`);
    },
    grantOrder: (place) => ids.grant(place),
  };
};
