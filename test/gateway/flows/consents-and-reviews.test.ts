import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { DatasetId, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { acceptOpening } from '../../../gateway/flows/accept-opening.ts';
import { decideReview } from '../../../gateway/flows/decide-review.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { openReview } from '../../../gateway/flows/open-review.ts';
import { relayConsent } from '../../../gateway/flows/relay-consent.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { seal, sealEntropyLength } from '../../../gateway/sealing/jwe.ts';
import { messageTypes, sealTypes } from '../../../gateway/sealing/messages.ts';
import {
  believes,
  consumer,
  dataset,
  giveConsent,
  issuer,
  makeConsent,
  members,
  provider,
  publish,
  query,
  subjects,
  type TestConsent,
} from '../../helpers/electricity.ts';
import { eventually } from '../../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

describe('consents and reviews, on data of grade 3', () => {
  let network: GatewayNetwork;
  const bank = (): Modules => network.gateway(consumer).modules;
  const grid = (): Modules => network.gateway(provider).modules;
  const relay = (consent: TestConsent, changes: Partial<Parameters<typeof relayConsent>[1]> = {}) =>
    relayConsent(bank(), { consent: consent.message, signature: consent.signature, openings: consent.openings, ...changes });

  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network, { grade: 3 });
  });
  after(() => network.remove());

  describe('relaying a consent', () => {
    it('puts it on chain and its opening with every provider; asked again, it says the same', async () => {
      const consent = await makeConsent(network);
      const relayed = good(await relay(consent));
      expect(relayed).to.deep.include({ consent: consent.id, providers: [provider], delivered: [provider] });
      expect((await grid().openings.find(consent.id))?.subject).to.deep.equal(subjects[0]);
      expect(good(await relay(consent)).consent).to.equal(consent.id);
    });

    it('hands the opening on once a provider that was down is back', async () => {
      const consent = await makeConsent(network);
      await network.stop(provider);
      expect(good(await relay(consent)).delivered).to.deep.equal([]);
      await network.start(provider);
      await eventually('the opening', async () => (await grid().openings.find(consent.id)) !== undefined, 60_000);
    });

    it('refuses what is not for it, incomplete, badly signed or wrongly opened, and sends nothing on', async () => {
      const [consent, other] = [await makeConsent(network), await makeConsent(network, { subject: subjects[1]! })];
      const { [provider as MemberId]: theirs, [consumer as MemberId]: ours } = consent.openings;
      const cases: readonly [Partial<Parameters<typeof relayConsent>[1]>, string][] = [
        [{ consent: { ...consent.message, grantee: provider as MemberId } }, 'CONSENT_GRANTEE_MISMATCH'],
        [{ consent: { ...consent.message, scopes: [{ dataset: 'no.such', fields: ['kWh'] }] } }, 'DATASET_UNKNOWN'],
        [{ openings: { [consumer as MemberId]: ours as string } }, 'CONSENT_OPENING_MISSING'],
        [{ openings: { ...consent.openings, [consumer as MemberId]: theirs as string } }, 'SEAL_UNOPENABLE'],
        [{ openings: other.openings }, 'SEAL_CONTEXT'],
        [{ signature: other.signature }, 'LEDGER_CALL_REVERTED'],
      ];
      for (const [changes, expected] of cases) expect(codeOf(await relay(consent, changes)), expected).to.equal(expected);
      expect(bank().ledger.head().consent(consent.id)).to.equal(undefined);
      expect(await grid().openings.find(consent.id)).to.equal(undefined);
      expect(bank().outbox.size).to.equal(0);
    });
  });

  describe('taking an opening', () => {
    const sealKey = (): Hex =>
      grid()
        .ledger.head()
        .member(provider as MemberId)
        ?.keys.findLast((key) => key.purpose === 'seal')?.data as Hex;
    const message = async (
      consent: TestConsent,
      opening: unknown,
      sender: Modules = bank(),
    ): Promise<{ from: MemberId; message: string }> => {
      const purpose = { typ: sealTypes.opening, context: consent.id };
      const sealed = good(seal(sealKey(), Buffer.from(JSON.stringify(opening)), purpose, randomBytes(sealEntropyLength)));
      const iat = Math.floor(Date.now() / 1000);
      const envelope = { v: 1, chain: grid().ledger.chainId, iss: sender.member, aud: provider, iat, exp: iat + 60 };
      return { from: sender.member, message: await sender.keys.sign(messageTypes.opening, { ...envelope, consent: consent.id, sealed }) };
    };

    it('refuses another sender, another subject, salt, key or credential, and keeps none', async () => {
      // On chain, but its right opening never reaches the provider: it is sealed to nobody there.
      const consent = await makeConsent(network);
      const broken = { ...consent.openings, [provider as MemberId]: consent.openings[consumer as MemberId] as string };
      good(await relay(consent, { openings: broken }));
      await network.settled();
      const right = consent.opening;
      const other = (await makeConsent(network, { subject: subjects[1]! })).opening;
      expect(codeOf(await acceptOpening(grid(), await message(consent, right, network.gateway(issuer).modules)))).to.equal(
        'OPENING_SENDER_MISMATCH',
      );
      const cases: readonly [unknown, string][] = [
        [{ ...right, subject: subjects[1] }, 'CREDENTIAL_INVALID'],
        [{ ...right, salt: other.salt }, 'CONSENT_OPENING_INVALID'],
        [{ ...right, consent: other.consent }, 'CONSENT_OPENING_INVALID'],
        [{ ...right, credential: other.credential }, 'CREDENTIAL_INVALID'],
        [{ ...right, certificate: other.certificate }, 'CREDENTIAL_INVALID'],
        [{ ...right, certificate: { ...right.certificate, signature: other.certificate.signature } }, 'CREDENTIAL_INVALID'],
        [{ ...right, extra: 1 }, 'MESSAGE_MALFORMED'],
        ['nothing', 'MESSAGE_MALFORMED'],
      ];
      for (const [opening, expected] of cases)
        expect(codeOf(await acceptOpening(grid(), await message(consent, opening))), expected).to.equal(expected);
      expect(await grid().openings.find(consent.id)).to.equal(undefined);
      good(await acceptOpening(grid(), await message(consent, right)));
      expect((await grid().openings.find(consent.id))?.consent).to.equal(consent.id);
    });

    it('LEDGER_BEHIND while the consent is not on chain', async () => {
      const consent = await makeConsent(network);
      expect(codeOf(await acceptOpening(grid(), await message(consent, consent.opening)))).to.equal('LEDGER_BEHIND');
    });
  });

  describe('review', () => {
    const requester = { name: 'Li Na', roles: ['requester' as const] };
    const reviewer = { name: 'Zhao Qiang', roles: ['reviewer' as const] };
    const asked = (consent: TestConsent) => ({
      subject: subjects[0]!,
      datasets: [dataset],
      purpose: 'loan-approval',
      consent: consent.id,
      staff: requester,
    });

    it('is needed, by another person, for this query, once', async () => {
      const consent = await giveConsent(network);
      expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('REVIEW_REQUIRED');
      const review = good(await openReview(bank(), asked(consent)));
      const ask = (changes = {}) => requestRecord(bank(), query(consent, { review: review.id, ...changes }));
      expect(codeOf(await ask())).to.equal('REVIEW_NOT_APPROVED');
      for (const name of ['Li Na', ' li  NA'])
        expect(codeOf(await decideReview(bank(), { review: review.id, approve: true, staff: { ...reviewer, name } }))).to.equal(
          'REVIEW_SAME_PERSON',
        );
      good(await decideReview(bank(), { review: review.id, approve: true, staff: reviewer }));
      expect(codeOf(await ask({ staff: { ...requester, name: 'Wang Wei' } }))).to.equal('REVIEW_MISMATCH');
      expect(codeOf(await ask({ subject: subjects[1] }))).to.equal('REVIEW_MISMATCH');
      expect(codeOf(await ask({ review: '0'.repeat(32) }))).to.equal('REVIEW_UNKNOWN');
      const late: Modules = { ...bank(), policy: { ...bank().policy, limits: { ...bank().policy.limits, reviewSeconds: -1 } } };
      expect(codeOf(await requestRecord(late, query(consent, { review: review.id })))).to.equal('REVIEW_EXPIRED');
      expect(codeOf(await ask())).to.equal('ok');
      expect(codeOf(await ask())).to.equal('REVIEW_USED');
      expect(grid().audit.count(`consent/${consent.id}/${dataset}`)).to.equal(1);
    });

    it('is decided once; the same word again is no error', async () => {
      const consent = await makeConsent(network);
      const review = good(await openReview(bank(), asked(consent)));
      const decide = (approve: boolean, name = reviewer.name) =>
        decideReview(bank(), { review: review.id, approve, staff: { ...reviewer, name } });
      const both = await Promise.all([decide(true), decide(false, 'Sun Li')]);
      expect(both.map(codeOf)).to.deep.equal(['ok', 'REVIEW_DECIDED']);
      expect(codeOf(await decide(true))).to.equal('ok');
      expect(codeOf(await decideReview(bank(), { review: 'none', approve: true, staff: reviewer }))).to.equal('REVIEW_UNKNOWN');
    });

    it('is not opened for a code that is none, or a dataset that is none', async () => {
      const consent = await makeConsent(network);
      expect(codeOf(await openReview(bank(), { ...asked(consent), subject: { type: 'enterprise', code: '1' } }))).to.equal('USCC_LENGTH');
      expect(codeOf(await openReview(bank(), { ...asked(consent), datasets: ['no.such' as DatasetId] }))).to.equal('DATASET_UNKNOWN');
      expect(codeOf(await openReview(bank(), { ...asked(consent), datasets: [] }))).to.equal('DATASET_UNKNOWN');
    });
  });
});
