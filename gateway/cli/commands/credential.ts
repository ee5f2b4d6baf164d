import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { parseCount, parseId, parseSubjectOption } from '../options.ts';
import type { Run } from '../run.ts';
import { readCard } from '../subjects/card.ts';
import { readCredential, withWallet } from '../subjects/open-wallet.ts';
import { walletPaths } from '../subjects/wallet-file.ts';
import { showTime } from '../table.ts';

type IssueOptions = {
  readonly subject?: string;
  readonly code?: { type: string; code: string };
  readonly key?: string;
  readonly grade: number;
  readonly method: string;
  readonly days: number;
  readonly out?: string;
};
type Issued = { readonly id: string; readonly credential: string; readonly notAfter: number };

const issue = async (context: Context, options: IssueOptions): Promise<void> => {
  const card = options.subject === undefined ? undefined : readCard(context.home, options.subject);
  const subject = card?.subject ?? options.code;
  const key = card?.key ?? options.key;
  if (subject === undefined || key === undefined)
    throw usageFailure('name the subject: --subject NAME, or --code TYPE:CODE with --key ADDRESS');
  const issued = await context
    .gateway()
    .post<Issued>('/v1/credentials', { subject, key, grade: options.grade, method: options.method, validDays: options.days });
  const out = options.out ?? (card === undefined ? undefined : join(walletPaths(context.home, card.name).inbox, `${issued.id}.jws`));
  if (out !== undefined) writeWhole(out, `${issued.credential}\n`);
  context.show({ ...issued, file: out }, () =>
    [
      context.pairs([
        [context.t('credential', '凭证'), issued.id],
        [context.t('valid until', '有效期至'), showTime(issued.notAfter)],
        ...(out === undefined ? [] : ([[context.t('handed over in', '已存入'), out]] as const)),
      ]),
      ...(out === undefined ? [issued.credential] : []),
    ].join('\n'),
  );
};

export const credentialCommands = (program: Command, run: Run): void => {
  const credential = program.command('credential').description('credentials: an issuer states whose a key is');
  credential
    .command('issue')
    .description('issue a credential after checking the person (steward of an issuer)')
    .option('--subject <name>', 'subject on this machine; the credential goes to its inbox')
    .option('--code <TYPE:CODE>', 'subject elsewhere, with --key', parseSubjectOption)
    .option('--key <address>', 'its key address')
    .option('--grade <1-3>', 'how firmly it was checked: 1 documents, 2 official register, 3 in person', parseCount, 3)
    .option('--method <text>', 'how it was checked', 'in-person')
    .option('--days <n>', 'validity in days', parseCount, 365)
    .option('--out <file>', 'write the credential here')
    .addHelpText('after', '\nExample:\n  xinshu credential issue --as gov.steward --subject qinchuan')
    .action(run(issue));
  credential
    .command('revoke')
    .description('revoke a credential on chain; every consent under it stops (steward of its issuer)')
    .argument('<id>', 'id of the credential', parseId)
    .action(
      run(async (context: Context, id: string) => {
        const revoked = await context.gateway().post<{ block: number }>(`/v1/credentials/${id}/revoke`);
        context.show(revoked, () => context.t(`revoked in block ${revoked.block}`, `已在区块 ${revoked.block} 吊销`));
      }),
    );
  credential
    .command('list')
    .description('credentials this institution issued')
    .action(
      run(async (context: Context) => {
        const { credentials } = await context
          .gateway()
          .get<{ credentials: { id: string; grade: number; method: string; notAfter: number; revoked: boolean }[] }>('/v1/credentials');
        context.show(credentials, () =>
          context.table(
            [
              context.t('credential', '凭证'),
              context.t('grade', '等级'),
              context.t('method', '方式'),
              context.t('until', '至'),
              context.t('state', '状态'),
            ],
            credentials.map(({ id, grade, method, notAfter, revoked }) => [
              id,
              String(grade),
              method,
              showTime(notAfter),
              revoked ? context.t('revoked', '已吊销') : context.t('issued', '已签发'),
            ]),
          ),
        );
      }),
    );
  credential
    .command('import')
    .description('take a credential file into a subject')
    .argument('<file>')
    .requiredOption('--subject <name>')
    .option('--passphrase-file <file>', 'passphrase, mode 0600')
    .action(
      run(async (context: Context, file: string, options: { subject: string; passphraseFile?: string }) =>
        withWallet(context, options, async (open) => {
          const imported = readCredential(readFileSync(file, 'utf8').trim(), open.wallet);
          if (!open.wallet.credentials.some(({ claims }) => claims.id === imported.claims.id))
            await open.save({ ...open.wallet, credentials: [...open.wallet.credentials, imported] });
          context.show({ id: imported.claims.id, issuer: imported.claims.iss }, () =>
            context.t(
              `credential ${imported.claims.id} of ${imported.claims.iss} is in`,
              `已导入 ${imported.claims.iss} 签发的凭证 ${imported.claims.id}`,
            ),
          );
        }),
      ),
    );
};
