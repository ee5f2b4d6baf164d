import { expect } from 'chai';
import { checkOpening, decodeLeaf } from '../../gateway/audit/leaf.ts';
import { usageTag } from '../../gateway/audit/tag.ts';
import { fromHex, toHex } from '../../gateway/domain/hash.ts';
import type { MemberId } from '../../gateway/domain/ids.ts';
import type { Refusal, Result } from '../../gateway/domain/result.ts';
import type { AppendOutcome, AuditStore, LogPosition } from '../../gateway/ports/audit-store.ts';
import { consentOf, counterOf, draftOf, requestOf, usageOf } from '../helpers/append-requests.ts';
import { naiveConsistency, naiveInclusion, naiveLeafHash, naiveRoot } from '../helpers/naive-merkle.ts';
import { collect, rejection } from '../helpers/rejection.ts';

export type OpenAudit = (member: MemberId, log: number) => Promise<{ audit: AuditStore; close(): Promise<void> }>;

const member = 'gov-credit' as MemberId;
const log = 3;

const appended = (outcome: AppendOutcome): LogPosition => {
  if (outcome.kind !== 'appended') throw new Error(`expected an append, got ${JSON.stringify(outcome)}`);
  return outcome.position;
};
const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};

/** What every implementation of ports/audit-store.ts does. */
export const auditStoreConformance = (name: string, open: OpenAudit): void => {
  describe(`audit store: ${name}`, () => {
    let audit: AuditStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audit, close } = await open(member, log));
    });
    afterEach(() => close());

    const leaves = async (): Promise<Uint8Array[]> => (await collect(audit.leaves(0, audit.size()))).map(({ leaf }) => leaf);

    it('begins empty', async () => {
      expect(audit.log).to.equal(log);
      expect(audit.size()).to.equal(0);
      expect(await audit.root(0)).to.equal('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
      expect(await collect(audit.leaves(0, 0))).to.deep.equal([]);
      expect(await audit.find(usageOf(1))).to.deep.equal([]);
      expect(await audit.recall(usageOf(1), 'served')).to.equal(undefined);
      expect(await audit.tagged(consentOf(1).id, 0)).to.equal(undefined);
      expect(audit.count('anything')).to.equal(0);
    });

    it('appends a leaf that its opening explains and its hash stands for', async () => {
      const position = appended(await audit.append(requestOf(1)));
      expect(position).to.include({ log, index: 0 });
      const [stored] = await collect(audit.leaves(0, 1));
      expect(position.leafHash).to.equal(naiveLeafHash(stored!.leaf));
      const leaf = valueIn(decodeLeaf(stored!.leaf));
      expect(leaf).to.include({ time: draftOf(1).time, block: 101, step: 'served', outcome: 'ok', tag: null });
      const opening = await audit.opening(0);
      expect(opening).to.include({ index: 0, usage: usageOf(1), step: 'served' });
      expect(valueIn(checkOpening(leaf, opening!))).to.deep.equal({ ...draftOf(1).committed, usage: usageOf(1) });
    });

    it('salts every leaf anew', async () => {
      await audit.append(requestOf(1));
      await audit.append(requestOf(1, { draft: draftOf(1, { step: 'refused' }) }));
      const [first, second] = (await leaves()).map((leaf) => valueIn(decodeLeaf(leaf)).commitments);
      for (const commitment of Object.keys(first!)) expect(first![commitment]).to.not.equal(second![commitment]);
    });

    it('gives the same (usage, step) back, with its attachment, and counts nothing', async () => {
      const counters = [counterOf('consent/a', 5)];
      const attachment = Uint8Array.of(0, 1, 255);
      const position = appended(await audit.append(requestOf(1, { counters, attachment })));
      const root = await audit.root(1);
      let asked = 0;
      const lastCheck = (): Refusal | undefined => {
        asked += 1;
        return undefined;
      };
      const again = await audit.append(requestOf(1, { counters, lastCheck, attachment: Uint8Array.of(9) }));
      expect(again).to.deep.equal({ kind: 'present', position, attachment });
      expect(asked).to.equal(0);
      expect(audit.count('consent/a')).to.equal(1);
      expect(audit.size()).to.equal(1);
      expect(await audit.root(1)).to.equal(root);
      expect(await audit.recall(usageOf(1), 'served')).to.deep.equal({ position, attachment });
    });

    it('tells no attachment from an empty one', async () => {
      await audit.append(requestOf(1));
      await audit.append(requestOf(2, { attachment: new Uint8Array(0) }));
      expect((await audit.recall(usageOf(1), 'served'))?.attachment).to.equal(undefined);
      expect((await audit.recall(usageOf(2), 'served'))?.attachment).to.deep.equal(new Uint8Array(0));
    });

    it('keeps the steps of a usage apart and finds them', async () => {
      const requested = appended(await audit.append(requestOf(1, { draft: draftOf(1, { step: 'requested' }) })));
      const received = appended(await audit.append(requestOf(1, { draft: draftOf(1, { step: 'received' }) })));
      expect(await audit.find(usageOf(1))).to.deep.equal([
        { step: 'requested', position: requested },
        { step: 'received', position: received },
      ]);
      expect(await audit.recall(usageOf(1), 'served')).to.equal(undefined);
    });

    it('writes and counts nothing when the last check refuses', async () => {
      const refusal: Refusal = { code: 'CONSENT_WITHDRAWN', detail: { block: 7 } };
      const outcome = await audit.append(requestOf(1, { counters: [counterOf('consent/a', 5)], lastCheck: () => refusal }));
      expect(outcome).to.deep.equal({ kind: 'refused', refusal });
      expect(audit.size()).to.equal(0);
      expect(audit.count('consent/a')).to.equal(0);
      expect(await audit.find(usageOf(1))).to.deep.equal([]);
    });

    it('counts all counters or none, and refuses with the first that is full', async () => {
      const wide = counterOf('grant/g', 10);
      const narrow = counterOf('consent/c', 1);
      const narrower = counterOf('review/r', 0);
      appended(await audit.append(requestOf(1, { counters: [wide, narrow] })));
      const outcome = await audit.append(requestOf(2, { counters: [wide, narrow, narrower] }));
      expect(outcome).to.deep.equal({ kind: 'refused', refusal: narrow.onLimit });
      expect([audit.count('grant/g'), audit.count('consent/c'), audit.count('review/r')]).to.deep.equal([1, 1, 0]);
      expect(audit.size()).to.equal(1);
    });

    it('counts a counter named twice twice', async () => {
      const twice = [counterOf('grant/g', 3), counterOf('grant/g', 3)];
      appended(await audit.append(requestOf(1, { counters: twice })));
      expect(audit.count('grant/g')).to.equal(2);
      expect((await audit.append(requestOf(2, { counters: twice }))).kind).to.equal('refused');
      expect(audit.count('grant/g')).to.equal(2);
    });

    it('appends exactly 7 of 200 parallel appends on a counter of limit 7', async () => {
      const counters = [counterOf('consent/a', 7), counterOf('grant/b', 1000)];
      const outcomes = await Promise.all(Array.from({ length: 200 }, (_, number) => audit.append(requestOf(number, { counters }))));
      expect(outcomes.filter(({ kind }) => kind === 'appended')).to.have.length(7);
      expect(outcomes.filter(({ kind }) => kind === 'refused')).to.have.length(193);
      expect([audit.size(), audit.count('consent/a'), audit.count('grant/b')]).to.deep.equal([7, 7, 7]);
    });

    it('appends one of 50 parallel appends of the same (usage, step)', async () => {
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => audit.append(requestOf(1, { counters: [counterOf('a', 9)] }))));
      expect(outcomes.filter(({ kind }) => kind === 'appended')).to.have.length(1);
      expect(outcomes.filter(({ kind }) => kind === 'present')).to.have.length(49);
      expect(audit.count('a')).to.equal(1);
    });

    it('numbers the tags of each consent from 0 without a gap', async () => {
      const a = consentOf(1);
      const b = consentOf(2);
      const order = [a, b, a, undefined, a, b];
      await Promise.all(order.map((consent, number) => audit.append(requestOf(number, { draft: draftOf(number, { consent }) }))));
      const tags = (await leaves()).map((leaf) => valueIn(decodeLeaf(leaf)).tag);
      const tag = (consent: typeof a, n: number) => usageTag(consent.historyKey, member, log, n);
      expect(tags).to.deep.equal([tag(a, 0), tag(b, 0), tag(a, 1), null, tag(a, 2), tag(b, 1)]);
      expect((await audit.tagged(a.id, 2))?.index).to.equal(4);
      expect((await audit.tagged(b.id, 1))?.leafHash).to.equal(naiveLeafHash((await leaves())[5]!));
      expect(await audit.tagged(a.id, 3)).to.equal(undefined);
    });

    it('gives a number of a refused append to the next', async () => {
      const consent = consentOf(1);
      const draft = draftOf(1, { consent });
      await audit.append(requestOf(1, { draft, lastCheck: () => ({ code: 'CONSENT_WITHDRAWN', detail: {} }) }));
      appended(await audit.append(requestOf(1, { draft })));
      expect((await audit.tagged(consent.id, 0))?.index).to.equal(0);
      expect(await audit.tagged(consent.id, 1)).to.equal(undefined);
    });

    it('gives roots and proofs at every size as RFC 9162 defines them', async () => {
      await Promise.all(Array.from({ length: 19 }, (_, number) => audit.append(requestOf(number))));
      const all = await leaves();
      for (let size = 0; size <= all.length; size += 1) {
        expect(await audit.root(size)).to.equal(naiveRoot(all.slice(0, size)));
        for (let index = 0; index < size; index += 1) {
          expect(await audit.inclusion(index, size)).to.deep.equal(naiveInclusion(index, all.slice(0, size)));
        }
        for (let from = 0; from <= size; from += 1) {
          expect(await audit.consistency(from, size)).to.deep.equal(naiveConsistency(from, all.slice(0, size)));
        }
      }
    });

    it('gives the hashes of a tile, of whatever width the log has', async () => {
      await Promise.all(Array.from({ length: 258 }, (_, number) => audit.append(requestOf(number))));
      const all = await leaves();
      const hashes = Buffer.concat(all.map((leaf) => fromHex(naiveLeafHash(leaf))));
      expect(toHex(await audit.tile(0, 0, 256))).to.equal(toHex(hashes.subarray(0, 256 * 32)));
      expect(toHex(await audit.tile(0, 0, 3))).to.equal(toHex(hashes.subarray(0, 3 * 32)));
      expect(toHex(await audit.tile(0, 1, 2))).to.equal(toHex(hashes.subarray(256 * 32)));
      expect(toHex(await audit.tile(1, 0, 1))).to.equal(naiveRoot(all.slice(0, 256)));
      for (const [level, index, width] of [
        [0, 0, 257],
        [0, 1, 3],
        [0, 2, 1],
        [1, 0, 2],
        [2, 0, 1],
        [0, -1, 1],
        [0, 0, 1.5],
      ] as const)
        await rejection('LOG_RANGE_INVALID', () => audit.tile(level, index, width));
    });

    it('streams any range of leaves', async () => {
      await Promise.all(Array.from({ length: 12 }, (_, number) => audit.append(requestOf(number))));
      const all = await collect(audit.leaves(0, 12));
      expect(all.map(({ index }) => index)).to.deep.equal([...Array(12).keys()]);
      expect(await collect(audit.leaves(5, 9))).to.deep.equal(all.slice(5, 9));
      for await (const { index } of audit.leaves(3, 12)) {
        expect(index).to.equal(3);
        break;
      }
    });

    it('refuses sizes, indices and ranges that the log does not have', async () => {
      await Promise.all([1, 2, 3].map((number) => audit.append(requestOf(number))));
      const wrong: (() => unknown)[] = [
        () => audit.root(4),
        () => audit.root(-1),
        () => audit.root(1.5),
        () => audit.inclusion(3, 3),
        () => audit.inclusion(-1, 3),
        () => audit.inclusion(0, 4),
        () => audit.consistency(2, 1),
        () => audit.consistency(1, 4),
        () => collect(audit.leaves(0, 4)),
        () => collect(audit.leaves(2, 1)),
        () => audit.opening(3),
      ];
      for (const action of wrong) await rejection('LOG_RANGE_INVALID', action);
    });

    it('goes on after a piece of work that throws', async () => {
      const boom = new Error('boom');
      const failing = requestOf(1, {
        counters: [counterOf('a', 5)],
        lastCheck: () => {
          throw boom;
        },
      });
      const outcomes = await Promise.allSettled([
        audit.append(requestOf(0)),
        audit.append(failing),
        audit.append(requestOf(2, { draft: draftOf(2, { committed: { nonsense: 'x' } }) })),
        audit.append(requestOf(3)),
      ]);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      expect((outcomes[1] as PromiseRejectedResult).reason).to.equal(boom);
      expect([audit.size(), audit.count('a')]).to.deep.equal([2, 0]);
      expect(await audit.root(2)).to.equal(naiveRoot(await leaves()));
    });
  });
};
