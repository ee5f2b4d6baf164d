import { awaitView, type Chain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus } from '../failure.ts';
import type { OpenWallet } from './open-wallet.ts';
import { type WalletConsent, withConsent } from './wallet.ts';

const finalMs = 30_000;

/** Sends a consent that is signed and saved to its grantee, unless the chain has it already, and waits until it is final. */
export const deliverConsent = async (context: Context, open: OpenWallet, consent: WalletConsent, chain: Chain): Promise<WalletConsent> => {
  const known = (): boolean => chain.head().consent(consent.id) !== undefined;
  if (!known() && chain.head().block.time >= consent.message.deadline) {
    const lapsed: WalletConsent = { ...consent, state: 'lapsed' };
    await open.save(withConsent(open.wallet, lapsed));
    return lapsed;
  }
  // Also for one that the chain has: a run that stopped half-way may not have handed the openings over.
  const { message, signature, openings } = consent;
  await context
    .publicGateway(message.grantee)
    .post('/v1/subject/consents', { consent: message, signature, openings })
    .catch((failure) => {
      if (!known()) throw failure;
    });
  const seen = await awaitView(chain, finalMs, (view) => view.consent(consent.id) !== undefined);
  if (seen === undefined)
    throw new CliFailure(
      exitStatus.unreachable,
      'CONSENT_PENDING',
      `the consent ${consent.id} is sent but not final yet; run the command again`,
      { consent: consent.id },
    );
  const given: WalletConsent = { ...consent, state: 'given' };
  const renewed = open.wallet.consents.find(({ id }) => id === consent.message.renews);
  const next = withConsent(open.wallet, given);
  await open.save(renewed === undefined ? next : withConsent(next, { ...renewed, state: 'renewed' }));
  return given;
};

/** Sends a saved amendment that the chain does not show yet. */
export const deliverAmendment = async (
  context: Context,
  open: OpenWallet,
  consent: WalletConsent,
  chain: Chain,
): Promise<WalletConsent> => {
  const { amendment } = consent;
  if (amendment === undefined) return consent;
  const revision = (): number => chain.head().consent(consent.id)?.revision ?? 0;
  if (revision() < amendment.message.revision) {
    if (chain.head().block.time < amendment.message.deadline)
      await context
        .publicGateway(consent.message.grantee)
        .post('/v1/subject/amendments', { amendment: amendment.message, signature: amendment.signature });
    const seen = await awaitView(chain, finalMs, (view) => (view.consent(consent.id)?.revision ?? 0) >= amendment.message.revision);
    if (seen === undefined && chain.head().block.time < amendment.message.deadline)
      throw new CliFailure(exitStatus.unreachable, 'AMENDMENT_PENDING', 'the amendment is sent but not final yet; run the command again', {
        consent: consent.id,
      });
  }
  const done: WalletConsent = { ...consent, amendment: undefined };
  await open.save(withConsent(open.wallet, done));
  return done;
};
