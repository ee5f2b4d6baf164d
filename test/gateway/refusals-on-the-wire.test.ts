import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { systemRandomness } from '../../gateway/adapters/clock/system.ts';
import { createToken } from '../../gateway/adapters/tokens/token-file.ts';
import { catalogue, type ErrorCode } from '../../gateway/domain/errors.ts';
import type { UsageId } from '../../gateway/domain/ids.ts';
import { usageIdFrom } from '../../gateway/domain/usage-id.ts';
import type { StaffRole } from '../../gateway/domain/vocabulary.ts';
import type { Modules } from '../../gateway/flows/modules.ts';
import { requestRecord } from '../../gateway/flows/request-record.ts';
import { serveRecord } from '../../gateway/flows/serve-record.ts';
import type { Records, SubjectRecords } from '../../gateway/ports/records.ts';
import {
  believes,
  consumer,
  dataset,
  giveConsent,
  issuer,
  members,
  provider,
  publish,
  query,
  subjects,
  type TestConsent,
} from '../helpers/electricity.ts';
import { eventually } from '../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, startGatewayNetwork } from '../helpers/gateway-network.ts';
import { bodyOf, exchange, post, problemOf, statusOf } from '../helpers/tls-exchange.ts';
import { recertified, tlsIdentity } from '../helpers/tls-members.ts';

const newUsage = (): UsageId => usageIdFrom(randomBytes(16));
const claimsOf = (jws: string): Record<string, unknown> => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
const day = 86_400_000;

/** Two real gateways and what one who sits between them, or is one of them, may try. */
describe('refusals on the wire between two real gateways', () => {
  let network: GatewayNetwork;
  let consent: TestConsent;
  const bank = (): Modules => network.gateway(consumer).modules;
  const grid = (): Modules => network.gateway(provider).modules;
  const port = (): number => Number(new URL(network.gateway(provider).peerUrl).port);

  before(async () => {
    network = await startGatewayNetwork(members, (member) => ({ ...believes(member), limits: { bodyBytes: 2048 } }));
    await publish(network);
    consent = await giveConsent(network, { maxUses: 1000 });
  });
  after(() => network.remove());

  /** All that could have changed: both logs, the provider's counts, the chain, what either gateway holds of withdrawals and work. */
  const everything = async () => ({
    logs: [bank().audit.size(), grid().audit.size()],
    uses: grid().audit.count(`consent/${consent.id}/${dataset}`),
    height: await network.chain.provider.getBlockNumber(),
    waiting: bank().outbox.size + grid().outbox.size,
    held: grid().held.stops(consent.id, consent.message.key),
  });
  const unchanged = async (attempt: () => Promise<unknown>): Promise<void> => {
    // Receipts of what was served before are still on their way.
    await eventually('the outboxes are empty', () => bank().outbox.size + grid().outbox.size === 0);
    const before = await everything();
    await attempt();
    expect(await everything()).to.deep.equal(before);
  };

  /** A request that the consumer logged and signed, caught before it leaves. */
  const capture = async (): Promise<string> => {
    let message = '';
    const send: Modules['peer']['send'] = async (_to, _protocol, sent) => {
      message = sent;
      return { ok: false, refusal: { code: 'PEER_TIMEOUT', detail: {} } };
    };
    await requestRecord({ ...bank(), peer: { send } }, query(consent, { usage: newUsage() }));
    return message;
  };
  const say = (message: string, identity: { readonly certificate: string; readonly privateKey: string } | undefined = bank().keys.tls()) =>
    exchange(port(), identity, post('/peer/v1/usages', message));
  const outcomeOf = (answer: string): unknown => claimsOf(bodyOf(answer)).outcome;

  describe('TLS', () => {
    it('no byte for a certificate that is not pinned, or none', async () => {
      const message = await capture();
      const stranger = await tlsIdentity(consumer, Date.now());
      await unchanged(async () => {
        expect(await say(message, stranger)).to.equal('');
        expect(await exchange(port(), undefined, post('/peer/v1/usages', message))).to.equal('');
      });
    });

    it('no byte for the pinned key in a certificate that is over or has not begun', async () => {
      const message = await capture();
      const { privateKey } = bank().keys.tls();
      const now = Date.now();
      await unchanged(async () => {
        for (const [from, until] of [
          [now - 2 * day, now - day],
          [now + day, now + 2 * day],
        ] as const) {
          const certificate = await recertified(privateKey, consumer, from, until);
          expect(await say(message, { certificate, privateKey })).to.equal('');
        }
      });
      const certificate = await recertified(privateKey, consumer, now - day, now + day);
      expect(outcomeOf(await say(message, { certificate, privateKey })), 'the key counts, and the time').to.equal('ok');
    });

    it('no byte for a suspended member, from that block on and until it is resumed', async () => {
      const message = await capture();
      await network.administer('suspend', [encodeBytes32String(consumer), encodeBytes32String('test')]);
      await unchanged(async () => expect(await say(message)).to.equal(''));
      await network.administer('resume', [encodeBytes32String(consumer)]);
      expect(outcomeOf(await say(message))).to.equal('ok');
    });
  });

  describe('messages', () => {
    it('a replayed request is answered with what it was answered with, and counted once', async () => {
      const message = await capture();
      expect(outcomeOf(await say(message))).to.equal('ok');
      await unchanged(async () => expect(outcomeOf(await say(message))).to.equal('ok'));
    });

    it('another member’s replay of it gets nothing', async () => {
      const message = await capture();
      const other = network.gateway(issuer).modules.keys.tls();
      await unchanged(async () => expect(problemOf(await say(message, other))).to.equal('JWS_KEY_UNKNOWN'));
    });

    it('refuses what is malformed, too large, of another type, not for it, or altered, with a problem and no trace', async () => {
      const message = await capture();
      const [head, body, signature] = message.split('.') as [string, string, string];
      const claims = claimsOf(message);
      const sign = (changes: object) => bank().keys.sign('xinshu-usage-request+jws', { ...claims, ...changes });
      const altered = Buffer.from(JSON.stringify({ ...claims, fields: ['billFen'] })).toString('base64url');
      const cases: readonly [string, ErrorCode][] = [
        ['', 'JWS_MALFORMED'],
        ['no jws at all', 'JWS_MALFORMED'],
        [`${head}.${altered}.${signature}`, 'JWS_SIGNATURE'],
        [`${head}.${body}.${'A'.repeat(86)}`, 'JWS_SIGNATURE'],
        [await sign({ fields: 'kWh' }), 'MESSAGE_MALFORMED'],
        [await sign({ block: { number: '7', hash: `0x${'00'.repeat(32)}` } }), 'MESSAGE_MALFORMED'],
        [await sign({ usage: 7 }), 'MESSAGE_MALFORMED'],
        [await sign({ aud: issuer }), 'MESSAGE_AUDIENCE'],
        [await sign({ chain: 1 }), 'MESSAGE_CHAIN'],
        ['x'.repeat(1_000_000), 'BODY_TOO_LARGE'],
      ];
      for (const [text, code] of cases)
        await unchanged(async () => {
          const answer = await say(text);
          expect([problemOf(answer), statusOf(answer)], code).to.deep.equal([code, catalogue[code].status]);
        });
      await unchanged(async () => {
        const answer = await exchange(port(), bank().keys.tls(), post('/peer/v1/usages', JSON.stringify(claims), 'application/json'));
        expect(problemOf(answer)).to.equal('MEDIA_TYPE_UNSUPPORTED');
      });
    });

    it('refuses an altered JWE and one of another usage with a signed, logged answer, counting nothing', async () => {
      const flip = (jwe: string): string =>
        jwe.replace(/\.([^.])([^.]*)$/, (_all, first: string, rest: string) => `.${first === 'A' ? 'B' : 'A'}${rest}`);
      const [one, two] = [claimsOf(await capture()), claimsOf(await capture())];
      const cases: readonly [Record<string, unknown>, string][] = [
        [{ ...one, sealed: flip(String(one.sealed)) }, 'SEAL_UNOPENABLE'],
        [{ ...two, sealed: one.sealed }, 'SEAL_CONTEXT'],
      ];
      for (const [claims, code] of cases) {
        await eventually('the outboxes are empty', () => bank().outbox.size + grid().outbox.size === 0);
        const before = await everything();
        const answer = await say(await bank().keys.sign('xinshu-usage-request+jws', claims));
        expect(outcomeOf(answer)).to.equal(code);
        const after = await everything();
        expect(after).to.deep.equal({ ...before, logs: [before.logs[0], Number(before.logs[1]) + 1] });
      }
    });
  });

  describe('a provider that answers with what it must not', () => {
    /** The provider's own gateway over records that it swapped; the rest, keys and log too, is its own. */
    const lying = (find: (records: Records, key: string) => Promise<SubjectRecords | undefined>): Modules => {
      const { records } = grid();
      const swapped: Records = {
        find: (_dataset, _version, key) => find(records, key),
        features: (id, version, key) => records.features(id, version, key),
        schema: (id, version) => records.schema(id, version),
        versions: (id) => records.versions(id),
      };
      return {
        ...bank(),
        peer: {
          send: (to, protocol, message) =>
            protocol === 'usages'
              ? serveRecord({ ...grid(), records: swapped }, { from: bank().member, message })
              : bank().peer.send(to, protocol, message),
        },
      };
    };
    const evidenceOf = async (modules: Modules): Promise<string> => {
      const usage = newUsage();
      const result = await requestRecord(modules, query(consent, { usage }));
      expect(codeOf(await requestRecord(bank(), query(consent, { usage }))), 'its end').to.equal(codeOf(result));
      expect((await bank().audit.recall(usage, 'received'))?.attachment, 'evidence').to.not.equal(undefined);
      return codeOf(result);
    };

    it('RECORD_PROOF_MISMATCH for another subject’s records and proof', async () => {
      const other = grid().keys.subjectKey(subjects[1] ?? expect.fail());
      expect(await evidenceOf(lying((records) => records.find(dataset, 1, other)))).to.equal('RECORD_PROOF_MISMATCH');
    });

    it('RECORD_PROOF_MISMATCH for a value that is not the committed one, and for a record left out', async () => {
      const change = (edit: (found: SubjectRecords) => SubjectRecords) =>
        lying(async (records, key) => {
          const found = await records.find(dataset, 1, key);
          return found === undefined ? undefined : edit(found);
        });
      const raised = change((found) => ({ ...found, records: found.records.map(({ values }) => ({ values: { ...values, kWh: 9 } })) }));
      expect(await evidenceOf(raised)).to.equal('RECORD_PROOF_MISMATCH');
      expect(await evidenceOf(change((found) => ({ ...found, records: found.records.slice(1) })))).to.equal('RECORD_PROOF_MISMATCH');
      expect(await evidenceOf(change((found) => ({ ...found, path: [...found.path].reverse() })))).to.equal('RECORD_PROOF_MISMATCH');
    });

    it('RECORD_PROOF_MISMATCH for the records of an older version', async () => {
      const old = grid().records;
      await publish(network);
      expect(grid().ledger.head().dataset(dataset)?.version).to.equal(2);
      expect(await evidenceOf(lying((_records, key) => old.find(dataset, 1, key)))).to.equal('RECORD_PROOF_MISMATCH');
      expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('ok');
    });
  });

  describe('clocks', () => {
    const at = (modules: Modules, seconds: number): Modules => ({ ...modules, clock: { now: () => Date.now() + seconds * 1000 } });

    it('a consumer whose clock is ahead by more than blocks may be old sends nothing', async () => {
      await eventually('the outboxes are empty', () => bank().outbox.size + grid().outbox.size === 0);
      const { height: last, ...before } = await everything();
      expect(codeOf(await requestRecord(at(bank(), 130), query(consent)))).to.equal('LEDGER_STALE');
      // It may have asked for a fresh block, which holds nothing.
      const { height, ...after } = await everything();
      expect(after).to.deep.equal(before);
      for (let block = last + 1; block <= height; block += 1)
        expect((await network.chain.provider.getBlock(block))?.transactions).to.deep.equal([]);
    });

    it('a consumer behind by more than its requests live is refused; by less than the bound either way is served', async () => {
      const usage = newUsage();
      const before = (await everything()).uses;
      // To it, the provider's signed refusal is from the future too: no answer that counts.
      expect(codeOf(await requestRecord(at(bank(), -700), query(consent, { usage })))).to.equal('PEER_GARBLED');
      expect(codeOf(await requestRecord(bank(), query(consent, { usage }))), 'once its clock is right').to.equal('MESSAGE_EXPIRED');
      expect((await grid().audit.find(usage)).map(({ step }) => step)).to.deep.equal(['refused']);
      expect((await everything()).uses).to.equal(before);
      for (const seconds of [-30, 30]) expect(codeOf(await requestRecord(at(bank(), seconds), query(consent)))).to.equal('ok');
    });

    it('a message from beyond the bound ahead is refused, whoever’s clock is wrong', async () => {
      const claims = claimsOf(await capture());
      const iat = Math.floor(Date.now() / 1000) + 120;
      const message = await bank().keys.sign('xinshu-usage-request+jws', { ...claims, iat, exp: iat + 600 });
      const before = await everything();
      expect(outcomeOf(await say(message))).to.equal('MESSAGE_EXPIRED');
      expect((await everything()).uses).to.equal(before.uses);
    });
  });

  describe('the client listener', () => {
    const call = async (token: string | undefined, body: string, type = 'application/json'): Promise<[number, unknown]> => {
      const headers = { 'content-type': type, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
      const response = await fetch(new URL('/v1/queries', network.gateway(consumer).clientUrl), { method: 'POST', headers, body });
      return [response.status, ((await response.json()) as { readonly code?: string }).code];
    };
    const tokenOf = (role: StaffRole, madeAt: number): string => {
      const staff = { name: role, roles: [role], lifetimeMs: day };
      return createToken(join(network.folder(consumer), 'tokens.json'), staff, madeAt, systemRandomness).token;
    };

    it('refuses without a token, with a wrong, expired or roleless one, and with a body that does not fit; nothing is logged or sent', async () => {
      const { staff: _, ...right } = query(consent);
      const body = JSON.stringify(right);
      const good = tokenOf('requester', Date.now());
      const cases: readonly [() => Promise<[number, unknown]>, number, string][] = [
        [() => call(undefined, body), 401, 'TOKEN_MISSING'],
        [() => call('x'.repeat(43), body), 401, 'TOKEN_INVALID'],
        [() => call(tokenOf('requester', Date.now() - 2 * day), body), 401, 'TOKEN_EXPIRED'],
        [() => call(tokenOf('auditor', Date.now()), body), 403, 'STAFF_ROLE_MISSING'],
        [() => call(good, '{'), 400, 'INPUT_INVALID'],
        [() => call(good, '[]'), 400, 'INPUT_INVALID'],
        [() => call(good, JSON.stringify({ ...right, fields: 'kWh' })), 400, 'INPUT_INVALID'],
        [() => call(good, JSON.stringify({ ...right, subject: 7 })), 400, 'INPUT_INVALID'],
        [() => call(good, JSON.stringify({ ...right, purpose: 'x'.repeat(3000) })), 413, 'BODY_TOO_LARGE'],
        [() => call(good, body, 'application/xml'), 415, 'MEDIA_TYPE_UNSUPPORTED'],
      ];
      for (const [attempt, status, code] of cases) await unchanged(async () => expect(await attempt()).to.deep.equal([status, code]));
      expect((await call(good, body))[0], 'and the right one is served').to.equal(200);
    });
  });
});
