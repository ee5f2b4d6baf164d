import type { RegistryView } from '../../domain/registry-view.ts';
import type { Context } from '../context.ts';
import { showTime } from '../table.ts';
import type { WalletConsent } from './wallet.ts';

/** A consent as the chain has it, or as it was signed while the chain has not. */
export const present = (consent: WalletConsent, view: RegistryView) => {
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

type Presented = ReturnType<typeof present>;

export const showOne = (context: Context, shown: Presented): string =>
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
