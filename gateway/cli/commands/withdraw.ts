import type { Command } from 'commander';
import { Wallet as EthersWallet } from 'ethers';
import { consentDomain, withdrawalTypes } from '../../domain/consent-typed-data.ts';
import type { Hex } from '../../domain/ids.ts';
import { awaitView, withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus } from '../failure.ts';
import type { Run } from '../run.ts';
import { type SubjectOptions, withWallet } from '../subjects/open-wallet.ts';
import { type WalletConsent, withConsent } from '../subjects/wallet.ts';
import { chosenConsent } from '../subjects/with-subject.ts';

const finalMs = 30_000;

/** Every party is told, so that each stops at once, whoever's transaction gets the withdrawal on chain. */
const withdraw = (context: Context, options: SubjectOptions & { readonly consent?: string }): Promise<void> =>
  withChain(context.network(), (chain) =>
    withWallet(context, options, async (open) => {
      const consent = chosenConsent(open, options.consent);
      const leaving: WalletConsent = { ...consent, state: 'withdrawing', amendment: undefined };
      await open.save(withConsent(open.wallet, leaving));
      const domain = consentDomain(chain.chainId, chain.address('consent-registry'));
      const signature = (await new EthersWallet(consent.privateKey).signTypedData(domain, withdrawalTypes, { consent: consent.id })) as Hex;
      const isOver = (): boolean =>
        chain.head().consent(consent.id)?.state === 'withdrawn' || chain.head().consentBarred(consent.id, consent.message.key);
      const told = await Promise.all(
        consent.parties.map(async (member) => {
          try {
            await context
              .publicGateway(member)
              .post('/v1/subject/withdrawals', { consent: consent.id, key: consent.message.key, signature });
            return { member, stopped: true, reason: '' };
          } catch (failure) {
            return { member, stopped: false, reason: failure instanceof CliFailure ? failure.code : String(failure) };
          }
        }),
      );
      const final = isOver() || (told.some(({ stopped }) => stopped) && (await awaitView(chain, finalMs, isOver)) !== undefined);
      if (!final)
        throw new CliFailure(
          exitStatus.unreachable,
          'WITHDRAWAL_PENDING',
          context.t('the withdrawal is not on chain yet; run the command again', '撤回尚未上链，请重新执行'),
          { consent: consent.id, told },
        );
      await open.save(withConsent(open.wallet, { ...leaving, state: 'withdrawn' }));
      context.show({ consent: consent.id, state: 'withdrawn', block: chain.head().block.number, told }, () =>
        [
          context.t(`withdrawn for ever: ${consent.id}`, `已永久撤回：${consent.id}`),
          context.pairs(
            told.map(({ member, stopped, reason }): [string, string] => [
              member,
              stopped
                ? context.t('stopped', '已停止')
                : context.t(`not told (${reason}); the chain tells it`, `未通知到（${reason}），以链上为准`),
            ]),
          ),
        ].join('\n'),
      );
    }),
  );

export const withdrawCommand = (program: Command, run: Run): void => {
  program
    .command('withdraw')
    .description('withdraw a consent for ever; every gateway named in it is told at once')
    .requiredOption('--subject <name>', 'subject on this machine')
    .option('--consent <id>', 'id or its first digits; needed when there is more than one')
    .option('--passphrase-file <file>', 'passphrase, mode 0600 (default: $XINSHU_PASSPHRASE_FILE, else asked for)')
    .addHelpText('after', '\nExample:\n  xinshu withdraw --subject qinchuan')
    .action(run(withdraw));
};
