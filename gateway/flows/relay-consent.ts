import { type ConsentMessage, consentDigest, consentDomain } from '../domain/consent-typed-data.ts';
import type { ConsentId, Hex, MemberId } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { giveConsent } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';
import { openConsent } from './open-consent.ts';

export type RelayConsentInput = {
  readonly consent: ConsentMessage;
  readonly signature: Hex;
  /** The opening of the commitment, sealed by the subject to the grantee and to each provider named, by member id. */
  readonly openings: Readonly<Record<MemberId, string>>;
};
/** `delivered`: the providers that have the opening already; the others get it as soon as they can be reached. */
export type RelayConsentOutput = {
  readonly consent: ConsentId;
  readonly block: number;
  readonly providers: readonly MemberId[];
  readonly delivered: readonly MemberId[];
};

/** How long the caller waits for the providers, in milliseconds. */
const waitMs = 3_000;

/**
 * The grantee puts a subject's consent on chain, keeps its own opening and hands the others, sealed as the subject made them, to the providers. What must be sent is
 * on disk before the chain is told, so a crash anywhere is mended by the next start or by the subject asking again. Refuses with CONSENT_GRANTEE_MISMATCH,
 * CONSENT_OPENING_MISSING, DATASET_UNKNOWN, the codes of a bad opening, or what the chain says.
 */
export const relayConsent = async (modules: Modules, input: RelayConsentInput): Promise<Result<RelayConsentOutput>> => {
  const { ledger } = modules;
  const id = consentDigest(consentDomain(ledger.chainId, ledger.address('consent-registry')), input.consent);
  return modules.locks.run(`consent/${id}`, () => relay(modules, input, id));
};

const relay = async (
  modules: Modules,
  { consent, signature, openings }: RelayConsentInput,
  id: ConsentId,
): Promise<Result<RelayConsentOutput>> => {
  const { ledger, writer, member, outbox } = modules;
  if (consent.grantee !== member) return refuse('CONSENT_GRANTEE_MISMATCH', { consent: id });
  const view = ledger.head();
  const owners = consent.scopes.map(({ dataset }) => ({ dataset, owner: view.dataset(dataset as never)?.owner }));
  const unknown = owners.find(({ owner }) => owner === undefined);
  if (unknown !== undefined) return refuse('DATASET_UNKNOWN', { dataset: unknown.dataset });
  const providers = [...new Set(owners.map(({ owner }) => owner as MemberId))].filter((owner) => owner !== member);
  const missing = [member, ...providers].find((to) => openings[to] === undefined);
  if (missing !== undefined) return refuse('CONSENT_OPENING_MISSING', { consent: id, member: missing });
  const own = await openConsent(modules, openings[member] as string, { id, subject: consent.subject, key: consent.key });
  if (!own.ok) return own;

  await modules.openings.keep(own.value.opening, own.value.checked);
  const prepared = providers.map((to) => ({
    to,
    work: outbox.prepare({ kind: 'opening', to, consent: id, sealed: openings[to] as string, until: consent.deadline }),
  }));
  await Promise.all(prepared.map(({ work }) => work.durable));
  if (ledger.head().consent(id) === undefined) {
    const included = await writer.submit(giveConsent(consent, signature));
    if (!included.ok && ledger.head().consent(id) === undefined) {
      if (included.refusal.code === 'LEDGER_CALL_REVERTED') await Promise.all(prepared.map(({ work }) => work.cancel()));
      else for (const { work } of prepared) work.release();
      return included;
    }
  }
  for (const { work } of prepared) work.release();
  const finished = await Promise.all(prepared.map(({ work }) => outbox.finished(work.key, waitMs)));
  const delivered = prepared.flatMap(({ to }, place) => (finished[place] === true ? [to] : []));
  return ok({ consent: id, block: ledger.head().block.number, providers, delivered });
};
