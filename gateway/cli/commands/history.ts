import type { Command } from 'commander';
import { withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { makeReport } from '../history/make-report.ts';
import { notCovered } from '../history/not-covered.ts';
import { reportPage } from '../history/report-page.ts';
import { reportText } from '../history/report-text.ts';
import type { Run } from '../run.ts';
import { type SubjectOptions, withWallet } from '../subjects/open-wallet.ts';
import { withEnds } from '../subjects/wallet.ts';
import { chosenConsent } from '../subjects/with-subject.ts';

type HistoryOptions = SubjectOptions & { readonly consent?: string; readonly html?: string };

const history = (context: Context, options: HistoryOptions): Promise<void> =>
  withChain(context.network(), (chain) =>
    withWallet(context, options, async (open) => {
      const consents =
        options.consent === undefined
          ? open.wallet.consents.filter(({ state }) => state !== 'made' && state !== 'lapsed')
          : [chosenConsent(open, options.consent)];
      const { report, seen } = await makeReport(context, chain, open.wallet, consents);
      if (seen.length > 0) await open.save(withEnds(open.wallet, seen));
      if (options.html !== undefined) {
        writeWhole(options.html, reportPage(report, chain.head(), context.options.lang));
        context.terminal.note(context.t(`written to ${options.html}`, `已写入 ${options.html}`));
      }
      const covered = notCovered.map(({ en, zh }) => context.t(en, zh));
      context.show({ ...report, notCovered: covered }, () => reportText(context, report));
      if (report.findings.length > 0) process.exitCode = exitStatus.refused;
      else if (report.consents.some(({ asked }) => asked.some(({ unread }) => unread !== undefined)))
        process.exitCode = exitStatus.unreachable;
    }),
  );

export const historyCommand = (program: Command, run: Run): void => {
  program
    .command('history')
    .description("every use of the subject's data under its consents, out of all logs, each proved against the chain")
    .requiredOption('--subject <name>', 'subject on this machine')
    .option('--consent <id>', 'only this one: id or its first digits')
    .option('--html <file>', 'also write a page to read, print and keep (--lang zh for Chinese)')
    .option('--passphrase-file <file>', 'passphrase, mode 0600 (default: $XINSHU_PASSPHRASE_FILE, else asked for)')
    .addHelpText(
      'after',
      `
Asks the log of the grantee and of every owner of a dataset named, for each consent given, withdrawn ones too, and says which it asked.
Where each log ends is signed by its member and remembered; the next history is held against it. For persons each gateway counts the
reports of a year; two are free.

Exit status 1 when an answer does not hold or a log leaves something out, 3 when a log could not be read.

Not covered:
${notCovered.map(({ en }) => `- ${en}`).join('\n')}

Examples:
  xinshu history --subject qinchuan
  xinshu --lang zh history --subject qinchuan --html history.html`,
    )
    .action(run(history));
};
