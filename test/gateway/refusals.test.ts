import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { Wallet } from 'ethers';
import { systemRandomness } from '../../gateway/adapters/clock/system.ts';
import { shippedArtefacts } from '../../gateway/adapters/prover/artefacts.ts';
import { createToken } from '../../gateway/adapters/tokens/token-file.ts';
import { checkpointDomain, checkpointMessage, checkpointTypes, logSuite } from '../../gateway/audit/checkpoint.ts';
import type { Address, ConsentId, GrantId, Hex, MemberId, UsageId } from '../../gateway/domain/ids.ts';
import { keysInForce } from '../../gateway/domain/member-keys.ts';
import { usageIdFrom } from '../../gateway/domain/usage-id.ts';
import { amendGrant } from '../../gateway/flows/amend-grant.ts';
import { anchorLag, anchorLog } from '../../gateway/flows/anchor-log.ts';
import type { Modules } from '../../gateway/flows/modules.ts';
import { readCheckpoint } from '../../gateway/flows/read-checkpoint.ts';
import { requestAccess } from '../../gateway/flows/request-access.ts';
import { requestRecord } from '../../gateway/flows/request-record.ts';
import type { LedgerCall } from '../../gateway/ports/ledger.ts';
import { anchorCheckpoints, publishVersion, retireKey, rotateAccount, setEndpoint } from '../../gateway/ports/ledger-calls.ts';
import { requestOf } from '../helpers/append-requests.ts';
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
  type TestConsent,
} from '../helpers/electricity.ts';
import { eventually } from '../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../helpers/gateway-network.ts';
import { testAccount } from '../helpers/member-documents.ts';
import { rejection } from '../helpers/rejection.ts';

const newUsage = (): UsageId => usageIdFrom(randomBytes(16));

describe('refusals that only a whole network gives', () => {
  let network: GatewayNetwork;
  let consent: TestConsent;
  const bank = (): Modules => network.gateway(consumer).modules;
  const grid = (): Modules => network.gateway(provider).modules;
  const authority = (): Modules => network.gateway(issuer).modules;
  const uses = (id: ConsentId): number => grid().audit.count(`consent/${id}/${dataset}`);
  const sizes = (): number[] => [bank(), grid(), authority()].map(({ audit }) => audit.size());
  const send = async (from: Wallet, { contract, method, args }: LedgerCall): Promise<void> => {
    await network.chain.send(from, contract, method, args);
    await network.settled();
  };

  before(async () => {
    network = await startGatewayNetwork(members, (member) => ({
      ...believes(member),
      limits: { queryTimeoutMs: 500, peerTimeoutMs: 1500, redeliverySeconds: 1 },
    }));
    await publish(network);
    consent = await giveConsent(network, { maxUses: 1000 });
  });
  after(() => network.remove());

  it('GRANT_QUOTA_USED once the quota of a grant is, and no use of the consent is counted', async () => {
    const now = bank().ledger.head().block.time;
    const scope = {
      fields: ['period', 'kWh'],
      purposes: ['loan-approval'],
      operations: ['raw'] as const,
      notBefore: now - 60,
      notAfter: now + 3600,
      quota: 2,
    };
    const { grant } = good(await requestAccess(bank(), { dataset, scope }));
    await network.settled();
    const ask = async (): Promise<string> => codeOf(await requestRecord(bank(), query(consent, { grant: grant as GrantId })));
    expect([await ask(), await ask()]).to.deep.equal(['ok', 'ok']);
    const before = uses(consent.id);
    expect(await ask()).to.equal('GRANT_QUOTA_USED');
    expect(uses(consent.id)).to.equal(before);
    expect(grid().audit.count(`grant/${grant}`)).to.equal(2);
  });

  it('USAGE_CLOSED once the key of an answered usage is erased: nothing is asked or counted again', async () => {
    const usage = newUsage();
    good(await requestRecord(bank(), query(consent, { usage })));
    await eventually('the key is erased', async () => {
      await bank().oneTimeKeys.sweep();
      return (await bank().oneTimeKeys.find(usage)) === undefined;
    });
    const [before, logged] = [uses(consent.id), sizes()];
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('USAGE_CLOSED');
    expect(uses(consent.id)).to.equal(before);
    expect(sizes()).to.deep.equal(logged);
  });

  it('RECORDS_NOT_READY while a version stands on chain and not here: not served as "no record", nothing counted', async () => {
    const { schemaHash } = grid().ledger.head().dataset(dataset) ?? expect.fail('no dataset');
    const root: Hex = `0x${'77'.repeat(32)}`;
    const commitments = [{ name: 'records', suite: logSuite, root, size: 4 }];
    await send(testAccount(provider), publishVersion(dataset, 2, schemaHash, commitments, bank().ledger.head().block.time));
    const [before, size] = [uses(consent.id), grid().audit.size()];
    const usage = newUsage();
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('RECORDS_NOT_READY');
    expect(uses(consent.id)).to.equal(before);
    expect(grid().audit.size()).to.equal(size);
    await publish(network);
    expect(codeOf(await requestRecord(bank(), query(consent, { usage })))).to.equal('ok');
    expect(uses(consent.id)).to.equal(before + 1);
  });

  it('LEDGER_ANSWER_INVALID when a confirmed transaction shows no event of its own', async () => {
    const mute = (modules: Modules): Modules => ({
      ...modules,
      writer: {
        account: modules.writer.account,
        submit: async (call) => {
          const included = await modules.writer.submit(call);
          return included.ok ? { ok: true, value: { ...included.value, events: [] } } : included;
        },
      },
    });
    const [grant] = bank().ledger.head().grantsOf(dataset, bank().member);
    const logged = sizes();
    if (grant === undefined) throw new Error('no grant');
    const asked = { dataset, scope: grant.scope };
    await rejection('LEDGER_ANSWER_INVALID', () => requestAccess(mute(bank()), asked));
    const amended = { grant: grant.id, scope: {}, priceFen: undefined, termsHash: undefined };
    await rejection('LEDGER_ANSWER_INVALID', () => amendGrant(mute(grid()), amended));
    expect(sizes()).to.deep.equal(logged);
    await network.settled();
  });

  it('CALL_TIMEOUT for a caller whose provider says nothing; the same usage goes on when it speaks again', async () => {
    const held: Socket[] = [];
    const silent = createServer((socket) => held.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await send(testAccount(provider), setEndpoint(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`));
    const clerk = { name: 'Li Na', roles: ['requester' as const], lifetimeMs: 3_600_000 };
    const { token } = createToken(join(network.folder(consumer), 'tokens.json'), clerk, Date.now(), systemRandomness);
    const usage = newUsage();
    const { staff: _, ...body } = query(consent, { usage });
    const call = async (): Promise<string> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(new URL('/v1/queries', network.gateway(consumer).clientUrl), {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as { readonly code?: string; readonly outcome?: string };
      if (answer.code === 'CALL_TIMEOUT') expect([response.status, response.headers.get('retry-after')]).to.deep.equal([503, '1']);
      return answer.code ?? String(answer.outcome);
    };
    const [before, size] = [uses(consent.id), grid().audit.size()];
    expect(await call()).to.equal('CALL_TIMEOUT');
    expect([uses(consent.id), grid().audit.size()]).to.deep.equal([before, size]);
    for (const socket of held) socket.destroy();
    silent.close();
    await send(testAccount(provider), setEndpoint(network.gateway(provider).peerUrl));
    await eventually('the usage is served', async () => (await call()) === 'ok');
    expect(uses(consent.id)).to.equal(before + 1);
  });

  it('CALL_TIMEOUT for a caller whose body does not come to its end', async () => {
    const clerk = { name: 'Li Na', roles: ['requester' as const], lifetimeMs: 3_600_000 };
    const { token } = createToken(join(network.folder(consumer), 'tokens.json'), clerk, Date.now(), systemRandomness);
    const { hostname, port } = new URL(network.gateway(consumer).clientUrl);
    const logged = sizes();
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /v1/queries HTTP/1.1',
      'host: x',
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      'content-length: 99',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"subject":`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString())
      .to.match(/^HTTP\/1.1 503 /)
      .and.to.contain('CALL_TIMEOUT');
    expect(sizes()).to.deep.equal(logged);
  });

  it('ARTEFACT_UNREADABLE at its start when its own proving keys are no keys; the keys of a ceremony take the place of the shipped ones', async () => {
    const keys = join(network.folder(issuer), 'proving-keys');
    const shipped = authority().prover?.verificationKey;
    await network.stop(issuer);
    mkdirSync(keys);
    await rejection('ARTEFACT_UNREADABLE', () => network.start(issuer));
    const manifest = readFileSync(join(shippedArtefacts.points, 'artefacts.json'), 'utf8');
    writeFileSync(join(keys, 'artefacts.json'), manifest.replace('"trial"', '"ceremony"'));
    symlinkSync(join(shippedArtefacts.points, 'artefacts'), join(keys, 'artefacts'));
    await network.start(issuer);
    expect(authority().prover?.verificationKey).to.equal(shipped);
  });

  describe('anchoring', () => {
    const next = new Wallet(`0x${'5e'.repeat(32)}`);
    const anchored = () =>
      authority()
        .ledger.head()
        .latestAnchor(issuer as MemberId, 0);

    it('ANCHOR_REFUSED for a signature of an account that is the member’s no more; nothing is anchored', async () => {
      await send(testAccount(issuer), rotateAccount(next.address as Address));
      const lag = anchorLag(authority());
      expect(lag).to.be.greaterThan(0);
      expect(codeOf(await anchorLog(authority()))).to.equal('ANCHOR_REFUSED');
      await network.settled();
      expect([anchored(), anchorLag(authority())]).to.deep.equal([undefined, lag]);
    });

    it('MEMBER_KEY_MISSING for a checkpoint when no note key is in force', async () => {
      const view = authority().ledger.head();
      for (const { index } of keysInForce(view.member(issuer as MemberId)?.keys ?? [], 'note', view.block.number))
        await send(next, retireKey(index));
      await authority().audit.append(requestOf(1));
      const logged = sizes();
      await rejection('MEMBER_KEY_MISSING', () => readCheckpoint(authority()));
      expect(sizes()).to.deep.equal(logged);
    });

    it('LOG_BEHIND_ANCHOR when more is anchored than the log holds: neither anchors nor starts again', async () => {
      const { ledger, audit } = authority();
      const [size, root] = [audit.size() + 1, randomBytes(32)];
      const domain = checkpointDomain(ledger.chainId, ledger.address('audit-anchor'));
      const message = checkpointMessage(issuer as MemberId, audit.log, size, root);
      const signature = (await next.signTypedData(domain, checkpointTypes as never, message)) as Hex;
      const entry = {
        member: issuer as MemberId,
        log: audit.log,
        suite: logSuite,
        size,
        root: `0x${root.toString('hex')}` as Hex,
        consistency: [],
        signature,
      };
      await send(next, anchorCheckpoints([entry]));
      const found = anchored();
      expect(found?.size).to.equal(size);
      await rejection('LOG_BEHIND_ANCHOR', () => anchorLog(authority()));
      expect([anchored(), audit.size()]).to.deep.equal([found, size - 1]);
      await network.stop(issuer);
      await rejection('LOG_BEHIND_ANCHOR', () => network.start(issuer));
    });
  });
});
