import type { TransactionReceipt } from 'ethers';
import { describeAction } from '../../council/describe-action.ts';
import { parseActions } from '../../council/parse-action.ts';
import { CouncilView } from '../../council/proposal.ts';
import { sendCall, tryCall, tryView } from '../../network/send-call.ts';
import { systemClock } from '../../system-clock.ts';
import { answer, type Output } from '../output.ts';
import { type CouncilOptions, type OpenCouncil, withCouncil } from './open-council.ts';
import { proposalDocument, proposalText } from './present.ts';

export interface ProposeOptions extends CouncilOptions {
  readonly action: readonly string[];
  /** Why, for the other seats; on chain for ever. */
  readonly note?: string;
  /** Also cast the proposer's own vote: proposing implies none. */
  readonly voteYes?: boolean;
  readonly dryRun?: boolean;
}

export async function propose(options: ProposeOptions, output: Output): Promise<void> {
  const actions = parseActions(options.action);
  await withCouncil(options, async (council) => {
    const { contracts, chain } = council;
    const words = actions.map((action) => describeDecoded(council, action));
    const calls = actions.map((action) => contracts.encode(action));
    const description = options.note ?? words.map(({ en }) => en).join(' + ');
    const proposal = contracts.encode({
      contract: 'council',
      method: 'propose',
      args: [calls.map(({ to }) => to), calls.map(({ data }) => data), description],
    });
    const seat = await council.seat();
    if (options.dryRun === true) {
      await tryCall(chain, seat.address, proposal);
      // Tried as the council: what it can't do is best not proposed. Of several, each may rest on those before it.
      const [only, second] = calls;
      if (only !== undefined && second === undefined) await tryView(chain, contracts.address('council'), only);
      const lines = words.flatMap(({ en, zh }) => [en, zh]);
      answer(
        output,
        { ok: true, dryRun: true, description, calls: calls.map((call, at) => ({ ...call, ...words[at] })) },
        lines.join('\n'),
      );
      return;
    }
    const id = proposalId(council, await sendCall(chain, seat.privateKey, proposal));
    output.progress(`proposal ${id} is made`);
    if (options.voteYes === true) {
      await sendCall(chain, seat.privateKey, contracts.encode({ contract: 'council', method: 'vote', args: [id, true] }));
      output.progress(`${seat.member} voted yes`);
    }
    const view = await CouncilView.open(chain, contracts);
    const now = Math.floor(systemClock.now() / 1000);
    const made = await view.proposal(id, now);
    answer(output, { ok: true, ...proposalDocument(made, view.rules) }, proposalText(made, view.rules, now));
  });
}

/** In the words of what was made of it, so that what is shown is what goes out. */
const describeDecoded = ({ contracts }: OpenCouncil, action: ReturnType<typeof parseActions>[number]) =>
  describeAction(contracts.decode(contracts.encode(action)) ?? action);

function proposalId({ contracts }: OpenCouncil, receipt: TransactionReceipt): number {
  for (const log of receipt.logs) {
    const event = contracts.event('council', log);
    if (event?.name === 'Proposed') return Number(event.args.getValue('id'));
  }
  throw new Error('no Proposed event in the receipt of a proposal');
}
