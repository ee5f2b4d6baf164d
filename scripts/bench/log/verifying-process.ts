// A process that opens a log, verifies all of it and reports as one JSON line: a process of its own, so that its memory is that of verifying alone.
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import { fromHex } from '../../../gateway/domain/hash.ts';
import type { Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { CompactTree, leafHash } from '../../../gateway/domain/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../gateway/domain/merkle-verify.ts';
import type { AuditStore } from '../../../gateway/ports/audit-store.ts';
import { seededRandomness } from '../../../test/helpers/seeded-randomness.ts';
import { systemRandomness } from '../../../test/helpers/system-randomness.ts';
import { ownMiB } from '../measure/own-memory.ts';
import type { LogFigures, ProofFigures } from './log-figures.ts';

const proofs = 2000;
const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
const since = (start: number): number => (performance.now() - start) / 1000;

/** Every leaf is read and hashed; the root is made anew and held against the log's own at ten sizes on the way. */
const verifyLeaves = async (audit: AuditStore, size: number): Promise<LogFigures['leaves']> => {
  const tree = new CompactTree();
  const residentMiB: number[] = [];
  const ownMiBs: number[] = [];
  const step = Math.max(1, Math.floor(size / 10));
  let bytes = 0;
  const start = performance.now();
  for await (const { leaf } of audit.leaves(0, size)) {
    tree.append(leafHash(leaf));
    bytes += leaf.length;
    if (tree.size % step !== 0 && tree.size !== size) continue;
    const root = await audit.root(tree.size);
    if (root !== `0x${Buffer.from(tree.root()).toString('hex')}`) throw new Error(`another root at ${tree.size}`);
    residentMiB.push(mebibytes(process.memoryUsage.rss()));
    ownMiBs.push(ownMiB());
  }
  if (tree.size !== size) throw new Error(`${tree.size} of ${size} leaves`);
  return { seconds: since(start), bytes, residentMiB, ownMiB: ownMiBs };
};

/** Proofs between places of the log that a seeded generator chooses: made, measured, verified. */
const proofFigures = async (
  make: (place: number) => Promise<{ proof: readonly Hex[]; verify: (proof: readonly Uint8Array[]) => boolean }>,
  size: number,
): Promise<ProofFigures> => {
  const random = seededRandomness('log');
  const places = Array.from({ length: proofs }, () => Buffer.from(random.bytes(6)).readUIntBE(0, 6) % size);
  let start = performance.now();
  const made = [];
  for (const place of places) made.push(await make(place));
  const madePerSecond = proofs / since(start);
  const lengths = made.map(({ proof }) => proof.length);
  const checks = made.map(({ proof, verify }) => [proof.map(fromHex), verify] as const);
  start = performance.now();
  if (!checks.every(([proof, verify]) => verify(proof))) throw new Error('a proof does not verify');
  return { madePerSecond, verifiedPerSecond: proofs / since(start), mostBytes: 32 * Math.max(...lengths) };
};

const [folder, member, log] = process.argv.slice(2) as [string, string, string];
let start = performance.now();
const store = await openGatewayStore({ folder, member: member as MemberId, log: Number(log), create: false, randomness: systemRandomness });
const openedSeconds = since(start);
const { audit } = store;
const size = audit.size();
const leaves = await verifyLeaves(audit, size);
const root = fromHex(await audit.root(size));
const inclusion = await proofFigures(async (index) => {
  const proof = await audit.inclusion(index, size);
  const hash = await audit.tile(0, Math.floor(index / 256), (index % 256) + 1);
  return { proof, verify: (given) => verifyInclusion(hash.subarray(-32), index, size, given, root) };
}, size);
const consistency = await proofFigures(async (from) => {
  const [proof, before] = [await audit.consistency(from, size), fromHex(await audit.root(from))];
  return { proof, verify: (given) => verifyConsistency(from, size, before, root, given) };
}, size);
await store.close();

// The same bytes hashed without anything else: the least that verifying can need.
start = performance.now();
const one = Buffer.alloc(Math.round(leaves.bytes / size), 1);
const sample = Math.min(size, 200_000);
const alone = new CompactTree();
for (let index = 0; index < sample; index += 1) alone.append(leafHash(one));
const hashedPerSecond = sample / since(start);

const figures: LogFigures = {
  size,
  openedSeconds,
  leaves,
  inclusion,
  consistency,
  hashedPerSecond,
  peakMiB: mebibytes(process.resourceUsage().maxRSS * 1024),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
