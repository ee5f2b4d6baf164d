import { CouncilView } from '../../council/proposal.ts';
import { systemClock } from '../../system-clock.ts';
import { answer, type Output } from '../output.ts';
import { type CouncilOptions, type OpenCouncil, withCouncil } from './open-council.ts';
import { proposalDocument, proposalText } from './present.ts';
import { proposalNumber } from './proposal-number.ts';

export async function show(options: CouncilOptions & { readonly id: string }, output: Output): Promise<void> {
  const id = proposalNumber(options.id);
  await withCouncil(options, (council) => showProposal(council, id, output));
}

export async function showProposal({ chain, contracts }: OpenCouncil, id: number, output: Output, more: object = {}): Promise<void> {
  const view = await CouncilView.open(chain, contracts);
  const now = Math.floor(systemClock.now() / 1000);
  const proposal = await view.proposal(id, now);
  answer(output, { ok: true, ...more, ...proposalDocument(proposal, view.rules) }, proposalText(proposal, view.rules, now));
}
