import { catalogue } from '../domain/errors.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Refusal } from '../domain/result.ts';
import { withdrawConsent } from '../ports/ledger-calls.ts';
import type { PeerProtocol } from '../ports/peer.ts';
import { messageTypes, type UsageReceipt } from '../sealing/messages.ts';
import type { SignedWithdrawal } from './held-withdrawals.ts';
import { modelClaims } from './model-delivery.ts';
import type { Modules } from './modules.ts';
import type { Delivery, OutboxWork } from './outbox.ts';

export type DeliverModules = Pick<
  Modules,
  'member' | 'ledger' | 'writer' | 'audit' | 'documents' | 'keys' | 'peer' | 'clock' | 'randomness' | 'held' | 'log'
>;

/** Life of the messages sent from here, in seconds: they are signed anew at each attempt. */
const lifeSeconds = 300;

/** One attempt at pieces of the outbox's work of one kind and receiver: several only where they are acknowledgements. */
export const deliverWork = async (modules: DeliverModules, works: readonly OutboxWork[]): Promise<Delivery> => {
  const [work] = works;
  if (work === undefined) return 'delivered';
  switch (work.kind) {
    case 'acknowledgement': {
      const receipts = await Promise.all(works.map((one) => (one.kind === 'acknowledgement' ? receiptOf(modules, one) : undefined)));
      const logged = receipts.filter((receipt) => receipt !== undefined);
      if (logged.length === 0) return 'dropped';
      return send(modules, work.to, 'acknowledgements', messageTypes.acknowledgement, { receipts: logged });
    }
    case 'opening': {
      const { ledger, clock } = modules;
      if (ledger.head().consent(work.consent) === undefined) return clock.now() / 1000 > work.until ? 'dropped' : 'again';
      return send(modules, work.to, 'openings', messageTypes.opening, { consent: work.consent, sealed: work.sealed });
    }
    case 'model': {
      const claims = await modelClaims(modules, work);
      if (!claims.ok) return afterRefusal(modules, 'models', claims.refusal);
      return send(modules, work.to, 'models', messageTypes.model, claims.value);
    }
    case 'notice':
      return send(modules, work.to, 'withdrawals', messageTypes.withdrawal, { ...work.withdrawal });
    case 'withdrawal':
      return tellChain(modules, work.withdrawal);
  }
};

type ReceiptWork = Extract<OutboxWork, { readonly kind: 'acknowledgement' }>;

/** The work is written before its leaf: without the leaf the answer was never taken, and is asked for again. */
const receiptOf = async ({ audit }: DeliverModules, { usage, response, verdict }: ReceiptWork): Promise<UsageReceipt | undefined> => {
  const received = await audit.recall(usage, 'received');
  return received === undefined ? undefined : { usage, response, verdict, leaf: received.position };
};

const send = async (modules: DeliverModules, to: MemberId, protocol: PeerProtocol, typ: string, claims: object): Promise<Delivery> => {
  const { member, ledger, keys, peer, clock } = modules;
  const iat = Math.floor(clock.now() / 1000);
  const envelope = { v: 1, chain: ledger.chainId, iss: member, aud: to, iat, exp: iat + lifeSeconds };
  const sent = await peer.send(to, protocol, await keys.sign(typ, { ...envelope, ...claims }));
  return sent.ok ? 'delivered' : afterRefusal(modules, protocol, sent.refusal);
};

const afterRefusal = ({ log }: DeliverModules, what: string, refusal: Refusal): Delivery => {
  const { kind } = catalogue[refusal.code];
  // A clock that is off, or keys that a mirror has not seen yet, mend by themselves.
  if (kind === 'retry' || kind === 'fault' || /^(MESSAGE_EXPIRED|JWS_KEY_UNKNOWN|MEMBER_)/.test(refusal.code)) return 'again';
  log.warn({ what, outcome: refusal.code }, 'not accepted by the other side');
  return 'dropped';
};

/** On chain for ever, or the reason why it never can be. */
const tellChain = async ({ ledger, writer, held, log }: DeliverModules, withdrawal: SignedWithdrawal): Promise<Delivery> => {
  const { consent, key, signature } = withdrawal;
  const done = (): boolean => {
    const view = ledger.head();
    return view.consent(consent)?.state === 'withdrawn' || view.consentBarred(consent, key);
  };
  if (!done()) {
    const included = await writer.submit(withdrawConsent(consent, key, signature));
    if (!included.ok) {
      // Another gateway may have been faster.
      if (!done()) {
        if (included.refusal.code !== 'LEDGER_CALL_REVERTED') return 'again';
        log.error({ consent, outcome: included.refusal.code }, 'withdrawal refused by the chain');
        // AlreadyWithdrawn: the block that says so is not mirrored yet.
        return String(included.refusal.detail.error ?? '').includes('AlreadyWithdrawn') ? 'again' : 'dropped';
      }
    } else if (!done()) return 'again';
  }
  await held.release(withdrawal);
  return 'delivered';
};
