import { Wallet as EthersWallet } from 'ethers';
import { amendmentTypes, consentDomain } from '../../domain/consent-typed-data.ts';
import type { DatasetId, Hex, MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Operation } from '../../domain/vocabulary.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import type { ScopeOption } from '../options.ts';
import { consentText } from '../subjects/consent-text.ts';
import { deliverAmendment, deliverConsent } from '../subjects/finish-consents.ts';
import { type ConsentTerms, draftConsent, signConsent } from '../subjects/make-consent.ts';
import type { SubjectOptions } from '../subjects/open-wallet.ts';
import { present, showOne } from '../subjects/present-consent.ts';
import { credentialInForce, type WalletConsent, withConsent } from '../subjects/wallet.ts';
import { chosenConsent, type Opened, withSubject } from '../subjects/with-subject.ts';

/** How long a signed consent may be recorded, in seconds: long enough for a gateway that is down for a while. */
const recordWithin = 3600;

const scopesOf = (asked: readonly ScopeOption[], view: RegistryView): ConsentTerms['scopes'] =>
  asked.map(({ dataset, fields }) => {
    const known = view.dataset(dataset as DatasetId);
    if (known === undefined) throw usageFailure(`no dataset ${dataset} on chain`);
    return { dataset, fields: [...(fields ?? known.fields.map(({ name }) => name))] };
  });

const agree = async (context: Context, text: string, yes: boolean | undefined): Promise<void> => {
  context.terminal.note(text);
  if (yes === true) return;
  if (!context.terminal.interactive)
    throw usageFailure(context.t('there is no terminal to ask on; --yes signs without asking', '没有可交互的终端；加 --yes 可直接签署'));
  const answer = await context.terminal.ask(context.t('\nSign this? [y/N] ', '\n是否签署？[y/N] '));
  if (!/^(y|yes|是)$/i.test(answer.trim()))
    throw new CliFailure(exitStatus.refused, 'NOT_SIGNED', context.t('nothing was signed', '未签署'));
};

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

export const give = (context: Context, options: TermOptions): Promise<void> =>
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

export const renew = (context: Context, options: TermOptions): Promise<void> =>
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

export const amend = (context: Context, options: Partial<TermOptions> & SubjectOptions): Promise<void> =>
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
