import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { Wallet as EthersWallet } from 'ethers';
import type { Address } from '../../domain/ids.ts';
import { parseSubject, subjectTypes } from '../../domain/subject.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { parseSubjectOption } from '../options.ts';
import { obtainPassphrase } from '../passphrase.ts';
import type { Run } from '../run.ts';
import { readCard, type SubjectCard } from '../subjects/card.ts';
import { freshKey } from '../subjects/make-consent.ts';
import { withWallet } from '../subjects/open-wallet.ts';
import { lockWallet, walletNames, walletPaths, writeWallet } from '../subjects/wallet-file.ts';
import { showTime } from '../table.ts';

type NewOptions = { readonly code: { type: string; code: string }; readonly passphraseFile?: string };

const newSubject = async (context: Context, name: string, options: NewOptions): Promise<void> => {
  const subject = parseSubject(options.code.type, options.code.code);
  if (!subject.ok)
    throw new CliFailure(
      exitStatus.refused,
      subject.refusal.code,
      context.t('the code is not valid for this type', '代码与主体类型不符'),
      subject.refusal.detail,
    );
  const paths = walletPaths(context.home, name);
  const passphrase = await obtainPassphrase(options.passphraseFile ?? process.env.XINSHU_PASSPHRASE_FILE, context.terminal, true);
  mkdirSync(dirname(paths.lock), { recursive: true, mode: 0o700 });
  const unlock = lockWallet(paths.lock);
  try {
    if (existsSync(paths.wallet)) throw usageFailure(`there is a subject ${name} already; its key is never overwritten`);
    const privateKey = freshKey(context.randomness);
    const address = new EthersWallet(privateKey).address as Address;
    await writeWallet(
      paths.wallet,
      { version: 1, name, subject: subject.value, privateKey, address, credentials: [], consents: [] },
      passphrase,
    );
    const card: SubjectCard = { version: 1, name, subject: subject.value, key: address };
    writeWhole(paths.card, `${JSON.stringify(card, null, 2)}\n`);
    context.show(card, () =>
      [
        context.pairs([
          [context.t('subject', '主体'), name],
          [context.t('key', '密钥地址'), address],
          [context.t('kept in', '保存于'), paths.wallet],
        ]),
        context.t(
          `Next: an issuer checks you and runs  xinshu credential issue --as ISSUER.steward --subject ${name}`,
          `下一步：由签发机构核验身份后执行  xinshu credential issue --as ISSUER.steward --subject ${name}`,
        ),
      ].join('\n'),
    );
  } finally {
    unlock();
  }
};

export const subjectCommands = (program: Command, run: Run): void => {
  const subject = program.command('subject').description('a subject and its key, kept on this machine');
  subject
    .command('new')
    .argument('<name>', 'name on this machine')
    .requiredOption('--code <TYPE:CODE>', `type and code; types: ${Object.keys(subjectTypes).join(', ')}`, parseSubjectOption)
    .option('--passphrase-file <file>', 'passphrase, mode 0600 (default: $XINSHU_PASSPHRASE_FILE, else asked for)')
    .description('make a subject key')
    .addHelpText('after', '\nExample:\n  xinshu subject new qinchuan --code enterprise:91619900MA00000000')
    .action(run(newSubject));
  subject
    .command('list')
    .description('subjects on this machine')
    .action(
      run(async (context: Context) => {
        const cards = walletNames(context.home).map((name) => readCard(context.home, name));
        context.show(cards, () =>
          context.table(
            [context.t('name', '名称'), context.t('type', '类型'), context.t('key', '密钥地址')],
            cards.map(({ name, subject: { type }, key }) => [name, type, key]),
          ),
        );
      }),
    );
  subject
    .command('show')
    .argument('<name>')
    .option('--passphrase-file <file>', 'passphrase, mode 0600')
    .description('a subject, its credentials and how many consents it gave')
    .action(
      run(async (context: Context, name: string, options: { passphraseFile?: string }) =>
        withWallet(context, { ...options, subject: name }, async ({ wallet }) => {
          const credentials = wallet.credentials.map(({ claims: { id, iss, grade, nbf, exp } }) => ({
            id,
            issuer: iss,
            grade,
            notBefore: nbf,
            notAfter: exp,
          }));
          context.show({ name, subject: wallet.subject, key: wallet.address, credentials, consents: wallet.consents.length }, () =>
            context.pairs([
              [context.t('subject', '主体'), `${wallet.subject.type} ${wallet.subject.code}`],
              [context.t('key', '密钥地址'), wallet.address],
              [context.t('consents', '授权数'), String(wallet.consents.length)],
              ...credentials.map(({ id, issuer, grade, notAfter }): [string, string] => [
                context.t('credential', '凭证'),
                context.t(
                  `${id} by ${issuer}, assurance ${grade}, until ${showTime(notAfter)}`,
                  `${id}，${issuer} 签发，核验等级 ${grade}，至 ${showTime(notAfter)}`,
                ),
              ]),
            ]),
          );
        }),
      ),
    );
};
