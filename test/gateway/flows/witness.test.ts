import { cp, rm } from 'node:fs/promises';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { generateKeyMaterial, publicKeys } from '../../../gateway/adapters/keys/key-material.ts';
import { readKeystore, writeKeystore } from '../../../gateway/adapters/keys/keystore-file.ts';
import { keysOf } from '../../../gateway/adapters/keys/open-keystore.ts';
import { logOrigin, logSuite } from '../../../gateway/audit/checkpoint.ts';
import { cosignaturesIn } from '../../../gateway/audit/cosignature.ts';
import { formatNote, readNote, readSignatures } from '../../../gateway/audit/note.ts';
import { formatWitnessRequest } from '../../../gateway/audit/witness-request.ts';
import { witnessesOf } from '../../../gateway/audit/witness-set.ts';
import { XinshuError } from '../../../gateway/domain/errors.ts';
import { toHex } from '../../../gateway/domain/hash.ts';
import type { Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { cosignCheckpoint } from '../../../gateway/flows/cosign-checkpoint.ts';
import { cosignedNote } from '../../../gateway/flows/cosigned.ts';
import { Cosigners } from '../../../gateway/flows/cosigners.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { readCheckpoint } from '../../../gateway/flows/read-checkpoint.ts';
import { readStandings } from '../../../gateway/flows/read-standings.ts';
import { readStatus } from '../../../gateway/flows/read-status.ts';
import { reportContradictions } from '../../../gateway/flows/report-contradictions.ts';
import type { Contradiction, Witnessed } from '../../../gateway/flows/witness-memory.ts';
import { addKey, anchorCheckpoints, retireKey } from '../../../gateway/ports/ledger-calls.ts';
import type { WitnessAnswer } from '../../../gateway/ports/witness-peers.ts';
import { openSealed } from '../../../gateway/sealing/jwe.ts';
import { administrator } from '../../helpers/administered-chain.ts';
import { requestOf } from '../../helpers/append-requests.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { rejection } from '../../helpers/rejection.ts';
import { SignedLog } from '../../helpers/signed-log.ts';

const [log, witness, second] = ['grid-qinchuan', 'bank-changan', 'gov-credit'] as const;
const passphrase = 'passphrase of a test';

describe('witnesses', () => {
  let network: GatewayNetwork;
  let appended = 0;
  before(async () => {
    network = await startGatewayNetwork([log, witness, second]);
    for (const [name, value] of [
      ['witness-quorum', 2],
      ['max-witness-lag', 60],
    ] as const)
      await network.chain.send(administrator, 'directory', 'setParameter', [encodeBytes32String(name), value, 0]);
    await network.settled();
  });
  after(() => network.remove());
  const of = (member: string): Modules => network.gateway(member).modules;
  const grow = async (count = 1): Promise<void> => {
    for (let n = 0; n < count; n += 1) await of(log).audit.append(requestOf(appended++));
  };
  const materialOf = (member: string) => readKeystore(`${network.folder(member)}/keystore.jwe`, passphrase);
  /** A log that this member signs by its own keys, apart from its gateway. */
  const signedBy = async (member: string, number = 0): Promise<SignedLog> => {
    const keys = keysOf(await materialOf(member), openSealed);
    return new SignedLog({ keys, chainId: of(log).ledger.chainId, anchor: of(log).ledger.address('audit-anchor'), log: number });
  };
  const memory = (at: string, origin: string) => of(at).documents.get<Witnessed>('witnessed', origin);
  const ask = async (at: string, body: string) => cosignCheckpoint(of(at), Buffer.from(body));
  const answered = async (at: string, body: string): Promise<WitnessAnswer> => good(await ask(at, body));

  describe('as a witness', () => {
    // The log of this member is whatever a test signs with its keys.
    const member = 'bank-changan' as MemberId;
    const at = 'gov-credit';
    let honest: SignedLog;
    before(async () => {
      honest = (await signedBy(member)).grow(20, 'honest');
    });

    it('cosigns what extends what it cosigned last, durably, and says its size when asked from another', async () => {
      expect(await answered(at, await honest.request(3, 5))).to.deep.equal({ kind: 'conflict', size: 0 });
      for (const [from, to] of [
        [0, 5],
        [5, 9],
        [9, 9],
      ] as const) {
        const answer = await answered(at, await honest.request(from, to));
        if (answer.kind !== 'cosigned') throw new Error(`conflict at ${answer.size}`);
        const signatures = readSignatures(answer.lines)!;
        const { text } = good(readNote(await honest.note(to)));
        const view = of(at).ledger.head();
        const [cosignature] = good(cosignaturesIn({ text, signatures }, witnessesOf(view, of(at).ledger.chainId, member)));
        expect(cosignature?.member).to.equal(at);
        expect(Math.abs(cosignature!.time - Date.now() / 1000)).to.be.lessThan(60);
        expect(await memory(at, honest.origin)).to.include({ size: to, root: toHex(await honest.root(to)), time: cosignature!.time });
      }
      expect(await answered(at, await honest.request(0, 12))).to.deep.equal({ kind: 'conflict', size: 9 });
    });

    it('refuses each bad request with its code and remembers nothing of it', async () => {
      const before = await memory(at, honest.origin);
      const refused = async (code: string, body: string) => {
        expect(codeOf(await ask(at, body)), body).to.equal(code);
        expect(await memory(at, honest.origin)).to.deep.equal(before);
      };
      const [note, proof] = [await honest.note(12), await honest.proof(9, 12)];
      const request = (change: object) => formatWitnessRequest({ oldSize: 9, proof, note, ...change });
      await refused('WITNESS_REQUEST_MALFORMED', note);
      await refused('WITNESS_REQUEST_MALFORMED', request({ note: note.slice(0, -1) }));
      const badSize = good(readNote(note)).text.replace('\n12\n', '\n012\n');
      const resigned = `${badSize}\n${(await unsigned(member, badSize)).line}`;
      await refused('WITNESS_REQUEST_MALFORMED', request({ note: resigned }));

      await refused('WITNESS_LOG_UNKNOWN', request({ note: note.replaceAll(member, 'nobody') }));
      await refused('WITNESS_LOG_UNKNOWN', request({ note: note.replaceAll('/0\n', '/1\n') }));
      await refused('WITNESS_LOG_UNKNOWN', await (await signedBy(at)).grow(3, 'own').request(0, 3));
      await refused('WITNESS_LOG_UNKNOWN', await (await signedBy(member, 7)).grow(3, 'seventh').request(0, 3));

      const lines = note.split('\n');
      const without = (line: number) => request({ note: lines.filter((_, n) => n !== line).join('\n') });
      await refused('WITNESS_SIGNATURE', without(4));
      await refused('WITNESS_SIGNATURE', without(5));
      await refused('WITNESS_SIGNATURE', request({ note: note.replace('\n12\n', '\n13\n') }));
      const stranger = keysOf(await generateKeyMaterial(member, Date.now()), openSealed);
      const chain = { chainId: of(at).ledger.chainId, anchor: of(at).ledger.address('audit-anchor') };
      await refused('WITNESS_SIGNATURE', await new SignedLog({ keys: stranger, ...chain }).grow(20, 'honest').request(9, 12));
      const otherAccount = { ...keysOf(await materialOf(member), openSealed), account: stranger.account };
      await refused('WITNESS_SIGNATURE', await new SignedLog({ keys: otherAccount, ...chain }).grow(20, 'honest').request(9, 12));

      await refused('WITNESS_OLD_SIZE', request({ oldSize: 13 }));
      await refused('WITNESS_PROOF', request({ proof: [] }));
      await refused('WITNESS_PROOF', request({ proof: proof.slice(1) }));
      await refused('WITNESS_PROOF', request({ proof: [...proof, proof[0]] }));
      await refused('WITNESS_PROOF', request({ proof: await honest.proof(8, 12) }));
      await refused('WITNESS_PROOF', request({ note: await honest.note(9) }));
      await refused('WITNESS_PROOF', await (await signedBy(member)).grow(20, 'other').request(9, 12));
    });

    it('keeps what two roots for one size prove, and cosigns neither again', async () => {
      const before = await memory(at, honest.origin);
      const other = (await signedBy(member)).grow(20, 'other');
      expect(await answered(at, await other.request(9, 9))).to.deep.equal({ kind: 'conflict', size: 9 });
      expect(await memory(at, honest.origin)).to.deep.equal(before);
      const kept = await of(at).documents.get<Contradiction>('contradiction', honest.origin);
      expect(kept?.notes).to.deep.equal([await honest.note(9), await other.note(9)]);
      const standing = (await readStandings(of(at))).find(({ member: who }) => who === member);
      expect(standing).to.include({ flagged: true, contradicted: true });
    });

    it('brings them before the chain, once, and then every member sees it', async () => {
      const [down, up] = [await of(at).documents.get<Contradiction>('contradiction', honest.origin), { ...of(at) }];
      const unreachable = { submit: async () => ({ ok: false as const, refusal: { code: 'LEDGER_UNREACHABLE' as const, detail: {} } }) };
      expect(await reportContradictions({ ...up, writer: { ...unreachable, account: up.writer.account } })).to.equal(1);
      expect(await of(at).documents.get<Contradiction>('contradiction', honest.origin)).to.deep.equal(down);
      expect(await reportContradictions(of(at))).to.equal(0);
      await network.settled();
      const forks = () => of(log).ledger.head().member(member)?.forks;
      expect(forks()).to.equal(1);
      const standing = (await readStandings(of(log))).find(({ member: who }) => who === member);
      expect(standing).to.include({ flagged: true, contradicted: true });
      const head = of(at).ledger.head().block.number;
      expect(await reportContradictions(of(at))).to.equal(0);
      expect([forks(), of(at).ledger.head().block.number]).to.deep.equal([1, head]);
    });

    it('answers one of many requests at once, of two histories never both', async () => {
      const fork = (await signedBy(member)).grow(9, 'honest').grow(20, 'fork');
      const sizes = Array.from({ length: 10 }, (_, n) => 10 + n);
      const all = await Promise.all(sizes.flatMap((size) => [honest, fork].map(async (each) => ask(at, await each.request(9, size)))));
      expect(all.filter((each) => each.ok && each.value.kind === 'cosigned').length).to.equal(1);
    });

    it('does not answer when its memory could not be written, and is not confused after', async () => {
      const before = (await memory(at, honest.origin))!;
      const failing = new Proxy(of(at).documents, {
        get: (target, name) =>
          name === 'put' ? async () => Promise.reject(new XinshuError('STORE_WRITE_FAILED')) : Reflect.get(target, name, target),
      });
      const branch =
        toHex(await honest.root(before.size)) === before.root ? honest : (await signedBy(member)).grow(9, 'honest').grow(20, 'fork');
      const body = Buffer.from(await branch.request(before.size, 20));
      await rejection('STORE_WRITE_FAILED', () => cosignCheckpoint({ ...of(at), documents: failing }, body));
      expect(await memory(at, honest.origin)).to.deep.equal(before);
      expect((await answered(at, body.toString())).kind).to.equal('cosigned');
    });

    it('never gives an earlier time than before, whatever the clock does', async () => {
      const before = (await memory(at, honest.origin))!;
      const back = { ...of(at), clock: { now: () => Date.now() - 86_400_000 } };
      const branch = toHex(await honest.root(20)) === before.root ? honest : (await signedBy(member)).grow(9, 'honest').grow(20, 'fork');
      good(await cosignCheckpoint(back, Buffer.from(await branch.request(20, 20))));
      expect((await memory(at, honest.origin))!.time).to.equal(before.time);
    });

    it('WITNESS_ANCHOR: restored from an old copy, it still cosigns nothing behind or beside the chain', async () => {
      const origin = honest.origin;
      const lost = await memory(at, origin);
      const branch = (await signedBy(member)).grow(20, 'anchored');
      const keys = keysOf(await materialOf(member), openSealed);
      const [size, root] = [15, toHex(await branch.root(15))];
      const note = await branch.note(15);
      const signature = toHex(good(readNote(note)).signatures[1]!.signature);
      const entry = { member: keys.member, log: 0, suite: logSuite, size, root, consistency: [] as Hex[], signature };
      good(await of(witness).writer.submit(anchorCheckpoints([entry])));
      await network.settled();
      await of(at).documents.remove('witnessed', origin);
      const other = (await signedBy(member)).grow(20, 'other');
      expect(codeOf(await ask(at, await branch.request(0, 14)))).to.equal('WITNESS_ANCHOR');
      expect(codeOf(await ask(at, await other.request(0, 15)))).to.equal('WITNESS_ANCHOR');
      expect(await memory(at, origin)).to.equal(undefined);
      // What only its lost memory knew, it can't know: a longer history is taken from whoever shows it first.
      expect((await answered(at, await branch.request(0, 15))).kind).to.equal('cosigned');
      expect(lost?.size).to.equal(20);
    });

    it('MEMBER_KEY_MISSING: does not cosign with a key that is not registered', async () => {
      const other = { ...of(at).keys, noteKey: new Uint8Array(32).fill(7) };
      const branch = (await signedBy(member)).grow(20, 'anchored');
      const before = await memory(at, honest.origin);
      expect(codeOf(await cosignCheckpoint({ ...of(at), keys: other }, Buffer.from(await branch.request(15, 16))))).to.equal(
        'MEMBER_KEY_MISSING',
      );
      expect(await memory(at, honest.origin)).to.deep.equal(before);
    });

    const unsigned = async (by: string, text: string): Promise<{ line: string }> => {
      const keys = keysOf(await materialOf(by), openSealed);
      const origin = logOrigin(of(at).ledger.chainId, by as MemberId, 0);
      return { line: formatNote(text, origin, keys.noteKey, await keys.signNote(Buffer.from(text))).split('\n\n')[1]! };
    };
  });

  describe('as a log', () => {
    const round = async (): Promise<void> => {
      await of(log).checkpoints.fresh();
      await new Cosigners(of(log)).round();
    };
    const others = () => [witness, second].sort();

    it('collects a quorum of cosignatures, shows it to readers and to the witnesses, and keeps it over a restart', async () => {
      await grow(3);
      await round();
      const { size, note, cosigned } = await readCheckpoint(of(log));
      expect(cosigned).to.include({ size, note });
      expect([...cosigned!.witnesses].sort()).to.deep.equal(others());
      const view = of(log).ledger.head();
      const found = good(cosignaturesIn(good(readNote(note)), witnessesOf(view, of(log).ledger.chainId, of(log).member)));
      expect(found.map(({ member }) => member).sort()).to.deep.equal(others());
      const origin = logOrigin(of(log).ledger.chainId, of(log).member, 0);
      for (const each of others()) expect(await memory(each, origin)).to.include({ size, quorumSize: size, waitingSince: null });
      await network.stop(log);
      await network.start(log);
      expect((await readCheckpoint(of(log))).cosigned).to.deep.equal(cosigned);
    });

    it('goes on from where each witness stands', async () => {
      await grow(4);
      await round();
      expect((await readCheckpoint(of(log))).cosigned).to.include({ size: appended });
      expect((await readStatus(of(log))).witness).to.include({ quorum: 2, cosignedSize: appended, waitingSeconds: 0 });
    });

    it('is flagged by itself and by every witness when it stays without a quorum for too long, and not any more after', async () => {
      await network.stop(second);
      await grow();
      await round();
      expect((await readCheckpoint(of(log))).cosigned?.size).to.equal(appended - 1);
      const standingAt = async (at: string, seconds: number) =>
        (await readStandings({ ...of(at), clock: { now: () => Date.now() + seconds * 1000 } })).find(({ member }) => member === log);
      for (const at of [log, witness]) {
        expect(await standingAt(at, 50)).to.include({ flagged: false, size: appended, quorumSize: appended - 1 });
        expect(await standingAt(at, 70)).to.include({ flagged: true, contradicted: false });
      }
      await network.start(second);
      await round();
      for (const at of [log, witness, second]) expect(await standingAt(at, 70)).to.include({ flagged: false, quorumSize: appended });
    });

    it('is flagged by those who only see its anchors', async () => {
      const origin = logOrigin(of(log).ledger.chainId, of(log).member, 0);
      good(await anchorLog(of(log)));
      await network.settled();
      const before = await memory(second, origin);
      await of(second).documents.remove('witnessed', origin);
      const later = { ...of(second), clock: { now: () => Date.now() + 70_000 } };
      expect((await readStandings(later)).find(({ member }) => member === log)).to.include({
        flagged: true,
        size: appended,
        quorumSize: 0,
      });
      await of(second).documents.put('witnessed', origin, before);
      expect((await readStandings(later)).find(({ member }) => member === log)).to.include({ flagged: false });
    });

    it('takes no cosignature that does not verify, and says why a witness gave none', async () => {
      await grow();
      const newest = await of(log).checkpoints.fresh();
      const outcomes = async (answer: (body: string) => WitnessAnswer): Promise<string[]> => {
        const seen: string[] = [];
        const witnesses = { addCheckpoint: async (_to: MemberId, body: string) => ({ ok: true as const, value: answer(body) }) };
        const meter = { ...of(log).meter, cosignature: (outcome: string) => seen.push(outcome) };
        await new Cosigners({ ...of(log), witnesses, meter }).round();
        return seen;
      };
      const all = (code: string) => Array.from({ length: 5 }, () => code);
      expect(await outcomes(() => ({ kind: 'cosigned', lines: 'nothing' }))).to.deep.equal(all('WITNESS_ANSWER'));
      const old = (await readCheckpoint(of(log))).cosigned!.note.split('\n\n')[1]!.split('\n').slice(2).join('\n');
      expect(await outcomes(() => ({ kind: 'cosigned', lines: old }))).to.deep.equal(all('WITNESS_ANSWER'));
      expect(await outcomes(() => ({ kind: 'conflict', size: newest.size + 1 }))).to.deep.equal(all('WITNESS_AHEAD'));
      expect(await outcomes((body) => ({ kind: 'conflict', size: Number(/^old (\d+)/.exec(body)![1]) }))).to.deep.equal(
        all('WITNESS_CONTRADICTION'),
      );
      const moved = (body: string): WitnessAnswer => ({ kind: 'conflict', size: body.startsWith('old 1\n') ? 2 : 1 });
      expect(await outcomes(moved)).to.deep.equal(all('WITNESS_MOVED'));
      expect((await readCheckpoint(of(log))).cosigned?.size).to.equal(newest.size - 1);
    });

    it('WITNESS_WENT_BACK: notices a witness that forgot what it cosigned, and is cosigned on', async () => {
      const cosigners = new Cosigners(of(log));
      await cosigners.round();
      const origin = logOrigin(of(log).ledger.chainId, of(log).member, 0);
      await of(witness).documents.remove('witnessed', origin);
      const said: unknown[] = [];
      const spied = {
        ...of(log),
        log: { ...of(log).log, error: (facts: object) => said.push(facts), warn: () => undefined, info: () => undefined },
      };
      const watching = new Cosigners(spied);
      await watching.round();
      await of(witness).documents.remove('witnessed', origin);
      await grow();
      await of(log).checkpoints.fresh();
      await watching.round();
      expect(said).to.deep.include({ outcome: 'WITNESS_WENT_BACK', member: witness, size: 0, cosigned: appended - 1 });
      expect((await readCheckpoint(of(log))).cosigned).to.include({ size: appended });
    });

    it('asks again only after a while whoever failed, and nobody twice at once', async () => {
      await grow();
      await of(log).checkpoints.fresh();
      let now = Date.now();
      const asked: string[] = [];
      const witnesses = {
        addCheckpoint: async (to: MemberId) => {
          asked.push(to);
          return { ok: false as const, refusal: { code: 'PEER_TIMEOUT' as const, detail: {} } };
        },
      };
      const cosigners = new Cosigners({ ...of(log), witnesses, clock: { now: () => now } });
      await Promise.all([cosigners.round(), cosigners.round()]);
      expect(asked.length).to.equal(5);
      await cosigners.round();
      expect(asked.length).to.equal(5);
      now += 1_001;
      await cosigners.round();
      expect(asked.length).to.equal(10);
      now += 1_001;
      await cosigners.round();
      expect(asked.length).to.equal(10);
    });

    it('is cosigned on after its note key was changed in the middle', async () => {
      const path = `${network.folder(log)}/keystore.jwe`;
      const old = await materialOf(log);
      const next = { ...old, note: (await generateKeyMaterial(log, Date.now())).note };
      await network.stop(log);
      await cp(path, `${path}.old`);
      await rm(path);
      await writeKeystore(path, next, passphrase);
      await network.start(log);
      const { purpose, suite, data } = publicKeys(next).find((key) => key.purpose === 'note')!;
      good(await of(log).writer.submit(addKey(purpose, suite, data)));
      const retired = publicKeys(old).find((key) => key.purpose === 'note')!.data;
      const { index } = of(log)
        .ledger.head()
        .member(of(log).member)!
        .keys.find((key) => key.data === retired)!;
      good(await of(log).writer.submit(retireKey(index)));
      await network.settled();
      await grow();
      await round();
      const { size, cosigned } = await readCheckpoint(of(log));
      expect(cosigned).to.include({ size: appended });
      expect(size).to.equal(appended);
      // The old key signs no more.
      const forged = new SignedLog({
        keys: keysOf(old, openSealed),
        chainId: of(log).ledger.chainId,
        anchor: of(log).ledger.address('audit-anchor'),
      }).grow(appended + 1, 'forged');
      expect(codeOf(await ask(witness, await forged.request(appended, appended + 1)))).to.equal('WITNESS_SIGNATURE');
    });

    it('carries no more cosignatures than every reader of notes takes', () => {
      const cosignatures = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`member-${n}`, `— w${n} AAAAAAAAAAA=\n`]));
      expect(cosignedNote({ base: '', cosignatures }).split('\n').length - 1).to.equal(14);
    });
  });
});
