import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import type { Finding } from '../../../gateway/audit/finding.ts';
import type { OpenedLeaf } from '../../../gateway/audit/leaf.ts';
import { checkOpening, decodeLeaf } from '../../../gateway/audit/leaf.ts';
import { recheckServed } from '../../../gateway/audit/recheck.ts';
import { addHalf, expectedOf, isThere, type UsageHalves } from '../../../gateway/audit/usage-halves.ts';
import type { ConsentId, UsageId } from '../../../gateway/domain/ids.ts';
import { ok } from '../../../gateway/domain/result.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { anchorLag, anchorLog } from '../../../gateway/flows/anchor-log.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { relayWithdrawal } from '../../../gateway/flows/relay-withdrawal.ts';
import { requestBatch } from '../../../gateway/flows/request-batch.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { serveRecord } from '../../../gateway/flows/serve-record.ts';
import type { AuditStore } from '../../../gateway/ports/audit-store.ts';
import {
  believes,
  consumer,
  dataset,
  giveConsent,
  makeConsent,
  members,
  provider,
  publish,
  query,
  signWithdrawal,
  stranger,
  subjects,
  type TestConsent,
} from '../../helpers/electricity.ts';
import { eventually } from '../../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

const newUsage = (): UsageId => usageIdFrom(randomBytes(16));

const opened = async (audit: AuditStore): Promise<OpenedLeaf[]> => {
  const leaves: OpenedLeaf[] = [];
  for await (const { index, leaf } of audit.leaves(0, audit.size())) {
    const opening = await audit.opening(index);
    if (opening === undefined) throw new Error(`leaf ${index} has no opening`);
    const read = good(decodeLeaf(leaf));
    leaves.push({ index, leaf: read, usage: opening.usage, values: good(checkOpening(read, opening)) });
  }
  return leaves;
};

const outcomesOf = async (modules: Modules, usage: UsageId): Promise<Record<string, string>> => {
  const steps = await modules.audit.find(usage);
  const leaves = await opened(modules.audit);
  return Object.fromEntries(
    steps.map(({ step, position }) => [step, leaves.find(({ index }) => index === position.index)?.leaf.outcome ?? '']),
  );
};

describe('query between two gateways', () => {
  let network: GatewayNetwork;
  let consent: TestConsent;
  const bank = (): Modules => network.gateway(consumer).modules;
  const grid = (): Modules => network.gateway(provider).modules;
  const uses = (id: ConsentId): number => grid().audit.count(`consent/${id}/${dataset}`);

  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
    consent = await giveConsent(network, { maxUses: 1000 });
  });
  after(() => network.remove());

  it('delivers the records, proved against the chain, logged on both sides and acknowledged', async () => {
    const usage = newUsage();
    const answer = good(await requestRecord(bank(), query(consent, { usage })));
    expect(answer.records).to.deep.equal([
      { period: '2025-11', kWh: 1000 },
      { period: '2025-12', kWh: 1001 },
    ]);
    expect(answer).to.include({ usage, outcome: 'ok', provider, dataset, version: 1, priceFen: '50' });
    expect(answer.withheld.filter(({ field }) => field === 'billFen')).to.deep.equal([{ field: 'billFen', reason: 'not-authorized' }]);
    expect(await outcomesOf(bank(), usage)).to.deep.equal({ requested: 'ok', received: 'ok' });
    expect(await outcomesOf(grid(), usage)).to.deep.equal({ served: 'ok' });
    await eventually('the receipt', async () => (await grid().documents.get('receipt', usage)) !== undefined);
  });

  it('says that there is nothing on a subject of whom there is nothing', async () => {
    const other = await giveConsent(network, { subject: stranger });
    const answer = good(await requestRecord(bank(), query(other, { subject: stranger })));
    expect(answer.records).to.deep.equal([]);
    expect(answer.withheld).to.deep.equal([]);
  });

  it('asks for every covered field when none is named', async () => {
    const all = await giveConsent(network, { fields: ['period', 'billFen'] });
    const { fields: _, ...unnamed } = query(all);
    expect(good(await requestRecord(bank(), unnamed)).records).to.deep.equal([
      { period: '2025-11', billFen: 5000 },
      { period: '2025-12', billFen: 5001 },
    ]);
  });

  it('serves exactly 7 of 200 parallel requests on 7 uses', async () => {
    const seven = await giveConsent(network, { maxUses: 7 });
    const ask = async (): Promise<string> => {
      const usage = newUsage();
      // An overloaded peer is retryable: the same usage goes on until it has an outcome.
      for (;;) {
        const code = codeOf(await requestRecord(bank(), query(seven, { usage })));
        if (!code.startsWith('PEER_') && code !== 'OVERLOADED') return code;
      }
    };
    const outcomes = await Promise.all(Array.from({ length: 200 }, ask));
    expect(outcomes.filter((code) => code === 'ok')).to.have.length(7);
    expect(outcomes.filter((code) => code === 'CONSENT_USED_UP')).to.have.length(193);
    expect(uses(seven.id)).to.equal(7);
  });

  it('counts a repeated usage once and delivers it again', async () => {
    const usage = newUsage();
    const before = uses(consent.id);
    const first = good(await requestRecord(bank(), query(consent, { usage })));
    const sizes = [bank().audit.size(), grid().audit.size()];
    expect(good(await requestRecord(bank(), query(consent, { usage })))).to.deep.equal(first);
    expect(uses(consent.id)).to.equal(before + 1);
    expect([bank().audit.size(), grid().audit.size()]).to.deep.equal(sizes);
  });

  it('counts the same usage asked many times at once, once', async () => {
    const usage = newUsage();
    const before = uses(consent.id);
    const answers = await Promise.all(Array.from({ length: 8 }, () => requestRecord(bank(), query(consent, { usage }))));
    expect(answers.map(codeOf)).to.deep.equal(Array(8).fill('ok'));
    expect(uses(consent.id)).to.equal(before + 1);
  });

  it('USAGE_CONFLICT for another query under the same usage id', async () => {
    const usage = newUsage();
    good(await requestRecord(bank(), query(consent, { usage })));
    const size = bank().audit.size();
    expect(codeOf(await requestRecord(bank(), query(consent, { usage, fields: ['kWh'] })))).to.equal('USAGE_CONFLICT');
    expect(bank().audit.size()).to.equal(size);
  });

  it('logs its own refusal and keeps to it', async () => {
    const usage = newUsage();
    const asked = query(undefined, { usage });
    const size = grid().audit.size();
    const refused = await requestRecord(bank(), asked);
    expect(codeOf(refused)).to.equal('CONSENT_MISSING');
    if (!refused.ok) expect(refused.refusal.detail.usage).to.equal(usage);
    expect(await outcomesOf(bank(), usage)).to.deep.equal({ requested: 'CONSENT_MISSING' });
    const logged = bank().audit.size();
    expect(codeOf(await requestRecord(bank(), asked))).to.equal('CONSENT_MISSING');
    expect(bank().audit.size()).to.equal(logged);
    expect(grid().audit.size(), 'nothing went out').to.equal(size);
  });

  it('logs a query with a code that is no code, and an unlisted purpose', async () => {
    const [bad, idle] = [newUsage(), newUsage()];
    expect(codeOf(await requestRecord(bank(), query(consent, { usage: bad, subject: { type: 'enterprise', code: '123' } })))).to.equal(
      'USCC_LENGTH',
    );
    expect(await outcomesOf(bank(), bad)).to.deep.equal({ requested: 'USCC_LENGTH' });
    expect(codeOf(await requestRecord(bank(), query(consent, { usage: idle, purpose: 'curiosity' })))).to.equal('PURPOSE_UNKNOWN');
    expect(await outcomesOf(bank(), idle)).to.deep.equal({ requested: 'PURPOSE_UNKNOWN' });
  });

  it('refuses another subject than the one that consented, and an operation that delivers no fields', async () => {
    expect(codeOf(await requestRecord(bank(), query(consent, { subject: subjects[1]! })))).to.equal('CONSENT_SUBJECT_MISMATCH');
    expect(codeOf(await requestRecord(bank(), query(consent, { operation: 'score' })))).to.equal('OPERATION_NOT_ALLOWED');
  });

  it('goes on with the same usage after the provider was down', async () => {
    const usage = newUsage();
    const before = uses(consent.id);
    await network.stop(provider);
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('PEER_UNREACHABLE');
    await network.start(provider);
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('ok');
    expect(uses(consent.id)).to.equal(before + 1);
  });

  it('goes on with the same usage after the consumer was restarted between request and answer', async () => {
    const usage = newUsage();
    const lost: Modules = { ...bank(), peer: { send: async () => ({ ok: false, refusal: { code: 'PEER_TIMEOUT', detail: {} } }) } };
    expect(codeOf(await requestRecord(lost, query(consent, { usage })))).to.equal('PEER_TIMEOUT');
    await network.stop(consumer);
    await network.start(consumer);
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('ok');
  });

  it('counts once when the answer is lost on its way, and sends the same bytes again', async () => {
    const usage = newUsage();
    const before = uses(consent.id);
    const sent: string[] = [];
    const deaf: Modules = {
      ...bank(),
      peer: {
        send: async (to, protocol, message) => {
          sent.push(message);
          await bank().peer.send(to, protocol, message);
          return { ok: false, refusal: { code: 'PEER_TIMEOUT', detail: {} } };
        },
      },
    };
    await requestRecord(deaf, query(consent, { usage }));
    await requestRecord(deaf, query(consent, { usage }));
    expect(sent).to.have.length(2);
    expect(sent[1]).to.equal(sent[0]);
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('ok');
    expect(uses(consent.id)).to.equal(before + 1);
  });

  it('refuses what the provider altered, with the code logged and its answer kept as evidence', async () => {
    const usage = newUsage();
    const other = newUsage();
    const swap: Modules = {
      ...bank(),
      // A signed answer of the provider, to another request of ours.
      peer: {
        send: async (to, protocol, message) => {
          const answer = await bank().peer.send(to, protocol, message);
          const first = await bank().audit.recall(other, 'received');
          return protocol === 'usages' && first?.attachment !== undefined
            ? { ok: true, value: Buffer.from(first.attachment).toString('ascii') }
            : answer;
        },
      },
    };
    good(await requestRecord(bank(), query(consent, { usage: other })));
    expect(codeOf(await requestRecord(swap, query(consent, { usage })))).to.equal('ANSWER_MISMATCH');
    expect(await outcomesOf(bank(), usage)).to.deep.equal({ requested: 'ok', received: 'ANSWER_MISMATCH' });
    expect((await bank().audit.recall(usage, 'received'))?.attachment).to.not.equal(undefined);
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('ANSWER_MISMATCH');
  });

  it('takes garbage and badly signed answers for no answer', async () => {
    const usage = newUsage();
    const garble = (change: (answer: string) => string): Modules => ({
      ...bank(),
      peer: {
        send: async (to, protocol, message) => {
          const answer = await bank().peer.send(to, protocol, message);
          return answer.ok ? { ok: true, value: change(answer.value) } : answer;
        },
      },
    });
    const flip = (answer: string): string => `${answer.slice(0, -20)}${answer.at(-20) === 'A' ? 'B' : 'A'}${answer.slice(-19)}`;
    for (const change of [() => 'a.b.c', () => '', flip]) {
      expect(codeOf(await requestRecord(garble(change), query(consent, { usage })))).to.equal('PEER_GARBLED');
      expect(await outcomesOf(bank(), usage)).to.deep.equal({ requested: 'ok' });
    }
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('ok');
  });

  it('streams a batch, one answer a line', async () => {
    async function* inputs() {
      for (let line = 0; line < 5; line += 1) yield { ok: true as const, value: query(line === 3 ? undefined : consent) };
    }
    const answers = new Map<number, string>();
    for await (const { line, result } of requestBatch(bank(), inputs())) answers.set(line, codeOf(result));
    expect([...answers].sort(([a], [b]) => a - b)).to.deep.equal([
      [0, 'ok'],
      [1, 'ok'],
      [2, 'ok'],
      [3, 'CONSENT_MISSING'],
      [4, 'ok'],
    ]);
  });

  describe('withdrawal', () => {
    it('stops at once at the gateway that is handed it, before any block, also for a request under way', async () => {
      const doomed = await giveConsent(network);
      const usage = newUsage();
      const withdrawal = await signWithdrawal(network, doomed);
      const racing: Modules = {
        ...bank(),
        peer: {
          send: async (to, protocol, message) => {
            // The request is signed and logged; now the provider is handed the withdrawal.
            await grid().held.hold(withdrawal);
            return bank().peer.send(to, protocol, message);
          },
        },
      };
      expect(codeOf(await requestRecord(racing, query(doomed, { usage })))).to.equal('CONSENT_WITHDRAWN');
      expect(await outcomesOf(grid(), usage)).to.deep.equal({ refused: 'CONSENT_WITHDRAWN' });
      expect(await outcomesOf(bank(), usage)).to.deep.equal({ requested: 'ok', received: 'CONSENT_WITHDRAWN' });
      expect(uses(doomed.id)).to.equal(0);
      expect(codeOf(await requestRecord(bank(), query(doomed, { usage })))).to.equal('CONSENT_WITHDRAWN');
    });

    it('reaches the chain and every provider, and ends what could be delivered again', async () => {
      const doomed = await giveConsent(network);
      const usage = newUsage();
      good(await requestRecord(bank(), query(doomed, { usage })));
      const relayed = good(await relayWithdrawal(bank(), await signWithdrawal(network, doomed)));
      expect(relayed.consent).to.equal(doomed.id);
      await eventually('the chain', () => grid().ledger.head().consent(doomed.id)?.state === 'withdrawn');
      expect(codeOf(await requestRecord(bank(), query(doomed)))).to.equal('CONSENT_WITHDRAWN');
      expect(codeOf(await requestRecord(bank(), query(doomed, { usage }))), 'not delivered again either').to.equal('CONSENT_WITHDRAWN');
      await eventually('released', () => !bank().held.stops(doomed.id, doomed.message.key));
      expect(good(await relayWithdrawal(bank(), await signWithdrawal(network, doomed))).state).to.equal('final');
    });

    it('WITHDRAWAL_INVALID for a signature or a key that is not the consent’s, and nothing stops', async () => {
      const own = await signWithdrawal(network, consent);
      const stranger = await signWithdrawal(network, await makeConsent(network));
      expect(codeOf(await relayWithdrawal(bank(), { ...own, signature: stranger.signature }))).to.equal('WITHDRAWAL_INVALID');
      expect(codeOf(await relayWithdrawal(bank(), { ...own, key: stranger.key }))).to.equal('WITHDRAWAL_INVALID');
      expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('ok');
    });
  });

  describe('at the provider, given a message', () => {
    type Captured = { readonly message: string; readonly claims: Record<string, unknown> };
    /** A request that the consumer logged and signed, caught before it leaves. */
    const capture = async (usage = newUsage()): Promise<Captured> => {
      let message = '';
      const catching: Modules = {
        ...bank(),
        peer: {
          send: async (_to, _protocol, sent) => {
            message = sent;
            return { ok: false, refusal: { code: 'PEER_TIMEOUT', detail: {} } };
          },
        },
      };
      await requestRecord(catching, query(consent, { usage }));
      return { message, claims: JSON.parse(Buffer.from(message.split('.')[1] ?? '', 'base64url').toString('utf8')) };
    };
    const typ = 'xinshu-usage-request+jws';
    const signed = (claims: Record<string, unknown>): Promise<string> => bank().keys.sign(typ, claims);
    const serve = async (message: string, from: string = consumer): Promise<string> => {
      const answer = await serveRecord(grid(), { from: from as never, message });
      if (!answer.ok) return `problem ${answer.refusal.code}`;
      return JSON.parse(Buffer.from(answer.value.split('.')[1] ?? '', 'base64url').toString('utf8')).outcome;
    };
    const unchanged = async (message: string, expected: string, from?: string): Promise<void> => {
      const [size, count] = [grid().audit.size(), uses(consent.id)];
      expect(await serve(message, from)).to.equal(expected);
      expect(uses(consent.id), 'uses').to.equal(count);
      expect(grid().audit.size() - size, 'leaves').to.equal(expected.startsWith('problem') ? 0 : 1);
    };

    it('answers the same message again without counting again', async () => {
      const { message } = await capture();
      const before = uses(consent.id);
      expect(await serve(message)).to.equal('ok');
      expect(await serve(message)).to.equal('ok');
      expect(uses(consent.id)).to.equal(before + 1);
    });

    it('USAGE_CONFLICT for another message under a usage that was served', async () => {
      const { message, claims } = await capture();
      expect(await serve(message)).to.equal('ok');
      await unchanged(await signed({ ...claims, exp: Number(claims.exp) - 1 }), 'USAGE_CONFLICT');
      expect(await serve(message), 'the right one is still answered').to.equal('ok');
    });

    it('refuses altered, unsigned, foreign and malformed messages with a problem, unlogged', async () => {
      const { message, claims } = await capture();
      const [head, body, signature] = message.split('.') as [string, string, string];
      const altered = Buffer.from(JSON.stringify({ ...claims, purpose: 'loan-monitoring' })).toString('base64url');
      await unchanged(`${head}.${altered}.${signature}`, 'problem JWS_SIGNATURE');
      await unchanged(`${head}.${body}`, 'problem JWS_MALFORMED');
      await unchanged('', 'problem JWS_MALFORMED');
      await unchanged(await bank().keys.sign('xinshu-acknowledgement+jws', claims), 'problem JWS_TYPE');
      await unchanged(message, 'problem JWS_KEY_UNKNOWN', 'gov-credit');
      await unchanged(await signed({ ...claims, extra: 1 }), 'problem MESSAGE_MALFORMED');
      await unchanged(await signed({ ...claims, fields: [] }), 'problem MESSAGE_MALFORMED');
      await unchanged(await signed({ ...claims, iss: 'gov-credit' }), 'problem MESSAGE_ISSUER');
    });

    it('MESSAGE_AUDIENCE and MESSAGE_CHAIN for what is meant for another', async () => {
      const { claims } = await capture();
      await unchanged(await signed({ ...claims, aud: 'gov-credit' }), 'problem MESSAGE_AUDIENCE');
      await unchanged(await signed({ ...claims, chain: 1 }), 'problem MESSAGE_CHAIN');
    });

    it('MESSAGE_EXPIRED, logged, for one past its time, from the future or living too long', async () => {
      const now = Math.floor(Date.now() / 1000);
      for (const times of [
        { iat: now - 700, exp: now - 100 },
        { iat: now + 300, exp: now + 900 },
        { iat: now, exp: now + 100_000 },
      ]) {
        const { claims } = await capture();
        // The captured usage is logged at the consumer only.
        const message = await signed({ ...claims, ...times });
        if (times.iat === now && times.exp > now + 86_400) await unchanged(message, 'problem MESSAGE_EXPIRED');
        else await unchanged(message, 'MESSAGE_EXPIRED');
      }
    });

    it('a provider whose clock is off refuses rather than serves: block time decides, not its clock', async () => {
      const { message } = await capture();
      const late: Modules = { ...grid(), clock: { now: () => Date.now() + 3600_000 } };
      const answer = await serveRecord(late, { from: consumer as never, message });
      expect(codeOf(answer)).to.equal('LEDGER_STALE');
    });

    it('LEDGER_BEHIND, to be tried again, for a block it has not seen; BLOCK_MISMATCH for one that is another here', async () => {
      const { claims } = await capture();
      const block = claims.block as { number: number; hash: string };
      const impatient: Modules = { ...grid(), policy: { ...grid().policy, limits: { ...grid().policy.limits, mirrorWaitMs: 10 } } };
      const ahead = await signed({ ...claims, block: { ...block, number: block.number + 1000 } });
      expect(codeOf(await serveRecord(impatient, { from: consumer as never, message: ahead }))).to.equal('LEDGER_BEHIND');
      await unchanged(await signed({ ...claims, block: { ...block, hash: `0x${'11'.repeat(32)}` } }), 'BLOCK_MISMATCH');
    });

    it('refuses a sealed part that is altered, of another usage or not for it', async () => {
      const flip = (jwe: string): string =>
        jwe.replace(
          /\.([^.]{4})([^.]*)\.([^.]+)$/,
          (_all, four: string, rest: string, tag: string) => `.${four === 'AAAA' ? 'BBBB' : 'AAAA'}${rest}.${tag}`,
        );
      const [one, two] = [await capture(), await capture()];
      await unchanged(await signed({ ...one.claims, sealed: flip(String(one.claims.sealed)) }), 'SEAL_UNOPENABLE');
      await unchanged(await signed({ ...two.claims, sealed: one.claims.sealed }), 'SEAL_CONTEXT');
      const third = await capture();
      await unchanged(await signed({ ...third.claims, sealed: 'not a jwe' }), 'SEAL_MALFORMED');
    });

    it('refuses what it decides against, whatever the consumer decided', async () => {
      const cases: readonly [Record<string, unknown>, string][] = [
        [{ operation: 'score' }, 'OPERATION_NOT_ALLOWED'],
        [{ dataset: 'other.data' }, 'DATASET_UNKNOWN'],
        [{ consent: null }, 'CONSENT_MISSING'],
        [{ consent: `0x${'22'.repeat(32)}` }, 'CONSENT_UNKNOWN'],
        [{ grant: `0x${'33'.repeat(32)}` }, 'GRANT_MISSING'],
        [{ fields: ['billFen'] }, 'CONSENT_FIELD_MISMATCH'],
        [{ fields: ['nothing'] }, 'FIELD_UNKNOWN'],
        [{ purpose: 'curiosity' }, 'PURPOSE_UNKNOWN'],
      ];
      for (const [changes, expected] of cases) {
        const { claims } = await capture();
        await unchanged(await signed({ ...claims, ...changes }), expected);
      }
    });

    it('a refused message stays refused, in the same words', async () => {
      const { claims } = await capture();
      const message = await signed({ ...claims, consent: null });
      const first = await serveRecord(grid(), { from: consumer as never, message });
      const size = grid().audit.size();
      expect(await serveRecord(grid(), { from: consumer as never, message })).to.deep.equal(first);
      expect(grid().audit.size()).to.equal(size);
    });
  });

  it('anchors both logs, and an auditor finds both halves of everything', async () => {
    for (const modules of [bank(), grid()]) {
      await eventually('the outbox', () => modules.outbox.size === 0);
      const anchored = good(await anchorLog(modules));
      expect(anchored.size).to.equal(modules.audit.size());
      expect(anchorLag(modules)).to.equal(0);
      expect(good(await anchorLog(modules)).anchored).to.equal(false);
    }
    const usages = new Map<string, UsageHalves>();
    const findings: Finding[] = [];
    for (const { member, audit } of [bank(), grid()])
      for (const { index, leaf, usage, values } of await opened(audit)) {
        const half = {
          member,
          index,
          step: leaf.step,
          outcome: leaf.outcome,
          block: leaf.block,
          counterparty: values.counterparty,
          values,
        };
        const added = addHalf(usage, usages.get(usage) ?? [], half);
        usages.set(usage, added.halves);
        findings.push(...added.findings);
      }
    const missing = [...usages.values()].flatMap((halves) => expectedOf(halves).filter((expected) => !isThere(halves, expected)));
    expect(missing).to.deep.equal([]);
    // Those the tests provoked by sending what the consumer never logged so.
    const provoked = findings.filter(
      ({ kind, what }) => !(kind === 'differs' && /fields|purpose|operation|consent|grant|dataset/.test(what)),
    );
    expect(provoked).to.deep.equal([]);
    for (const entry of await opened(grid().audit)) {
      if (entry.leaf.step !== 'served') continue;
      const opening = await grid().openings.find(entry.values.consent as ConsentId);
      expect(opening).not.to.equal(undefined);
      for (const shown of [ok(opening!), undefined]) {
        const again = recheckServed(grid().ledger.at(entry.leaf.block)!, grid().member, entry, shown);
        expect(again.findings).to.deep.equal([]);
        expect(again.counts.map(({ kind }) => kind)).to.deep.equal(['over-use', 'over-quota']);
      }
    }
  });

  it('refuses when the consumer or the issuer is suspended, from that block on', async () => {
    const reason = encodeBytes32String('test');
    await network.administer('suspend', [encodeBytes32String('gov-credit'), reason]);
    expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('MEMBER_SUSPENDED');
    await network.administer('resume', [encodeBytes32String('gov-credit')]);
    expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('ok');
    await network.administer('suspend', [encodeBytes32String(consumer), reason]);
    expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('MEMBER_SUSPENDED');
    await network.administer('resume', [encodeBytes32String(consumer)]);
  });
});
