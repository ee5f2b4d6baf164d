import { decodeBytes32String, type JsonRpcProvider } from 'ethers';
import { NodeError } from '../errors.ts';
import { readMembers } from '../membership/read-members.ts';
import type { Action, Words } from './action.ts';
import type { CouncilContracts } from './contracts.ts';
import { describeAction } from './describe-action.ts';

/** `waiting`: carried, its delay not over. `ready`: may be executed now. */
export type ProposalState = 'open' | 'waiting' | 'ready' | 'executed' | 'expired';

export interface Vote {
  readonly member: string;
  readonly sector: string;
  /** Whether it has a seat now: only then its vote counts. */
  readonly seated: boolean;
}

export interface ProposedCall {
  readonly to: string;
  readonly data: string;
  /** undefined: bytes that no contract of the Directory takes. Never vote for what can't be read. */
  readonly action: Action | undefined;
  readonly words: Words;
  /** False: aimed at a contract that has been replaced since. */
  readonly present: boolean;
}

export interface CouncilProposal {
  readonly id: number;
  readonly proposer: string;
  readonly description: string;
  readonly calls: readonly ProposedCall[];
  readonly yes: readonly Vote[];
  readonly no: readonly Vote[];
  readonly state: ProposalState;
  /** Unix seconds; the last two 0 until it is carried. */
  readonly votesUntil: number;
  readonly executableFrom: number;
  readonly executableUntil: number;
}

export interface CouncilRules {
  readonly quorum: number;
  readonly delay: number;
  readonly votingPeriod: number;
  readonly window: number;
  readonly seats: readonly Vote[];
}

interface ProposalTuple {
  readonly proposer: string;
  readonly targets: readonly string[];
  readonly data: readonly string[];
  readonly description: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly votesUntil: bigint;
  readonly executableFrom: bigint;
  readonly executableUntil: bigint;
  readonly state: bigint;
}
interface SettingsTuple {
  readonly quorum: bigint;
  readonly delay: bigint;
  readonly votingPeriod: bigint;
  readonly window: bigint;
}

/** The council as it is on chain: its rules, and proposals with what they mean. */
export class CouncilView {
  readonly #contracts: CouncilContracts;
  readonly #members: ReadonlyMap<string, Vote>;
  readonly rules: CouncilRules;

  private constructor(contracts: CouncilContracts, members: ReadonlyMap<string, Vote>, rules: CouncilRules) {
    this.#contracts = contracts;
    this.#members = members;
    this.rules = rules;
  }

  static async open(chain: JsonRpcProvider, contracts: CouncilContracts): Promise<CouncilView> {
    const [settings, block] = await Promise.all([contracts.view<SettingsTuple>('council', 'settings'), chain.getBlockNumber()]);
    const members = (await readMembers(chain, contracts.address('member-registry'), block)).map((found) => ({
      member: found.id,
      sector: found.sector,
      seated: found.status === 'active' && found.roles.includes('council'),
    }));
    const { quorum, delay, votingPeriod, window } = settings;
    const rules = { quorum: Number(quorum), delay: Number(delay), votingPeriod: Number(votingPeriod), window: Number(window) };
    const byId = new Map(members.map((vote) => [vote.member, vote]));
    return new CouncilView(contracts, byId, { ...rules, seats: members.filter(({ seated }) => seated) });
  }

  async count(): Promise<number> {
    return Number(await this.#contracts.view<bigint>('council', 'proposalCount'));
  }

  /** The proposal, its state at `now` (unix seconds). Errors: NODE_COUNCIL_NO_PROPOSAL. */
  async proposal(id: number, now: number): Promise<CouncilProposal> {
    const found = await this.#contracts.view<ProposalTuple>('council', 'proposal', [id]);
    if (found.state === 0n) throw new NodeError('NODE_COUNCIL_NO_PROPOSAL', { id });
    const times = {
      votesUntil: Number(found.votesUntil),
      executableFrom: Number(found.executableFrom),
      executableUntil: Number(found.executableUntil),
    };
    return {
      id,
      proposer: decodeBytes32String(found.proposer),
      description: found.description,
      calls: found.targets.map((to, at) => this.#call(to, found.data[at] ?? '0x')),
      yes: found.yes.map((seat) => this.#vote(seat)),
      no: found.no.map((seat) => this.#vote(seat)),
      state: found.state === 3n ? 'executed' : stateAt(times, now),
      ...times,
    };
  }

  #call(to: string, data: string): ProposedCall {
    const action = this.#contracts.decode({ to, data });
    const unknown = { en: `UNKNOWN call to ${to}: ${data}`, zh: `未知调用 ${to}：${data}` };
    const words = action === undefined ? unknown : describeAction(action);
    return { to, data, action, words, present: this.#contracts.isPresent(to) };
  }

  #vote(seat: string): Vote {
    const member = decodeBytes32String(seat);
    return this.#members.get(member) ?? { member, sector: 'none', seated: false };
  }
}

/** By the clock of whoever asks, since the newest block of a quiet chain may be old. */
function stateAt(times: Pick<CouncilProposal, 'votesUntil' | 'executableFrom' | 'executableUntil'>, now: number): ProposalState {
  if (times.executableFrom === 0) return now < times.votesUntil ? 'open' : 'expired';
  if (now < times.executableFrom) return 'waiting';
  return now < times.executableUntil ? 'ready' : 'expired';
}

/** Votes that count, and the sectors they come from. */
export function counted(votes: readonly Vote[]): { readonly votes: number; readonly sectors: number } {
  const seated = votes.filter((vote) => vote.seated);
  return { votes: seated.length, sectors: new Set(seated.map(({ sector }) => sector)).size };
}
