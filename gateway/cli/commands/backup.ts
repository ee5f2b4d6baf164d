import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readKeystore } from '../../adapters/keys/keystore-file.ts';
import { readBackupFile } from '../../adapters/store/backup-file.ts';
import { restoreBackup } from '../../adapters/store/restore-backup.ts';
import { XinshuError } from '../../domain/errors.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { obtainPassphrase } from '../passphrase.ts';
import type { Run } from '../run.ts';
import { showTime } from '../table.ts';

type Made = { readonly folder: string; readonly openingKeys: string; readonly size: number; readonly root: string };

const backup = async (context: Context): Promise<void> => {
  const made = await context.gateway().post<Made>('/v1/backups', undefined);
  context.show(made, () =>
    [
      context.pairs([
        [context.t('backup', '备份'), made.folder],
        [context.t('keys of what is sealed', '开启密钥'), made.openingKeys],
        [context.t('log', '日志'), `${made.size} ${made.root}`],
      ]),
      context.t(
        'Move both off this machine, to two places; keep the keys 30 days at most. The passphrase is in neither.',
        '请将两者移至本机之外的两处；开启密钥副本最多保存 30 日。口令不在其中。',
      ),
    ].join('\n'),
  );
};

type RestoreOptions = { readonly from: string; readonly keys?: string; readonly dir: string; readonly passphraseFile?: string };

const restore = async (context: Context, { from, keys, dir, passphraseFile }: RestoreOptions): Promise<void> => {
  const to = resolve(dir);
  if (existsSync(to)) throw usageFailure(`${to} is there already: restore into a folder that is not`);
  if (keys !== undefined && !existsSync(join(keys, 'CURRENT'))) throw usageFailure(`no copy of opening keys in ${keys}`);
  const { member } = await readBackupFile(from);
  const passphrase = await obtainPassphrase(passphraseFile, context.terminal, false);
  const told = await restoreBackup({
    from,
    openingKeys: keys,
    to,
    passphrase,
    randomness: context.randomness,
    check: async (draft) => {
      const held = await readKeystore(join(draft, 'keystore.jwe'), passphrase);
      if (held.member !== member) throw new XinshuError('BACKUP_INVALID', { folder: from, keystore: held.member });
    },
  });
  const facts = { folder: to, member, size: told.size, root: told.root, at: told.at, openingKeys: keys !== undefined };
  context.show(facts, () =>
    [
      context.pairs([
        [context.t('restored', '已恢复'), to],
        [context.t('as of', '备份时间'), showTime(Math.floor(told.at / 1000))],
        [context.t('log', '日志'), `${told.size} ${told.root}`],
      ]),
      context.t(
        'At its start the gateway asks the chain and every active member what they have seen of this log, and serves only if it holds all of it.',
        '网关启动时将向链及每个在任成员核对其所见的日志，仅在全部持有时提供服务。',
      ),
    ].join('\n'),
  );
};

export const backupCommands = (gateway: Command, run: Run): void => {
  gateway
    .command('backup')
    .description('copy the folder of the running gateway of --as (operator), in its `backups`; the copy is checked')
    .addHelpText('after', '\nExample:\n  xinshu gateway backup --as bank.operator')
    .action(run(backup));
  gateway
    .command('restore')
    .description("make a gateway's data folder from a backup")
    .requiredOption('--from <folder>', 'the backup')
    .option('--keys <folder>', 'the copy of its opening keys; without it, what is sealed stays closed')
    .requiredOption('--dir <folder>', 'data folder to make')
    .option('--passphrase-file <file>', 'passphrase of its keystore, mode 0600; else it is asked for')
    .action(run(restore));
};
