import { clockTime } from '../../council/clock-time.ts';
import { shownDuration } from '../../council/duration.ts';
import { type CouncilProposal, CouncilView } from '../../council/proposal.ts';
import { systemClock } from '../../system-clock.ts';
import { answer, type Output } from '../output.ts';
import { type CouncilOptions, withCouncil } from './open-council.ts';
import { proposalDocument, proposalTable, rulesDocument } from './present.ts';

export interface ListOptions extends CouncilOptions {
  /** Also what is executed or expired. */
  readonly all?: boolean;
}

export async function list(options: ListOptions, output: Output): Promise<void> {
  await withCouncil(options, async ({ chain, contracts }) => {
    const view = await CouncilView.open(chain, contracts);
    const now = Math.floor(systemClock.now() / 1000);
    const found: CouncilProposal[] = [];
    for (let id = await view.count(); id > 0; id--) found.push(await view.proposal(id, now));
    const shown = options.all === true ? found : found.filter(({ state }) => state !== 'executed' && state !== 'expired');
    const pausedUntil = Number(await contracts.view<bigint>('emergency-pause', 'pausedUntil'));
    const { rules } = view;
    const seats = rules.seats.map(({ member, sector }) => `${member} (${sector})`).join(', ');
    const head = [
      `seats: ${seats}`,
      `carried by ${rules.quorum} yes votes from 2 sectors; voting ${shownDuration(rules.votingPeriod)}, delay ${shownDuration(rules.delay)}, window ${shownDuration(rules.window)}`,
      ...(pausedUntil > now ? [`PAUSED until ${clockTime(pausedUntil)}`] : []),
    ];
    answer(
      output,
      {
        ok: true,
        rules: rulesDocument(rules),
        pausedUntil: pausedUntil > now ? pausedUntil : 0,
        proposals: shown.map((proposal) => proposalDocument(proposal, rules)),
      },
      [...head, '', shown.length === 0 ? 'no proposals to act on' : proposalTable(shown, rules, now)].join('\n'),
    );
  });
}
