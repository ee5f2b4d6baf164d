import type { JsonRpcProvider } from 'ethers';
import type { Clock } from '../clock.ts';
import { NodeError } from '../errors.ts';
import { type MemberOnChain, readMembers } from './read-members.ts';

export interface MembershipFollowerOptions {
  readonly chain: JsonRpcProvider;
  /** Address of the MemberRegistry. */
  readonly registry: string;
  readonly clock: Clock;
  /** Seconds; an older head is no basis to open or shut a door. */
  readonly maxBlockAge: number;
}

export interface MembershipAt {
  readonly block: number;
  readonly members: readonly MemberOnChain[];
}

/** The members at the newest final block, read anew only when the registry has logged something since. */
export class MembershipFollower {
  readonly #options: MembershipFollowerOptions;
  #known: MembershipAt | undefined;

  constructor(options: MembershipFollowerOptions) {
    this.#options = options;
  }

  /** Errors: NODE_ALLOWLIST_STALE; NODE_ENGINE_UNREACHABLE. */
  async current(): Promise<MembershipAt> {
    try {
      return await this.#read();
    } catch (error) {
      throw error instanceof NodeError ? error : new NodeError('NODE_ENGINE_UNREACHABLE', {}, { cause: error });
    }
  }

  async #read(): Promise<MembershipAt> {
    const { chain, registry, clock, maxBlockAge } = this.#options;
    const head = (await chain.send('eth_getBlockByNumber', ['latest', false])) as { readonly number: string; readonly timestamp: string };
    const block = Number(head.number);
    const age = Math.floor(clock.now() / 1000) - Number(head.timestamp);
    // Also a node that was emptied and reads the chain again: on the way it passes old memberships.
    if (age > maxBlockAge) throw new NodeError('NODE_ALLOWLIST_STALE', { block, age });
    const known = this.#known;
    if (known !== undefined && block < known.block) throw new NodeError('NODE_ALLOWLIST_STALE', { block, known: known.block });
    if (known !== undefined && (block === known.block || !(await this.#changed(known.block + 1, block)))) {
      this.#known = { block, members: known.members };
    } else {
      this.#known = { block, members: await readMembers(chain, registry, block) };
    }
    return this.#known;
  }

  async #changed(fromBlock: number, toBlock: number): Promise<boolean> {
    const { chain, registry } = this.#options;
    return (await chain.getLogs({ address: registry, fromBlock, toBlock })).length > 0;
  }
}
