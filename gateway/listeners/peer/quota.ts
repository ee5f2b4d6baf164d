import type { ProtocolDefinition } from './protocol.ts';

/** What one member may ask at once and in a second, of the thing with this name. */
export type Bounds = Pick<ProtocolDefinition, 'parallelPerPeer' | 'ratePerPeer'> & { readonly name: string };

type Bucket = { tokens: number; at: number; underWay: number };

/** Token bucket and count of messages under way, for each member and protocol. `now` in milliseconds. */
export class PeerQuota {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes a place, or says no. Whoever got one gives it back with `leave`. */
  enter(from: string, { name, parallelPerPeer, ratePerPeer }: Bounds, now: number): boolean {
    const key = `${from}/${name}`;
    const most = 2 * ratePerPeer;
    const bucket = this.#buckets.get(key) ?? { tokens: most, at: now, underWay: 0 };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(most, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * ratePerPeer);
    bucket.at = now;
    if (bucket.underWay >= parallelPerPeer || bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    bucket.underWay += 1;
    return true;
  }

  leave(from: string, { name }: Bounds): void {
    const bucket = this.#buckets.get(`${from}/${name}`);
    if (bucket !== undefined) bucket.underWay -= 1;
  }
}
