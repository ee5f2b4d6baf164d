import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createKeystore } from '../../adapters/keys/create-keystore.ts';
import { createToken } from '../../adapters/tokens/token-file.ts';
import { checkConfig } from '../../config.ts';
import { isMemberId } from '../../domain/ids.ts';
import { type Role, type Sector, sectors } from '../../domain/vocabulary.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { parseCount, parseList, parseMemberRoles } from '../options.ts';
import { obtainPassphrase } from '../passphrase.ts';
import type { Run } from '../run.ts';
import { backupCommands } from './backup.ts';
import { doctorCommand } from './doctor.ts';
import { rotateCommand } from './rotate.ts';

type InitOptions = {
  readonly dir: string;
  readonly member: string;
  readonly name: string;
  readonly nameZh?: string;
  readonly sector: string;
  readonly roles: readonly Role[];
  readonly ledger?: string;
  readonly chainId?: number;
  readonly directory?: string;
  readonly host: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly endpoint?: string;
  readonly acceptIssuers?: readonly string[];
  readonly passphraseFile?: string;
};

/** The chain by the options, else by network.json; undefined when neither knows it yet. */
const chainOf = (context: Context, { ledger, chainId, directory }: InitOptions) => {
  if (ledger !== undefined && chainId !== undefined && directory !== undefined) return { url: ledger, chainId, directory };
  if (ledger !== undefined || chainId !== undefined || directory !== undefined)
    throw usageFailure('--ledger, --chain-id and --directory go together');
  if (!existsSync(join(context.home, 'network.json'))) return undefined;
  const network = context.network();
  return { url: network.ledger, chainId: network.chainId, directory: network.directory };
};

const configOf = (context: Context, options: InitOptions) => {
  const ledger = chainOf(context, options);
  if (ledger === undefined) return undefined;
  const { config, faults } = checkConfig({
    version: 1,
    member: options.member,
    ledger,
    client: { host: options.host, port: options.clientPort },
    peer: { host: options.host, port: options.peerPort },
    acceptedIssuers: (options.acceptIssuers ?? []).map((issuer) => ({ issuer, maxGrade: 5 })),
  });
  if (config === undefined)
    throw usageFailure(`these options make no good configuration: ${faults.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
  return config;
};

/** Each file is written once and whole; a second run after a crash goes on where the first stopped, and never makes new keys beside old ones. */
const init = async (context: Context, options: InitOptions): Promise<void> => {
  const folder = resolve(options.dir);
  if (!isMemberId(options.member)) throw usageFailure('--member is 1 to 31 of a-z, 0-9, . and -');
  if (!(sectors as readonly string[]).includes(options.sector)) throw usageFailure(`--sector is one of ${sectors.join(', ')}`);
  const config = configOf(context, options);
  const at = (name: string): string => join(folder, name);
  if (existsSync(at('tokens.json'))) throw usageFailure(`${folder} is a gateway's data folder already`);
  if (!existsSync(at('passphrase'))) {
    const own = options.passphraseFile !== undefined || context.terminal.interactive;
    const passphrase = own
      ? await obtainPassphrase(options.passphraseFile, context.terminal, true)
      : Buffer.from(context.randomness.bytes(32)).toString('base64url');
    writeWhole(at('passphrase'), `${passphrase}\n`);
  }
  const passphrase = await obtainPassphrase(at('passphrase'), context.terminal, false);
  if (!existsSync(at('member.json'))) {
    if (existsSync(at('keystore.jwe'))) throw usageFailure(`${folder} holds a keystore without its member.json; nothing was changed`);
    const { member: id, name, roles } = options;
    const endpoint = options.endpoint ?? `https://${options.host}:${options.peerPort}`;
    await createKeystore(
      folder,
      { id, name, nameZh: options.nameZh ?? name, sector: options.sector as Sector, roles, endpoint },
      passphrase,
      context.clock.now(),
    );
  }
  if (config !== undefined && !existsSync(at('config.json'))) writeWhole(at('config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const { token } = createToken(
    at('tokens.json'),
    { name: 'operator', roles: ['operator'], lifetimeMs: 365 * 86_400_000 },
    context.clock.now(),
    context.randomness,
  );
  writeWhole(at('operator.token'), `${token}\n`);
  context.show({ folder, member: options.member, memberFile: at('member.json'), operatorToken: at('operator.token') }, () =>
    [
      context.pairs([
        [context.t('data folder', '数据目录'), folder],
        [context.t('for the consortium', '提交联盟'), at('member.json')],
        [context.t('operator token', '运维令牌'), at('operator.token')],
      ]),
      ...(existsSync(at('config.json'))
        ? []
        : [
            context.t(
              'config.json is not written: the chain is not known here yet (see docs/operations.md)',
              '尚未写入 config.json：链信息未知（见 docs/operations.md）',
            ),
          ]),
      context.t(
        `Next: hand member.json to the consortium; when it is admitted:  xinshu gateway run --dir ${options.dir}`,
        `下一步：将 member.json 提交联盟；获准入后执行  xinshu gateway run --dir ${options.dir}`,
      ),
    ].join('\n'),
  );
};

/** In this process, so that whoever watches or kills it has the gateway itself in hand. */
const start = async (_context: Context, options: { dir: string }): Promise<void> => {
  if (!existsSync(join(options.dir, 'config.json')))
    throw usageFailure(`no config.json in ${options.dir}: not a gateway's data folder, or not configured yet`);
  // Not at the top: what a gateway loads would slow down every other command.
  const { serveGateway } = await import('../../serve-gateway.ts');
  await serveGateway(resolve(options.dir));
};

export const gatewayCommands = (program: Command, run: Run): void => {
  const gateway = program.command('gateway').description("an institution's gateway");
  gateway
    .command('init')
    .description("make a gateway's data folder: keys, member.json, configuration, first operator token")
    .requiredOption('--dir <folder>', 'data folder to make')
    .requiredOption('--member <id>', 'id of the institution, for example bank-changan')
    .requiredOption('--name <text>', 'its name')
    .option('--name-zh <text>', 'its Chinese name')
    .requiredOption('--sector <word>', sectors.join(', '))
    .requiredOption('--roles <list>', 'provider, consumer, issuer, auditor, regulator, council, operator', parseMemberRoles)
    .option('--ledger <url>', 'JSON-RPC address of a node (default: of network.json; unknown yet: config.json is left to be written)')
    .option('--chain-id <n>', 'chain id', parseCount)
    .option('--directory <address>', 'address of the Directory contract')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--client-port <n>', 'port for own systems', parseCount, 18800)
    .option('--peer-port <n>', 'port for other gateways', parseCount, 18830)
    .option('--endpoint <url>', 'where other gateways reach it (default: https://HOST:PEER-PORT)')
    .option('--accept-issuers <list>', 'issuers whose credentials are believed for all grades', parseList)
    .option('--passphrase-file <file>', 'passphrase of the keystore, mode 0600; asked for on a terminal, else a random one is made')
    .addHelpText(
      'after',
      '\nThe passphrase is kept in DIR/passphrase (0600), which the gateway reads at its start.\n\nExample:\n  xinshu gateway init --dir bank --member bank-changan --name "Chang\'an Bank" --sector finance --roles consumer,issuer \\\n    --ledger http://127.0.0.1:8545 --chain-id 619900 --directory 0x…',
    )
    .action(run(init));
  rotateCommand(gateway, run);
  backupCommands(gateway, run);
  doctorCommand(gateway, run);
  gateway.command('run').description('run a gateway until Ctrl-C').requiredOption('--dir <folder>', 'its data folder').action(run(start));
};
