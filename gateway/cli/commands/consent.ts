import type { Command } from 'commander';
import { Wallet as EthersWallet } from 'ethers';
import { amendmentTypes, consentDomain } from '../../domain/consent-typed-data.ts';
import type { DatasetId, Hex, MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Operation } from '../../domain/vocabulary.ts';
import { type Chain, withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import { parseCount, parseMoment, parseOperations, parseScope, type ScopeOption } from '../options.ts';
import type { Run } from '../run.ts';
import { consentText } from '../subjects/consent-text.ts';
import { deliverAmendment, deliverConsent } from '../subjects/finish-consents.ts';
import { type ConsentTerms, draftConsent, signConsent } from '../subjects/make-consent.ts';
import { type OpenWallet, type SubjectOptions, withWallet } from '../subjects/open-wallet.ts';
import { credentialInForce, findConsent, type WalletConsent, withConsent } from '../subjects/wallet.ts';
import { shortHex, showTime } from '../table.ts';

/** How long a signed consent may be recorded, in seconds: long enough for a gateway that is down for a while. */
const recordWithin = 3600;

type Opened = { readonly context: Context; readonly open: OpenWallet; readonly chain: Chain };

/** Opens wallet and chain, and first completes what an earlier run left half-done. */
export const withSubject = <T>(
  context: Context,
  options: SubjectOptions,
  work: (opened: Opened & { readonly completed: readonly WalletConsent[] }) => Promise<T>,
): Promise<T> =>
  withChain(context.network(), (chain) =>
    withWallet(context, options, async (open) => {
      const completed: WalletConsent[] = [];
      for (const consent of open.wallet.consents) {
        if (consent.state === 'made') completed.push(await deliverConsent(context, open, consent, chain));
        else if (consent.amendment !== undefined) completed.push(await deliverAmendment(context, open, consent, chain));
      }
      for (const { id, state } of completed)
        context.terminal.note(
          context.t(`completed what an earlier run began: ${id} (${state})`, `已完成此前未办结的事项：${id}（${state}）`),
        );
      return work({ context, open, chain, completed });
    }),
  );

const scopesOf = (asked: readonly ScopeOption[], view: RegistryView): ConsentTerms['scopes'] =>
  asked.map(({ dataset, fields }) => {
    const known = view.dataset(dataset as DatasetId);
    if (known === undefined) throw usageFailure(`no dataset ${dataset} on chain`);
    return { dataset, fields: [...(fields ?? known.fields.map(({ name }) => name))] };
  });

export const chosenConsent = (open: OpenWallet, beginning: string | undefined): WalletConsent => {
  const live = open.wallet.consents.filter(({ state }) => state === 'given' || state === 'withdrawing');
  const chosen = beginning === undefined ? (live.length === 1 ? live[0] : undefined) : findConsent(open.wallet, beginning);
  if (chosen === undefined)
    throw usageFailure(
      beginning === undefined ? 'name the consent: --consent ID (its first digits do)' : `no single consent begins with ${beginning}`,
    );
  return chosen;
};

const agree = async (context: Context, text: string, yes: boolean | undefined): Promise<void> => {
  context.terminal.note(text);
  if (yes === true) return;
  const answer = await context.terminal.ask(context.t('\nSign this? [y/N] ', '\n是否签署？[y/N] '));
  if (!/^(y|yes|是)$/i.test(answer.trim()))
    throw new CliFailure(exitStatus.refused, 'NOT_SIGNED', context.t('nothing was signed', '未签署'));
};

const present = (consent: WalletConsent, view: RegistryView) => {
  const onChain = view.consent(consent.id);
  const { grantee, purpose, operations, notBefore, notAfter, maxUses, scopes } = { ...consent.message, ...onChain };
  const ended = onChain?.state === 'given' && view.block.time >= notAfter;
  return {
    consent: consent.id,
    state: ended ? 'expired' : (onChain?.state ?? consent.state),
    grantee,
    scopes,
    purpose,
    operations,
    notBefore,
    notAfter,
    maxUses,
    revision: onChain?.revision ?? 0,
  };
};

const showOne = (context: Context, shown: ReturnType<typeof present>): string =>
  context.pairs([
    [context.t('consent', '授权'), shown.consent],
    [context.t('state', '状态'), shown.state],
    [context.t('grantee', '被授权方'), shown.grantee],
    ...shown.scopes.map(({ dataset, fields }): [string, string] => [context.t('data', '数据'), `${dataset}: ${fields.join(', ')}`]),
    [context.t('purpose', '用途'), `${shown.purpose} (${shown.operations.join(', ')})`],
    [context.t('valid', '有效期'), `${showTime(shown.notBefore)} – ${showTime(shown.notAfter)}`],
    [context.t('uses', '次数'), context.t(`at most ${shown.maxUses} for each dataset`, `每个数据集最多 ${shown.maxUses} 次`)],
    [context.t('revision', '修订'), String(shown.revision)],
  ]);

type TermOptions = SubjectOptions & {
  readonly to?: string;
  readonly scope?: readonly ScopeOption[];
  readonly purpose?: string;
  readonly operations: readonly Operation[];
  readonly until?: number;
  readonly days: number;
  readonly uses: number;
  readonly consent?: string;
  readonly yes?: boolean;
};

const sign = async (
  { context, open, chain }: Opened,
  terms: ConsentTerms,
  renews: WalletConsent | undefined,
  yes: boolean | undefined,
): Promise<void> => {
  const view = chain.head();
  const credential = credentialInForce(open.wallet, view.block.time);
  if (credential === undefined)
    throw new CliFailure(
      exitStatus.refused,
      'CREDENTIAL_EXPIRED',
      context.t('this subject holds no credential in force; an issuer must issue one first', '该主体没有有效凭证，须先由签发机构签发'),
    );
  const draft = draftConsent(open.wallet, terms, renews, view.block.time + recordWithin, context.randomness);
  await agree(context, consentText(draft.message, open.wallet.subject, view, context.options.lang), yes);
  const made = await signConsent(draft, open.wallet, credential, chain, context.randomness);
  // On disk before it is sent: a key that is lost could never withdraw.
  await open.save(withConsent(open.wallet, made));
  const given = await deliverConsent(context, open, made, chain);
  context.show(present(given, chain.head()), () => showOne(context, present(given, chain.head())));
};

const give = (context: Context, options: TermOptions): Promise<void> =>
  withSubject(context, options, async (opened) => {
    const view = opened.chain.head();
    if (options.to === undefined || options.scope === undefined || options.purpose === undefined)
      throw usageFailure('a consent needs --to, --scope and --purpose');
    const terms: ConsentTerms = {
      grantee: options.to as MemberId,
      scopes: scopesOf(options.scope, view),
      purpose: options.purpose,
      operations: options.operations,
      notBefore: view.block.time,
      notAfter: options.until ?? view.block.time + options.days * 86_400,
      maxUses: options.uses,
    };
    const same = opened.completed.find(
      ({ state, message }) =>
        state === 'given' &&
        message.grantee === terms.grantee &&
        message.purpose === terms.purpose &&
        JSON.stringify(message.scopes) === JSON.stringify(terms.scopes),
    );
    if (same !== undefined) {
      context.show(present(same, view), () => showOne(context, present(same, opened.chain.head())));
      return;
    }
    await sign(opened, terms, undefined, options.yes);
  });

const renew = (context: Context, options: TermOptions): Promise<void> =>
  withSubject(context, options, async (opened) => {
    const old = chosenConsent(opened.open, options.consent);
    const view = opened.chain.head();
    const { message } = old;
    await sign(
      opened,
      {
        grantee: message.grantee,
        scopes: options.scope === undefined ? message.scopes : scopesOf(options.scope, view),
        purpose: message.purpose,
        operations: message.operations,
        notBefore: view.block.time,
        notAfter: options.until ?? view.block.time + options.days * 86_400,
        maxUses: options.uses,
      },
      old,
      options.yes,
    );
  });

const amend = (context: Context, options: Partial<TermOptions> & SubjectOptions): Promise<void> =>
  withSubject(context, options, async ({ open, chain }) => {
    const consent = chosenConsent(open, options.consent);
    const current = chain.head().consent(consent.id);
    if (current === undefined || current.state !== 'given')
      throw new CliFailure(exitStatus.refused, 'CONSENT_UNKNOWN', context.t('that consent is not live', '该授权当前无效'), {
        consent: consent.id,
      });
    const message = {
      consent: consent.id,
      revision: current.revision + 1,
      scopes: options.scope === undefined ? current.scopes : scopesOf(options.scope, chain.head()),
      operations: options.operations ?? current.operations,
      notAfter: options.until ?? current.notAfter,
      maxUses: options.uses ?? current.maxUses,
      deadline: chain.head().block.time + recordWithin,
    };
    await agree(
      context,
      consentText({ ...consent.message, ...message }, open.wallet.subject, chain.head(), context.options.lang),
      options.yes,
    );
    const domain = consentDomain(chain.chainId, chain.address('consent-registry'));
    const signature = (await new EthersWallet(consent.privateKey).signTypedData(domain, amendmentTypes, message)) as Hex;
    const amended: WalletConsent = { ...consent, amendment: { message, signature } };
    await open.save(withConsent(open.wallet, amended));
    const done = await deliverAmendment(context, open, amended, chain);
    context.show(present(done, chain.head()), () => showOne(context, present(done, chain.head())));
  });

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
