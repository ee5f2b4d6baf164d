import { clockTime } from '../../council/clock-time.ts';
import { shownDuration } from '../../council/duration.ts';
import { type CouncilProposal, type CouncilRules, counted, type Vote } from '../../council/proposal.ts';
import { listing, table } from '../table.ts';

/** One proposal as JSON: numbers of the chain as text where they may not fit. */
export function proposalDocument(proposal: CouncilProposal, rules: CouncilRules): object {
  const { calls, ...rest } = proposal;
  return {
    ...rest,
    counted: counted(proposal.yes),
    needed: { votes: rules.quorum, sectors: 2 },
    calls: calls.map(({ action, words, ...call }) => ({
      ...call,
      ...words,
      ...(action === undefined ? {} : { contract: action.contract, method: action.method, args: plain(action.args) }),
    })),
  };
}

export function rulesDocument({ seats, ...rules }: CouncilRules): object {
  return { ...rules, seats: seats.map(({ member, sector }) => ({ member, sector })) };
}

export function proposalTable(proposals: readonly CouncilProposal[], rules: CouncilRules, now: number): string {
  const rows = proposals.map((proposal) => [
    String(proposal.id),
    proposal.state,
    tally(proposal, rules),
    nextTime(proposal, now),
    proposal.proposer,
    proposal.calls.map(({ words }) => words.en).join(' + '),
  ]);
  return table(['id', 'state', 'yes', 'next', 'proposer', 'what'], rows);
}

export function proposalText(proposal: CouncilProposal, rules: CouncilRules, now: number): string {
  const facts: Record<string, string> = {
    proposal: `${proposal.id}, by ${proposal.proposer}`,
    state: `${proposal.state}${proposal.state === 'executed' ? '' : `: ${nextTime(proposal, now)}`}`,
    yes: `${tally(proposal, rules)}; ${names(proposal.yes)}`,
    no: names(proposal.no),
    voting: `until ${clockTime(proposal.votesUntil)}`,
    executable:
      proposal.executableFrom === 0
        ? `${shownDuration(rules.delay)} after it is carried, for ${shownDuration(rules.window)}`
        : `${clockTime(proposal.executableFrom)} to ${clockTime(proposal.executableUntil)}`,
    note: proposal.description,
  };
  const calls = proposal.calls.flatMap(({ words, present, to, data }, at) => [
    `${at + 1}. ${words.en}`,
    `   ${words.zh}`,
    `   to ${to}${present ? '' : ', A CONTRACT THAT WAS REPLACED'}, ${(data.length - 2) / 2} bytes`,
  ]);
  return [listing(facts), '', 'what it does / 内容', ...calls].join('\n');
}

const tally = ({ yes }: CouncilProposal, { quorum }: CouncilRules): string => {
  const { votes, sectors } = counted(yes);
  return `${votes} of ${quorum} from ${sectors} of 2 sectors`;
};

const names = (votes: readonly Vote[]): string =>
  votes.length === 0
    ? 'nobody'
    : votes.map(({ member, sector, seated }) => `${member} (${sector}${seated ? '' : ', no seat now'})`).join(', ');

/** What comes next and when, by the clock, with how long it is until then. */
function nextTime({ state, votesUntil, executableFrom, executableUntil }: CouncilProposal, now: number): string {
  const at = (time: number): string => `${clockTime(time)} (in ${shownDuration(Math.max(0, time - now))})`;
  switch (state) {
    case 'open':
      return `votes until ${at(votesUntil)}`;
    case 'waiting':
      return `executable from ${at(executableFrom)}`;
    case 'ready':
      return `execute before ${at(executableUntil)}`;
    default:
      return '';
  }
}

/** JSON knows no big integers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}
