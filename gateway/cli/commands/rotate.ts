import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { addKeys, type KeyKind, keyKinds } from '../../adapters/keys/add-keys.ts';
import { readPassphrase } from '../../adapters/keys/passphrase-file.ts';
import type { Hex } from '../../domain/ids.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import type { Run } from '../run.ts';

const parseKinds = (text: string): KeyKind[] => {
  const kinds = text.split(',');
  const wrong = kinds.find((kind) => !(keyKinds as readonly string[]).includes(kind));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no kind of key; there are ${keyKinds.join(', ')}`);
  return kinds as KeyKind[];
};

const parseHalf = (text: string, before: Hex[] | undefined): Hex[] => {
  if (!/^0x[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError('the public half of a key, as `xinshu members --json` shows it');
  return [...(before ?? []), text as Hex];
};

type RotateOptions = { readonly dir: string; readonly keys?: readonly KeyKind[]; readonly retire?: readonly Hex[] };

const rotate = async (context: Context, { dir, keys = [], retire = [] }: RotateOptions): Promise<void> => {
  if (keys.length === 0 && retire.length === 0) throw usageFailure('say which keys: --keys sign,seal,note,tls,account, or --retire KEY');
  const passphrase = await readPassphrase(join(dir, 'passphrase'));
  const made = await addKeys(join(dir, 'keystore.jwe'), passphrase, keys, retire, context.clock.now());
  const account = keys.includes('account') ? [['account', ''] as const] : [];
  context.show({ made, account: account.length > 0, retire }, () =>
    [
      context.table(
        [context.t('made', '新密钥'), context.t('public half', '公钥')],
        [...made.map(({ purpose, data }) => [purpose, data]), ...account],
      ),
      context.t(
        'The gateway adds them to the registry, uses them once everyone has seen them, and retires those before; its log says each step.',
        '网关将登记新密钥，待各方可见后启用，随后停用旧密钥；各步骤见日志。',
      ),
    ].join('\n'),
  );
};

export const rotateCommand = (gateway: Command, run: Run): void => {
  gateway
    .command('rotate')
    .description('make new keys; the gateway rolls over to them while it runs, or at its next start')
    .requiredOption('--dir <folder>', "the gateway's data folder")
    .option('--keys <list>', keyKinds.join(', '), parseKinds)
    .option('--retire <key>', 'retire this public half now that a newer one is there: a lost key, or the Sign key of an issuer', parseHalf)
    .addHelpText(
      'after',
      "\nOld keys stay in the keystore, to open what was sealed to them. Back the keystore up again afterwards.\nAn issuer's old Sign key is retired only with --retire: credentials hold only while the key they were signed with is in force.\n\nExample:\n  xinshu gateway rotate --dir gateways/bank-changan --keys sign,seal,note,tls,account",
    )
    .action(run(rotate));
};
