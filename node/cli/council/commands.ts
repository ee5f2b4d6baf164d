import type { Command } from 'commander';
import { type Common, exits, performing, type Run } from '../command.ts';

interface SugarOptions {
  readonly member: string;
  readonly reason?: string;
}

interface Arguments {
  readonly names: readonly string[];
}

/** A command of the council: the chain by the network's folder or by a gateway's, the seat by a gateway's keystore. */
function councilCommand<O>(
  parent: Command,
  name: string,
  summary: string,
  help: string,
  load: () => Promise<Run<O>>,
  { names }: Arguments = { names: [] },
): Command {
  return parent
    .command(name)
    .description(summary)
    .option('--data <folder>', "the network's data folder; else the chain is that of --as")
    .option('--as <folder>', "the data folder of the member's gateway: its account acts")
    .option('--passphrase-file <file>', 'passphrase of its keystore, mode 0600 (default: passphrase in that folder)')
    .option('--url <url>', 'JSON-RPC of the ledger')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', `\n${help}\n${exits}`)
    .action((...given: unknown[]) => {
      const words = Object.fromEntries(names.map((argument, at) => [argument, given[at]]));
      return performing(parent.parent ?? parent, { ...(given[names.length] as O & Common), ...words }, load);
    });
}

const dryRun = ['--dry-run', 'try it on the newest state and send nothing'] as const;
const actionHelp = `Actions (several parted by +: all or none):
  suspend MEMBER [REASON]      resume MEMBER      remove MEMBER      admit MEMBER.JSON
  roles MEMBER ROLE,ROLE,…     parameter NAME VALUE [FROM]           contract NAME ADDRESS
  approve-model MODEL VERSION  disapprove-model MODEL VERSION        end-pause
  settings QUORUM DELAY VOTING WINDOW, such as: settings 3 1d 7d 7d`;

/** `council`, and what a seat does most: suspend, resume, pause. */
export function addCouncilCommands(program: Command): void {
  const council = program.command('council').description('proposals of the council: made, read, voted on, executed');
  councilCommand(
    council,
    'propose',
    'propose something to the council',
    `${actionHelp}\n\nThe proposer's own vote is not implied. --dry-run also tries what the council would do, if it is one action.\n\nExample:\n  xinshu-node council propose --as gateways/gov-credit --vote-yes suspend bank-changan key-lost`,
    async () => (await import('./propose.ts')).propose,
    { names: ['action'] },
  )
    .argument('<action...>', 'what the council is to do')
    .option('--note <text>', 'why, for the other seats; it stays on chain')
    .option('--vote-yes', "cast the proposer's vote too")
    .option(...dryRun);
  councilCommand(
    council,
    'list',
    'what waits for a vote or for execution, with times by the clock',
    'Also the seats, the rules, and whether the emergency pause is on.',
    async () => (await import('./list.ts')).list,
  ).option('--all', 'also what was executed or has expired');
  councilCommand(
    council,
    'show',
    'one proposal: what it does, decoded from the chain, who voted, what is next',
    'A call that no contract of the Directory takes is shown as UNKNOWN: never vote for it.',
    async () => (await import('./show.ts')).show,
    { names: ['id'] },
  ).argument('<id>', 'its number');
  councilCommand(
    council,
    'vote',
    'cast the vote of a seat; it can not be changed',
    'Carried by the quorum of the manifest, from two sectors at least.',
    async () => (await import('./act.ts')).vote,
    { names: ['id', 'choice'] },
  )
    .argument('<id>', 'its number')
    .argument('<choice>', 'yes or no')
    .option(...dryRun);
  councilCommand(
    council,
    'execute',
    'make a carried proposal happen, by any seat, after its delay',
    'All calls of the proposal happen, or none.',
    async () => (await import('./act.ts')).execute,
    { names: ['id'] },
  )
    .argument('<id>', 'its number')
    .option(...dryRun);

  for (const action of ['suspend', 'resume'] as const) {
    const sugar = councilCommand(
      program,
      action,
      `propose to ${action} a member, and vote yes`,
      `The same as: council propose --vote-yes ${action} MEMBER. It takes effect when enough seats voted and one executes it.`,
      async () => {
        const { propose } = await import('./propose.ts');
        return (options: SugarOptions, to) =>
          propose(
            { ...options, voteYes: true, action: [action, options.member, ...(options.reason === undefined ? [] : [options.reason])] },
            to,
          );
      },
      { names: ['member'] },
    )
      .argument('<member>', 'its id')
      .option('--note <text>', 'why, for the other seats; it stays on chain')
      .option(...dryRun);
    if (action === 'suspend') sugar.option('--reason <code>', 'a short code that stands in the registry, such as key-lost');
  }

  councilCommand(
    program,
    'pause',
    "ask for the emergency pause, one seat's part",
    'When as many seats as the manifest says (emergency.few) have asked within an hour, it begins, for the shortest time asked; it ends by itself.\nIt can only stop: admissions, registrations, grants, consents. Withdrawal, revocation, suspension and anchoring go on.',
    async () => (await import('../pause.ts')).pause,
  )
    .requiredOption('--for <duration>', 'such as 30m, 2h, 1d; 7d at most')
    .option(...dryRun);
}
