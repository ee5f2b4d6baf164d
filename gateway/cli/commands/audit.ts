import type { Command } from 'commander';
import type { Run } from '../run.ts';
import { compareCommand } from './audit/compare.ts';
import { followCommand } from './audit/follow.ts';
import { defaultTolerance, match, matchCommand } from './audit/match.ts';
import { reportForkCommand } from './audit/report-fork.ts';
import { verifyCommand } from './audit/verify.ts';

export const auditCommands = (program: Command, run: Run): void => {
  const audit = program
    .command('audit')
    .description('verify all logs against the roots anchored on chain and match both halves of every usage; trusts no gateway')
    .addHelpText(
      'after',
      '\nReads the log of every profile named ….auditor (or those of --as a,b), recomputes its roots, compares them with the anchors that this\ncommand reads from the chain by itself, and names each missing or differing half. Without a subcommand: match, over everything. Exit status 1 on findings.\n\nExample:\n  xinshu audit --json',
    )
    .action(run((context) => match(context, { tolerance: defaultTolerance })));
  matchCommand(audit, run);
  followCommand(audit, run);
  compareCommand(audit, run);
  verifyCommand(audit, run);
  reportForkCommand(audit, run);
};
