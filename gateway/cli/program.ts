import { Command, Option } from 'commander';
import type { Surroundings } from './context.ts';
import { type Run, runIn } from './run.ts';

const afterHelp = `
Exit status: 0 done; 1 refused, or something was found; 2 used wrongly; 3 a gateway or the chain does not answer.

Files in the home folder:
  network.json    where the chain and the gateways are
  profiles.json   whom --as can act for: gateway and token file of each (0600)
  subjects/       keys of subjects, each in a file of its own, encrypted
Secrets are never arguments: tokens and passphrases come from files with mode 0600, or are asked for.

First steps on a running network:
  xinshu status
  xinshu dataset list --as bank.requester
  xinshu subject new demo --code enterprise:91…
  xinshu credential issue --as gov.steward --subject demo
  xinshu consent give --subject demo --to bank-changan --scope grid-qinchuan.electricity --purpose loan-approval
  xinshu history --subject demo
  xinshu audit`;

type Group = (program: Command, run: Run) => void;

/** By the word a user types, in the order of the help. Loaded when they are needed: a command must not wait for the libraries of all others. */
const groups: Readonly<Record<string, () => Promise<Group>>> = {
  subject: async () => (await import('./commands/subject.ts')).subjectCommands,
  credential: async () => (await import('./commands/credential.ts')).credentialCommands,
  consent: async () => (await import('./commands/consent.ts')).consentCommands,
  withdraw: async () => (await import('./commands/withdraw.ts')).withdrawCommand,
  history: async () => (await import('./commands/history.ts')).historyCommand,
  dataset: async () => (await import('./commands/dataset.ts')).datasetCommands,
  grant: async () => (await import('./commands/grant.ts')).grantCommands,
  model: async () => (await import('./commands/model.ts')).modelCommands,
  query: async () => (await import('./commands/query.ts')).queryCommands,
  score: async () => (await import('./commands/score.ts')).scoreCommands,
  review: async () => (await import('./commands/review.ts')).reviewCommands,
  log: async () => (await import('./commands/log.ts')).logCommands,
  audit: async () => (await import('./commands/audit.ts')).auditCommands,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  members: async () => (await import('./commands/members.ts')).membersCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommands,
  gateway: async () => (await import('./commands/gateway.ts')).gatewayCommands,
};

/** The groups that the arguments may name; all of them for help and for mistakes. */
const wanted = (args: readonly string[]): (() => Promise<Group>)[] => {
  const named = Object.keys(groups).filter((word) => args.includes(word));
  const chosen = named.length === 0 || args.includes('help') ? Object.keys(groups) : named;
  return chosen.map((word) => groups[word] as () => Promise<Group>);
};

/** The command `xinshu`. Options of the top may stand before or after the subcommand. */
export const xinshuProgram = async (surroundings: Surroundings, args: readonly string[]): Promise<Command> => {
  const program = new Command('xinshu')
    .description('Xinshu (信枢): the command of institutions, subjects and auditors')
    .option('--as <profile>', 'act for this profile of profiles.json')
    .addOption(new Option('--home <folder>', 'home folder').env('XINSHU_HOME').default('.xinshu'))
    .option('--json', 'print JSON')
    .addOption(
      new Option('--lang <lang>', 'language of texts')
        .choices(['en', 'zh'])
        .default(/^zh/i.test(process.env.LC_ALL ?? process.env.LANG ?? '') ? 'zh' : 'en'),
    )
    .addHelpText('after', afterHelp)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const run = runIn(surroundings);
  for (const load of wanted(args)) (await load())(program, run);
  return program;
};
