import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { checkOpening, decodeLeaf } from '../../../gateway/audit/leaf.ts';
import { usageTag } from '../../../gateway/audit/tag.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { CompactTree, leafHash } from '../../../gateway/domain/merkle.ts';
import { consentOf, usageOf } from '../../helpers/append-requests.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';
import { consents, killedRequest } from './killed-request.ts';

const seed = Number(process.env.SEED ?? 20260401);
const rounds = Number(process.env.KILLS ?? 6);
/** Reproducible numbers below a bound (a linear congruential generator: only its spread matters). */
const numbers = (start: number): ((bound: number) => number) => {
  let state = start >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
};
const member = 'gov-credit' as MemberId;
const appendingProcess = fileURLToPath(new URL('./appending-process.ts', import.meta.url));

describe(`faults: the store's process is killed (SEED=${seed})`, () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it(`keeps every acknowledged append, counts and the tree through ${rounds} SIGKILLs under load`, async () => {
    const store = join(folder.path, 'store');
    const below = numbers(seed);
    const acknowledged = new Map<number, { index: number; leafHash: string }>();
    let from = 0;
    for (let round = 0; round < rounds; round += 1) {
      const killAfter = 1 + below(600);
      const child = spawn(process.execPath, [appendingProcess, store, String(Math.max(0, from - 30))], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exit = once(child, 'exit');
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const match = /^(\d+) (appended|present) (\d+) (0x[0-9a-f]{64})$/.exec(line);
        // The last line may be cut off by the kill.
        if (match === null) continue;
        const number = Number(match[1]);
        const entry = { index: Number(match[3]), leafHash: match[4]! };
        const before = acknowledged.get(number);
        if (before !== undefined) expect(entry).to.deep.equal(before);
        acknowledged.set(number, entry);
        from = Math.max(from, number);
        lines += 1;
        if (lines === killAfter) child.kill('SIGKILL');
      }
      expect((await exit)[1]).to.equal('SIGKILL');
    }

    const { audit, documents, close } = await openGatewayStore({
      folder: store,
      member,
      log: 1,
      create: false,
      randomness: systemRandomness,
    });
    for (const [number, entry] of acknowledged) {
      const recalled = await audit.recall(usageOf(number), 'served');
      expect(recalled?.position).to.deep.equal({ log: 1, ...entry });
      expect(Buffer.from(recalled!.attachment!).toString()).to.equal(`attachment ${number}`);
      expect(await documents.get('usage', String(number))).to.equal(number);
    }
    const size = audit.size();
    const tree = new CompactTree();
    const tagged = new Map<number, number>();
    for await (const { index, leaf } of audit.leaves(0, size)) {
      tree.append(leafHash(leaf));
      const decoded = decodeLeaf(leaf);
      const opening = await audit.opening(index);
      if (!decoded.ok || opening === undefined) throw new Error(`leaf ${index} can't be read`);
      expect(checkOpening(decoded.value, opening).ok).to.equal(true);
      const number = decoded.value.block - killedRequest(0).draft.block;
      expect(opening.usage).to.equal(usageOf(number));
      const n = tagged.get(number % consents) ?? 0;
      expect(decoded.value.tag).to.equal(usageTag(consentOf(number % consents).historyKey, member, 1, n));
      tagged.set(number % consents, n + 1);
    }
    expect(await audit.root(size)).to.equal(`0x${Buffer.from(tree.root()).toString('hex')}`);
    expect(audit.count('grant/all')).to.equal(size);
    for (let consent = 0; consent < consents; consent += 1) expect(audit.count(`consent/${consent}`)).to.equal(tagged.get(consent) ?? 0);
    expect(size).to.be.at.least(acknowledged.size);
    expect(acknowledged.size).to.be.greaterThan(rounds);
    await close();
  });
});
