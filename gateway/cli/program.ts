import { Command, Option } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { consentCommands } from './commands/consent.ts';
import { credentialCommands } from './commands/credential.ts';
import { datasetCommands } from './commands/dataset.ts';
import { gatewayCommands } from './commands/gateway.ts';
import { grantCommands } from './commands/grant.ts';
import { historyCommand } from './commands/history.ts';
import { logCommands } from './commands/log.ts';
import { membersCommand } from './commands/members.ts';
import { queryCommands } from './commands/query.ts';
import { reviewCommands } from './commands/review.ts';
import { statusCommand } from './commands/status.ts';
import { subjectCommands } from './commands/subject.ts';
import { tokenCommands } from './commands/token.ts';
import { withdrawCommand } from './commands/withdraw.ts';
import type { Surroundings } from './context.ts';
import { runIn } from './run.ts';

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

const groups = [
  subjectCommands,
  credentialCommands,
  consentCommands,
  withdrawCommand,
  historyCommand,
  datasetCommands,
  grantCommands,
  queryCommands,
  reviewCommands,
  logCommands,
  auditCommand,
  statusCommand,
  membersCommand,
  tokenCommands,
  gatewayCommands,
];

/** The command `xinshu`. Options of the top may stand before or after the subcommand. */
export const xinshuProgram = (surroundings: Surroundings): Command => {
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
  for (const add of groups) add(program, run);
  return program;
};
