import { NodeError } from '../../errors.ts';
import { sendCall, tryCall } from '../../network/send-call.ts';
import type { Output } from '../output.ts';
import { type CouncilOptions, withCouncil } from './open-council.ts';
import { proposalNumber } from './proposal-number.ts';
import { showProposal } from './show.ts';

export interface ActOptions extends CouncilOptions {
  readonly id: string;
  readonly dryRun?: boolean;
}

export async function vote(options: ActOptions & { readonly choice: string }, output: Output): Promise<void> {
  if (options.choice !== 'yes' && options.choice !== 'no')
    throw new NodeError('NODE_USAGE', { given: options.choice, reason: 'yes or no' });
  await act(options, 'vote', [options.choice === 'yes'], output);
}

export async function execute(options: ActOptions, output: Output): Promise<void> {
  await act(options, 'execute', [], output);
}

async function act(options: ActOptions, method: 'vote' | 'execute', more: readonly unknown[], output: Output): Promise<void> {
  const id = proposalNumber(options.id);
  await withCouncil(options, async (council) => {
    const { chain, contracts } = council;
    const seat = await council.seat();
    const call = contracts.encode({ contract: 'council', method, args: [id, ...more] });
    if (options.dryRun === true) await tryCall(chain, seat.address, call);
    else await sendCall(chain, seat.privateKey, call);
    output.progress(
      options.dryRun === true ? `${seat.member} may ${method}; nothing was sent` : `${method} by ${seat.member} is in the chain`,
    );
    await showProposal(council, id, output, options.dryRun === true ? { dryRun: true } : {});
  });
}
