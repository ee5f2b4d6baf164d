import { fromHex } from '../../domain/hash.ts';
import type { ConsentId, UsageId } from '../../domain/ids.ts';
import type { LeafStep } from '../../domain/usage-leaf.ts';
import { buckets } from './buckets.ts';
import { u8, u32, u64, utf8 } from './bytes.ts';

/** Keys of one log in the store (buckets.ts). */
export class AuditKeys {
  readonly #prefixes: Readonly<Record<keyof typeof buckets, Buffer>>;
  readonly head: Buffer;

  constructor(log: number) {
    const prefixes = Object.entries(buckets).map(([name, bucket]) => [name, Buffer.concat([u8(bucket), u32(log)])]);
    this.#prefixes = Object.fromEntries(prefixes) as Record<keyof typeof buckets, Buffer>;
    this.head = this.#prefixes.auditHead;
  }

  /** Of the pack that begins with this leaf. */
  leaves(first: number): Buffer {
    return Buffer.concat([this.#prefixes.auditLeaves, u64(first)]);
  }

  /** Of the pack that begins with what lies beside this leaf. */
  asides(first: number): Buffer {
    return Buffer.concat([this.#prefixes.auditAsides, u64(first)]);
  }

  tile(level: number, index: number): Buffer {
    return Buffer.concat([this.#prefixes.auditTile, u8(level), u64(index)]);
  }

  usage(usage: UsageId, step: LeafStep): Buffer {
    return Buffer.concat([this.#prefixes.auditUsage, utf8(`${usage}\0${step}`)]);
  }

  tagged(consent: ConsentId, n: number): Buffer {
    return Buffer.concat([this.#prefixes.auditTagged, fromHex(consent), u32(n)]);
  }

  tagCount(consent: ConsentId): Buffer {
    return Buffer.concat([this.#prefixes.auditTagCount, fromHex(consent)]);
  }

  counter(key: string): Buffer {
    return Buffer.concat([this.#prefixes.auditCounter, utf8(key)]);
  }
}
