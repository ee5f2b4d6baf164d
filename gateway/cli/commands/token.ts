import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { createToken, readTokenList, revokeToken } from '../../adapters/tokens/token-file.ts';
import { isStaffName } from '../../domain/staff.ts';
import type { StaffRole } from '../../domain/vocabulary.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { parseCount, parseStaffRoles } from '../options.ts';
import { writeProfile } from '../profiles.ts';
import type { Run } from '../run.ts';
import { showTime } from '../table.ts';

type CreateOptions = {
  readonly dir: string;
  readonly staff: string;
  readonly roles: readonly StaffRole[];
  readonly days: number;
  readonly out?: string;
  readonly profile?: string;
  readonly gateway?: string;
};

const listOf = (folder: string): string => join(folder, 'tokens.json');

const addressOf = (folder: string): string => {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) throw usageFailure(`no config.json in ${folder} yet: say where the gateway is with --gateway`);
  const { client } = JSON.parse(readFileSync(path, 'utf8')) as { client: { host: string; port: number } };
  return `http://${client.host}:${client.port}`;
};

const create = async (context: Context, options: CreateOptions): Promise<void> => {
  if (!isStaffName(options.staff)) throw usageFailure('a staff name is 1 to 64 letters, digits, spaces and . _ @ -');
  const out = resolve(options.out ?? join(context.home, 'tokens', options.profile ?? options.staff.replaceAll(' ', '-')));
  const { token, entry } = createToken(
    listOf(options.dir),
    { name: options.staff, roles: options.roles, lifetimeMs: options.days * 86_400_000 },
    context.clock.now(),
    context.randomness,
  );
  writeWhole(out, `${token}\n`);
  if (options.profile !== undefined)
    writeProfile(context.home, options.profile, options.gateway ?? addressOf(options.dir), relative(context.home, out));
  const { hash: _hash, ...shown } = entry;
  context.show({ ...shown, file: out, profile: options.profile ?? null }, () =>
    context.pairs([
      [context.t('token', '令牌'), entry.id],
      [context.t('staff', '人员'), `${entry.staff} (${entry.roles.join(', ')})`],
      [context.t('until', '至'), showTime(Math.floor(entry.notAfter / 1000))],
      [context.t('written to', '已写入'), out],
      ...(options.profile === undefined ? [] : ([[context.t('use it with', '使用'), `--as ${options.profile}`]] as [string, string][])),
    ]),
  );
};

export const tokenCommands = (program: Command, run: Run): void => {
  const token = program.command('token').description('tokens of a gateway for staff and systems, made in its data folder');
  const dir = ['--dir <folder>', "the gateway's data folder"] as const;
  token
    .command('create')
    .description('make a token; it goes into a file, mode 0600, and is never shown')
    .requiredOption(...dir)
    .requiredOption('--staff <name>', 'whose it is; the audit log commits to this name')
    .requiredOption('--roles <list>', 'requester, reviewer, steward, auditor, operator', parseStaffRoles)
    .option('--days <n>', 'validity in days', parseCount, 90)
    .option('--out <file>', 'file for the token (default: tokens/NAME in the home folder)')
    .option('--profile <name>', 'also make a profile for --as')
    .option('--gateway <url>', "its gateway's address (default: from the data folder)")
    .addHelpText(
      'after',
      '\nExample:\n  xinshu token create --dir gateways/bank-changan --staff "Li Lei" --roles requester --profile bank.lilei',
    )
    .action(run(create));
  token
    .command('list')
    .description('tokens of a gateway')
    .requiredOption(...dir)
    .action(
      run(async (context: Context, options: { dir: string }) => {
        const now = context.clock.now();
        const tokens = readTokenList(listOf(options.dir)).tokens.map(({ hash: _hash, ...shown }) => ({
          ...shown,
          state: shown.revokedAt !== null ? 'revoked' : now >= shown.notAfter ? 'expired' : 'valid',
        }));
        context.show(tokens, () =>
          context.table(
            [
              context.t('token', '令牌'),
              context.t('staff', '人员'),
              context.t('roles', '角色'),
              context.t('until', '至'),
              context.t('state', '状态'),
            ],
            tokens.map(({ id, staff, roles, notAfter, state }) => [
              id,
              staff,
              roles.join(','),
              showTime(Math.floor(notAfter / 1000)),
              state,
            ]),
          ),
        );
      }),
    );
  token
    .command('revoke')
    .description('revoke a token; the running gateway refuses it from the next call on')
    .argument('<id>', 'as `token list` shows it')
    .requiredOption(...dir)
    .action(
      run(async (context: Context, id: string, options: { dir: string }) => {
        const { hash: _hash, ...shown } = revokeToken(listOf(options.dir), id, context.clock.now());
        context.show(shown, () => context.t(`revoked: ${id} of ${shown.staff}`, `已吊销：${shown.staff} 的 ${id}`));
      }),
    );
};
