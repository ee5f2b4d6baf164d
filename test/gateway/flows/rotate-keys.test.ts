import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { addKeys, keyKinds } from '../../../gateway/adapters/keys/add-keys.ts';
import { keysInForce } from '../../../gateway/domain/member-keys.ts';
import type { KeyPurpose } from '../../../gateway/domain/registry-state.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { administrator } from '../../helpers/administered-chain.ts';
import { believes, consumer, giveConsent, issuer, members, provider, publish, query, type TestConsent } from '../../helpers/electricity.ts';
import { eventually } from '../../helpers/eventually.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

const purposes = ['sign', 'seal', 'note', 'tls'] as const;

type Now = Readonly<Record<KeyPurpose, readonly string[]>> & { readonly account: string };

describe('rolling all keys of all members', function () {
  this.timeout(120_000);
  let network: GatewayNetwork;
  let consent: TestConsent;
  const modules = (member: string): Modules => network.gateway(member).modules;
  const newest = (member: string): Now => {
    const view = modules(consumer).ledger.head();
    const found = view.member(member as never)!;
    const keys = (purpose: KeyPurpose) => keysInForce(found.keys, purpose, view.block.number).map(({ data }) => data);
    return { account: found.account, sign: keys('sign'), seal: keys('seal'), note: keys('note'), tls: keys('tls') };
  };

  before(async () => {
    // As little as the configuration allows between making a key, using it, and retiring the one before.
    network = await startGatewayNetwork(members, (member) => ({
      ...believes(member),
      limits: { requestSeconds: 15, redeliverySeconds: 1 },
      anchor: { everySeconds: 2 },
      checkpoint: { everySeconds: 1 },
    }));
    await network.chain.send(administrator, 'directory', 'setParameter', [encodeBytes32String('max-block-age'), 4, 0]);
    await network.settled();
    await publish(network);
    consent = await giveConsent(network, { maxUses: 100_000 });
  });
  after(() => network.remove());

  it('refuses no query meanwhile, and leaves nothing of the old ones in use', async () => {
    const before = new Map<string, Now>(members.map((member) => [member, newest(member)]));
    const answers: string[] = [];
    let asking = true;
    const lanes = Array.from({ length: 3 }, async () => {
      while (asking) {
        answers.push(codeOf(await requestRecord(modules(consumer), query(consent, { usage: usageIdFrom(randomBytes(16)) }))));
        await delay(20);
      }
    });
    const made = new Map<string, readonly string[]>();
    for (const member of members) {
      const keys = await addKeys(join(network.folder(member), 'keystore.jwe'), 'passphrase of a test', keyKinds, [], Date.now());
      made.set(
        member,
        keys.map(({ data }) => data),
      );
    }
    const usesNew = (member: string): boolean =>
      newest(member).account !== before.get(member)!.account &&
      made.get(member)!.includes(`0x${Buffer.from(modules(member).keys.noteKey).toString('hex')}`);
    await eventually('all use their new keys', () => members.every((member) => usesNew(member)), 60_000);
    const isRolled = (member: string): boolean =>
      purposes.every((purpose) => {
        const kept = purpose === 'sign' && member === issuer ? 1 : 0;
        const { [purpose]: now } = newest(member);
        const own = before.get(member)![purpose].at(-1)!;
        return made.get(member)!.includes(now.at(-1)!) && now.includes(own) === (kept === 1);
      });
    await eventually('the old ones are retired', () => members.every((member) => isRolled(member)), 60_000);
    asking = false;
    await Promise.all(lanes);
    expect(answers.length).to.be.greaterThan(50);
    expect(answers.filter((code) => code !== 'ok')).to.deep.equal([]);

    for (const member of [consumer, provider]) {
      const anchored = good(await anchorLog(modules(member)));
      expect(anchored.size).to.equal(modules(member).audit.size());
      expect((await modules(member).checkpoints.fresh()).account).to.equal(newest(member).account);
    }
    // What the subject sealed to the provider's old key is opened still, and a gateway that starts anew takes up where it was.
    await network.stop(provider);
    await network.start(provider);
    expect(codeOf(await requestRecord(modules(consumer), query(consent, { usage: usageIdFrom(randomBytes(16)) })))).to.equal('ok');
  });

  it('asks again with the key it asked with', async () => {
    const usage = usageIdFrom(randomBytes(16));
    const { signer } = modules(consumer).keys;
    await network.stop(provider);
    expect(codeOf(await requestRecord(modules(consumer), query(consent, { usage })))).to.equal('PEER_UNREACHABLE');
    await network.start(provider);
    await addKeys(join(network.folder(consumer), 'keystore.jwe'), 'passphrase of a test', ['sign'], [], Date.now());
    await eventually('the new key signs', () => modules(consumer).keys.signer !== signer);
    const answer = good(await requestRecord(modules(consumer), query(consent, { usage })));
    const again = good(await requestRecord(modules(consumer), query(consent, { usage })));
    expect(again.receipt.request).to.equal(answer.receipt.request);
  });

  it('goes on after a stop between any two steps', async () => {
    const before = newest(provider);
    const keys = await addKeys(join(network.folder(provider), 'keystore.jwe'), 'passphrase of a test', keyKinds, [], Date.now());
    const count = () =>
      modules(consumer)
        .ledger.head()
        .member(provider as never)!.keys.length;
    const held = count();
    let restarts = 0;
    while (newest(provider).account === before.account) {
      const now = count();
      await eventually('one more step', () => count() > now || newest(provider).account !== before.account);
      await network.stop(provider);
      await network.start(provider);
      restarts++;
    }
    expect(restarts).to.be.greaterThan(1);
    expect(count() - held).to.equal(keys.length);
    for (const { purpose, data } of keys) expect(newest(provider)[purpose]).to.include(data);
    expect(codeOf(await requestRecord(modules(consumer), query(consent, { usage: usageIdFrom(randomBytes(16)) })))).to.equal('ok');
  });
});
