import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { parseCount, parseMoment, parseOperations, parseScope } from '../options.ts';
import type { Run } from '../run.ts';
import type { SubjectOptions } from '../subjects/open-wallet.ts';
import { present, showOne } from '../subjects/present-consent.ts';
import { chosenConsent, withSubject } from '../subjects/with-subject.ts';
import { shortHex, showTime } from '../table.ts';
import { amend, give, renew } from './sign-consent.ts';

export const consentCommands = (program: Command, run: Run): void => {
  const consent = program.command('consent').description('consents of a subject on this machine');
  const passphrase = ['--passphrase-file <file>', 'passphrase, mode 0600 (default: $XINSHU_PASSPHRASE_FILE, else asked for)'] as const;
  const subject = ['--subject <name>', 'subject on this machine'] as const;
  const scope = ['--scope <DATASET[:fields]>', 'dataset and fields; repeat for more; without fields: all of them'] as const;
  consent
    .command('give')
    .description('sign a consent with a fresh key, and have it recorded on chain')
    .requiredOption(...subject)
    .requiredOption('--to <member>', 'grantee')
    .requiredOption(...scope, parseScope)
    .requiredOption('--purpose <code>', 'purpose, for example loan-approval')
    .option('--operations <words>', 'raw, score, verify, sandbox', parseOperations, ['raw'])
    .option('--days <n>', 'validity in days', parseCount, 30)
    .option('--until <date>', 'or its end', parseMoment)
    .option('--uses <n>', 'most uses of each dataset', parseCount, 10)
    .option('--yes', 'sign without asking')
    .option(...passphrase)
    .addHelpText(
      'after',
      '\nExample:\n  xinshu consent give --subject qinchuan --to bank-changan --scope grid-qinchuan.electricity:period,kWh --purpose loan-approval --days 30 --uses 3',
    )
    .action(run(give));
  consent
    .command('amend')
    .description('narrow a consent: fewer fields, operations, days or uses')
    .requiredOption(...subject)
    .option('--consent <id>', 'id or its first digits')
    .option(...scope, parseScope)
    .option('--operations <words>', 'operations that remain', parseOperations)
    .option('--until <date>', 'earlier end', parseMoment)
    .option('--uses <n>', 'fewer uses', parseCount)
    .option('--yes', 'sign without asking')
    .option(...passphrase)
    .action(run(amend));
  consent
    .command('renew')
    .description('replace a consent by a new one of the same key')
    .requiredOption(...subject)
    .option('--consent <id>', 'id or its first digits')
    .option(...scope, parseScope)
    .option('--days <n>', 'validity in days', parseCount, 30)
    .option('--until <date>', 'or its end', parseMoment)
    .option('--uses <n>', 'most uses of each dataset', parseCount, 10)
    .option('--yes', 'sign without asking')
    .option(...passphrase)
    .action(run(renew));
  consent
    .command('list')
    .description('consents of a subject, with their state on chain')
    .requiredOption(...subject)
    .option(...passphrase)
    .action(
      run((context: Context, options: SubjectOptions) =>
        withSubject(context, options, async ({ open, chain }) => {
          const list = open.wallet.consents.map((known) => present(known, chain.head()));
          context.show(list, () =>
            context.table(
              [
                context.t('consent', '授权'),
                context.t('state', '状态'),
                context.t('grantee', '被授权方'),
                context.t('datasets', '数据集'),
                context.t('purpose', '用途'),
                context.t('until', '至'),
              ],
              list.map((known) => [
                shortHex(known.consent),
                known.state,
                known.grantee,
                known.scopes.map(({ dataset }) => dataset).join(' '),
                known.purpose,
                showTime(known.notAfter),
              ]),
            ),
          );
        }),
      ),
    );
  consent
    .command('show')
    .description('one consent')
    .argument('[id]', 'id or its first digits')
    .requiredOption(...subject)
    .option(...passphrase)
    .action(
      run((context: Context, id: string | undefined, options: SubjectOptions) =>
        withSubject(context, options, async ({ open, chain }) => {
          const shown = present(chosenConsent(open, id), chain.head());
          context.show(shown, () => showOne(context, shown));
        }),
      ),
    );
};
