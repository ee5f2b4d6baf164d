import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { cosignCheckpoint } from '../../../gateway/flows/cosign-checkpoint.ts';
import type { AppendRequest } from '../../../gateway/ports/audit-store.ts';
import { consentOf, counterOf, draftOf, requestOf, usageOf } from '../../helpers/append-requests.ts';
import type { Part } from '../../helpers/faulty-database.ts';
import { naiveRoot } from '../../helpers/naive-merkle.ts';
import { collect } from '../../helpers/rejection.ts';
import type { Said, Say, World } from './world.ts';

/** One durable write. `act` is what is struck; `settle` makes everyone's next attempt after the recovery and names what is then wrong. */
export type DurableWrite = {
  readonly name: string;
  /** The database that is struck, after `skip` good writes; `node`: what the chain's node is sent. */
  readonly at: Part | 'node';
  readonly skip: number;
  prepare(world: World): Promise<void>;
  act(world: World, say: Say): Promise<void>;
  settle(world: World, said: readonly Said[]): Promise<string[]>;
};

const consents = 3;
const request = (number: number, time?: number): AppendRequest => {
  const draft = draftOf(number, { consent: consentOf(number % consents) });
  return requestOf(number, {
    draft: time === undefined ? draft : { ...draft, time },
    counters: [counterOf('consent/a', 1_000_000)],
    attachment: Uint8Array.of(number & 255),
  });
};
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

const append = async (world: World, numbers: readonly number[], say: Say = () => undefined, time?: number): Promise<void> => {
  const outcomes = await Promise.allSettled(
    numbers.map(async (number) => {
      const outcome = await world.audit.append(request(number, time));
      if (outcome.kind === 'refused') throw new Error(outcome.refusal.code);
      say({ kind: 'appended', number, index: outcome.position.index, leafHash: outcome.position.leafHash });
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};

/** Everyone tries again: each entry is there once, and everything that is said of the log follows from its leaves. */
const appendedAll = async (world: World, count: number): Promise<string[]> => {
  const { audit } = world;
  await append(world, range(0, count));
  const leaves = (await collect(audit.leaves(0, audit.size()))).map(({ leaf }) => leaf);
  const wrong: string[] = [];
  if (audit.size() !== count) wrong.push(`${audit.size()} entries of ${count}`);
  if ((await audit.root(audit.size())) !== naiveRoot(leaves)) wrong.push('a root that is not of the leaves');
  if (audit.count('consent/a') !== count) wrong.push(`${audit.count('consent/a')} uses counted of ${count}`);
  for (const index of range(0, count)) if ((await audit.opening(index)) === undefined) wrong.push(`entry ${index} has lost its opening`);
  for (const consent of range(0, consents)) {
    const last = Math.floor((count - 1 - consent) / consents);
    if ((await audit.tagged(consentOf(consent).id, last)) === undefined) wrong.push('a tag is missing');
    if ((await audit.tagged(consentOf(consent).id, last + 1)) !== undefined) wrong.push('a tag too many');
  }
  return wrong;
};

const appends = (name: string, at: Part, before: number, count: number, time?: number): DurableWrite => ({
  name,
  at,
  skip: 0,
  prepare: (world) => append(world, range(0, before)),
  act: (world, say) => append(world, range(before, before + count), say, time),
  settle: (world) => appendedAll(world, before + count),
});

const publish = async (world: World, say: Say = () => undefined): Promise<void> => {
  const { size, root } = await world.checkpoints.fresh();
  say({ kind: 'published', size, root });
};

const checkpoint: DurableWrite = {
  name: 'checkpoint published',
  at: 'entries',
  skip: 0,
  prepare: (world) => append(world, range(0, 5)),
  act: publish,
  settle: async (world, said) => {
    const wrong = await appendedAll(world, 8);
    const { size } = await world.checkpoints.fresh();
    if (size !== 8) wrong.push(`the next checkpoint is of size ${size}`);
    for (const each of said) {
      if (each.kind === 'published' && each.size > size) wrong.push('a checkpoint that was shown is forgotten');
    }
    return wrong;
  },
};

const anchor = async (world: World, say: Say = () => undefined): Promise<void> => {
  const result = await anchorLog(world);
  if (!result.ok) throw new Error(result.refusal.code);
  say({ kind: 'anchored', size: result.value.size, root: result.value.root });
};

const anchored = (name: string, at: Part | 'node', skip: number): DurableWrite => ({
  name,
  at,
  skip,
  prepare: async (world) => {
    const { size = 0 } = world.ledger.head().latestAnchor(world.member, world.audit.log) ?? {};
    await append(world, range(0, size + 4));
    await publish(world);
  },
  act: anchor,
  settle: async (world) => {
    const size = world.audit.size();
    await anchor(world);
    const anchors = world.ledger.head().anchors(world.member, world.audit.log);
    const wrong = anchors.filter((each) => each.size === size).length === 1 ? [] : [`anchored not once at size ${size}`];
    for (const each of anchors)
      if ((await world.audit.root(each.size)) !== each.root) wrong.push(`the anchor at ${each.size} is of another log`);
    return wrong;
  },
});

const histories = ['first', 'second'] as const;
/** Two histories of a witnessed log that part after three entries: what the witness answers to one of them. */
const offer = async (world: World, history: (typeof histories)[number], from: number, to: number): Promise<string> => {
  const log = world.signedLog().grow(3, 'common').grow(6, history);
  const answer = await cosignCheckpoint(world, Buffer.from(await log.request(from, to)));
  return answer.ok ? answer.value.kind : answer.refusal.code;
};

const cosign: DurableWrite = {
  name: 'cosign: memory',
  at: 'entries',
  skip: 0,
  prepare: async (world) => {
    const answer = await offer(world, 'first', 0, 3);
    if (answer !== 'cosigned') throw new Error(answer);
  },
  act: async (world, say) => {
    if ((await offer(world, 'first', 3, 6)) === 'cosigned') say({ kind: 'cosigned', size: 6 });
  },
  settle: async (world, said) => {
    await offer(world, 'second', 3, 6);
    // Whichever history it has cosigned by now, it cosigns again and no other.
    const stands: string[] = [];
    for (const history of histories) if ((await offer(world, history, 6, 6)) === 'cosigned') stands.push(history);
    const wrong = stands.length === 1 ? [] : [`cosigns ${stands.length} histories`];
    if (said.some(({ kind }) => kind === 'cosigned') && stands[0] !== 'first') wrong.push('a cosignature that was given is forgotten');
    return wrong;
  },
};

/** July: another month, so that there are keys to write. */
const later = Date.UTC(2026, 6, 1);

export const durableWrites: readonly DurableWrite[] = [
  appends('append: entries', 'entries', 5, 7),
  appends('append: opening keys', 'opening-keys', 5, 7, later),
  appends('append: tile completed', 'entries', 250, 12),
  checkpoint,
  anchored('anchor: outbox', 'entries', 0),
  anchored('anchor: transaction', 'node', 0),
  anchored('anchor: outbox cleared', 'entries', 1),
  cosign,
];

/** What contradicts what was said: holds for every write. */
export const contradictions = async (world: World, said: readonly Said[]): Promise<string[]> => {
  const wrong: string[] = [];
  const signed = new Map<string, string>();
  for (const each of said) {
    if (each.kind === 'appended') {
      const recalled = await world.audit.recall(usageOf(each.number), 'served');
      if (recalled?.position.index !== each.index || recalled.position.leafHash !== each.leafHash)
        wrong.push(`answered entry ${each.number} is lost`);
      continue;
    }
    if (each.kind === 'cosigned') continue;
    if (each.kind !== 'signed') {
      if (each.size > world.audit.size() || (await world.audit.root(each.size)) !== each.root)
        wrong.push(`${each.kind} size ${each.size} is of another log`);
      continue;
    }
    const [root = '', size = '', origin = ''] = each.text.trimEnd().split('\n').reverse();
    const place = `${origin} ${size}`;
    if ((signed.get(place) ?? root) !== root) wrong.push(`signed twice differently: ${place}`);
    signed.set(place, root);
  }
  return wrong;
};
