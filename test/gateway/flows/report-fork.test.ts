import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { generateKeyMaterial, publicKeys } from '../../../gateway/adapters/keys/key-material.ts';
import { readKeystore, writeKeystore } from '../../../gateway/adapters/keys/keystore-file.ts';
import { logOrigin } from '../../../gateway/audit/checkpoint.ts';
import type { ForkStatement } from '../../../gateway/audit/fork-evidence.ts';
import { openNote } from '../../../gateway/audit/note.ts';
import { fromHex, sha256Hex } from '../../../gateway/domain/hash.ts';
import type { Address, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { readCheckpoint } from '../../../gateway/flows/read-checkpoint.ts';
import { reportFork } from '../../../gateway/flows/report-fork.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { addKey, rotateAccount } from '../../../gateway/ports/ledger-calls.ts';
import { administrator } from '../../helpers/administered-chain.ts';
import { believes, consumer, giveConsent, members, provider, publish, query, type TestConsent } from '../../helpers/electricity.ts';
import { evidenceOf, type ForkPlace, forkedBetween, forkedBy, statement } from '../../helpers/forks.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { testAccount } from '../../helpers/member-documents.ts';

const grid = provider as MemberId;
const hub = 'chain-hub' as MemberId;

describe('keys that change in the middle of a log, and evidence of a fork', () => {
  let network: GatewayNetwork;
  let place: ForkPlace;
  let consent: TestConsent;
  before(async () => {
    network = await startGatewayNetwork(members, believes);
    place = { chainId: network.chain.chainId, anchor: network.chain.contracts['audit-anchor'] as Address };
    await publish(network);
    consent = await giveConsent(network);
  });
  after(() => network.remove());
  const at = (member: string) => network.gateway(member).modules;
  const use = async () => codeOf(await requestRecord(at(consumer), query(consent)));
  const report = (evidence: unknown) => reportFork(at(consumer), { evidence });
  const formatted = (evidence: object) => ({ kind: 'xinshu-fork-evidence', version: 1, ...evidence });
  const setPolicy = async (value: number) => {
    await network.chain.send(administrator, 'directory', 'setParameter', [encodeBytes32String('refuse-forked'), value, 0]);
    await network.settled();
  };

  describe('keys that change', () => {
    /** Stops the gateway, changes its keystore, tells the registry, and starts it again. */
    const withKeys = async (change: (old: Awaited<ReturnType<typeof readKeystore>>) => Promise<typeof old>): Promise<void> => {
      const path = join(network.folder(provider), 'keystore.jwe');
      await network.stop(provider);
      const changed = await change(await readKeystore(path, 'passphrase of a test'));
      await rm(path);
      await writeKeystore(path, changed, 'passphrase of a test');
      await network.start(provider);
    };
    const anchored = async (): Promise<number> => {
      expect(await use()).to.equal('ok');
      const { size, anchored } = good(await anchorLog(at(provider)));
      expect(anchored).to.equal(true);
      expect(at(provider).ledger.head().latestAnchor(grid, 0)?.size).to.equal(size);
      return size;
    };

    it('go on: another account, another note key', async () => {
      const before = await anchored();
      const account = testAccount('grid-qinchuan, later');
      await withKeys(async (old) => {
        const { method, args } = rotateAccount(account.address as Address);
        await network.chain.send(testAccount(provider), 'member-registry', method, args);
        return { ...old, account: account.privateKey as Hex };
      });
      const after = await anchored();
      expect(after > before).to.equal(true);
      const head = at(consumer).ledger.head();
      expect(head.member(grid)).to.deep.include({ account: account.address, formerAccounts: [testAccount(provider).address], forks: 0 });

      const note = (await generateKeyMaterial(provider, Date.now())).note;
      const key = publicKeys({ ...(await generateKeyMaterial(provider, Date.now())), note }).find(({ purpose }) => purpose === 'note')!;
      await withKeys(async (old) => {
        const { method, args } = addKey(key.purpose, key.suite, key.data);
        await network.chain.send(account, 'member-registry', method, args);
        return { ...old, note };
      });
      expect((await anchored()) > after).to.equal(true);
      const { note: text } = await readCheckpoint(at(provider));
      expect(openNote(text, logOrigin(network.chain.chainId, grid, 0), fromHex(key.data)).ok).to.equal(true);
      await network.settled();
    });

    it('do not clear: what a former account signed is evidence', async () => {
      const { ledger } = at(consumer);
      const last = ledger.head().latestAnchor(grid, 0)!;
      const former = await statement(place, grid, last.size, sha256Hex('another history'), testAccount(provider));
      const onChain: ForkStatement = { size: last.size, root: last.root, account: null, signature: null };
      await setPolicy(0);
      const reported = good(await report(formatted(evidenceOf(place, grid, former, onChain))));
      expect(reported).to.include({ member: provider, recorded: true });
      expect(ledger.head().member(grid)?.forks).to.equal(1);
    });
  });

  describe('a fork', () => {
    it('makes its member refused where the network has agreed on that, from that block on', async () => {
      expect(await use()).to.equal('ok');
      const before = at(provider).ledger.head().block.number;
      await setPolicy(1);
      expect(await use()).to.equal('MEMBER_FORKED');
      expect(at(provider).ledger.at(before)?.parameter('refuse-forked')).to.equal(0);
      await setPolicy(0);
      expect(await use()).to.equal('ok');
    });

    it('is seen by every member, whoever reports it, and is recorded once', async () => {
      const evidence = formatted(await forkedBetween(hub, 6, 11, place));
      const first = good(await report(evidence));
      const again = good(await reportFork(at(provider), { evidence }));
      expect([first.recorded, again.recorded, again.id]).to.deep.equal([true, false, first.id]);
      await network.settled();
      for (const member of members) expect(at(member).ledger.head().member(hub)?.forks, member).to.equal(1);
      good(await report(formatted(await forkedBy(hub, 30, place))));
      expect(at(consumer).ledger.head().member(hub)?.forks).to.equal(2);
    });

    it('is not taken without proof, and nothing changes', async () => {
      const evidence = await forkedBetween(hub, 7, 12, place);
      const refused = async (change: object): Promise<string> => codeOf(await report(formatted({ ...evidence, ...change })));
      expect(codeOf(await report('no evidence'))).to.equal('FORK_EVIDENCE_MALFORMED');
      expect(await refused({ consistency: evidence.consistency.slice(1) })).to.equal('FORK_NOT_PROVEN');
      expect(await refused({ extendedRoot: evidence.first.root })).to.equal('FORK_NOT_PROVEN');
      expect(await refused({ chainId: 1 })).to.equal('FORK_EVIDENCE_FOREIGN');
      expect(await refused({ anchor: network.chain.contracts.council })).to.equal('FORK_EVIDENCE_FOREIGN');
      expect(await refused({ member: 'nobody' })).to.equal('MEMBER_UNKNOWN');
      const stranger = await forkedBetween(hub, 7, 12, place, testAccount('stranger'));
      expect(codeOf(await report(formatted(stranger)))).to.equal('FORK_ACCOUNT_FOREIGN');
      const forged = { ...stranger.second, account: testAccount(hub).address };
      const judged = await report(formatted({ ...evidence, second: forged }));
      expect(judged.ok ? {} : judged.refusal).to.deep.include({ code: 'LEDGER_CALL_REVERTED' });
      expect(judged.ok ? {} : judged.refusal.detail).to.deep.include({ error: 'AuditAnchorInvalidSignature', member: hub });
      const anchored = await report(formatted({ ...evidence, first: { ...evidence.first, account: null, signature: null } }));
      expect(anchored.ok ? {} : anchored.refusal.detail).to.deep.include({ error: 'AuditAnchorNotAnchored', size: 7 });
      expect(at(consumer).ledger.head().member(hub)?.forks).to.equal(2);
    });
  });
});
