import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandomness } from '../../../../gateway/adapters/clock/system.ts';
import { buckets } from '../../../../gateway/adapters/store/buckets.ts';
import { openDatabase } from '../../../../gateway/adapters/store/database.ts';
import { openGatewayStore } from '../../../../gateway/adapters/store/open-store.ts';
import type { MemberId } from '../../../../gateway/domain/ids.ts';
import type { DrillSubject } from '../consented-network.ts';

/** What is in a gateway's folder, one line a fact; the gateway must be down. */
export const folderFacts = async (
  folder: string,
  member: string,
  dataset: string,
  subjects: readonly DrillSubject[],
): Promise<Readonly<Record<string, string>>> => {
  const facts: Record<string, string> = {};
  for (const name of readdirSync(folder).sort())
    if (name.includes('.') && name !== 'operator.token') facts[`file ${name}`] = hashOf(readFileSync(join(folder, name)));
  const store = await openGatewayStore({
    folder: join(folder, 'store'),
    member: member as MemberId,
    log: 0,
    create: false,
    randomness: systemRandomness,
  });
  const { audit } = store;
  const size = audit.size();
  facts['log size'] = String(size);
  facts['log root'] = await audit.root(size);
  const openings = createHash('sha256');
  for (let index = 0; index < size; index += 1) openings.update(JSON.stringify((await audit.opening(index)) ?? null));
  facts['openings of all entries'] = openings.digest('hex');
  for (const { name, consent } of subjects) facts[`uses of ${name}`] = String(audit.count(`consent/${consent}/${dataset}`));
  await store.close();
  for (const part of ['entries', 'opening-keys']) Object.assign(facts, await contentOf(part, join(folder, 'store', part)));
  return facts;
};

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Read from the chain again at any time, and told apart by group commits that wrote it: not what a backup is for. */
const rereadable: readonly number[] = [buckets.mirror, buckets.commit];

/** Every byte of a database, by the first byte of its keys (buckets.ts). */
const contentOf = async (part: string, folder: string): Promise<Record<string, string>> => {
  const names = new Map<number, string>(Object.entries(buckets).map(([name, bucket]) => [bucket, name]));
  const facts = new Map<string, { readonly hash: Hash; count: number }>();
  const database = await openDatabase(folder);
  for await (const [key, value] of database.range({ gte: Buffer.of(), lt: Buffer.alloc(64, 255) })) {
    const bucket = key[0] as number;
    if (part === 'entries' && rereadable.includes(bucket)) continue;
    const name = part === 'entries' ? `${part} ${names.get(bucket) ?? bucket}` : part;
    const fact = facts.get(name) ?? { hash: createHash('sha256'), count: 0 };
    fact.hash.update(`${key.length} ${value.length} `).update(key).update(value);
    fact.count += 1;
    facts.set(name, fact);
  }
  await database.close();
  return Object.fromEntries([...facts].map(([name, { hash, count }]) => [`database ${name}`, `${count} keys ${hash.digest('hex')}`]));
};

/** Facts that differ. */
export const differences = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name] ?? 'absent'} -> ${after[name] ?? 'absent'}`);
