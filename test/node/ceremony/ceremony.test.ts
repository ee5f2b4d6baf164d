import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Contract, encodeBytes32String, JsonRpcProvider } from 'ethers';
import { readArtefacts } from '../../../gateway/adapters/prover/artefacts.ts';
import { openProver } from '../../../gateway/adapters/prover/open-prover.ts';
import { ceremonyFolder, hashFile } from '../../../node/ceremony/folder.ts';
import { runPhase2 } from '../../../node/ceremony/phase2.ts';
import { signContribution } from '../../../node/ceremony/signature.ts';
import { type Contribution, readTranscript, type Transcript } from '../../../node/ceremony/transcript.ts';
import { contribute } from '../../../node/cli/ceremony/contribute.ts';
import { finalize } from '../../../node/cli/ceremony/finalize.ts';
import { start } from '../../../node/cli/ceremony/start.ts';
import { verify } from '../../../node/cli/ceremony/verify.ts';
import { execute, vote } from '../../../node/cli/council/act.ts';
import { propose } from '../../../node/cli/council/propose.ts';
import type { Output } from '../../../node/cli/output.ts';
import { writeJsonFile } from '../../../node/json-file.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { startTestChain } from '../../helpers/chain.ts';
import { testAccount, testMemberDocuments } from '../../helpers/member-documents.ts';
import { makeMemberFolder } from '../../helpers/member-folder.ts';
import { makeSmallCircuit, type SmallCircuit } from '../../helpers/small-ceremony.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';
import { nodeErrorOf } from '../node-error-of.ts';

const [first, second, third] = ['gov-credit', 'bank-changan', 'grid-qinchuan'] as const;

describe('ceremony (xinshu-node)', function () {
  this.timeout(180_000);
  let root: TemporaryFolder;
  let circuit: SmallCircuit;
  let members: string[];
  /** Three members, of whom the second left half-way. */
  let done: string;

  const at = (name: string): string => join(root.path, name);
  const answerOf = async <O>(command: (options: O, output: Output) => Promise<void>, options: O): Promise<Record<string, string>> => {
    const lines: string[] = [];
    await command(options, { json: true, result: (text) => lines.push(text), progress: () => {} });
    return JSON.parse(lines.join('\n')) as Record<string, string>;
  };
  const code = async (work: Promise<unknown>): Promise<string> => (await nodeErrorOf(work)).code;
  const begin = (ceremony: string, changes: object = {}) =>
    answerOf(start, {
      ceremony,
      artefacts: circuit.artefacts,
      r1cs: circuit.r1cs,
      powers: circuit.powers,
      members,
      least: '2',
      ...changes,
    });
  const shared = (ceremony: string) => ({ ceremony, artefacts: circuit.artefacts, members });
  const add = (ceremony: string, member: string, passOver = '') => answerOf(contribute, { ...shared(ceremony), as: at(member), passOver });
  const check = (ceremony: string) => answerOf(verify, shared(ceremony));

  before(async () => {
    root = await temporaryFolder();
    circuit = await makeSmallCircuit(root.path);
    members = [];
    for (const document of testMemberDocuments(demoManifest())) {
      if (![first, second, third].some((id) => id === document.id)) continue;
      await makeMemberFolder(at(document.id), document.id, testAccount(document.id));
      writeFileSync(join(at(document.id), 'member.json'), JSON.stringify(document));
    }
    members = [first, second, third].map(at);

    done = at('ceremony');
    await begin(done);
    await add(done, first);
    // The second was killed while it wrote its key, and did not come back.
    const { part, key } = ceremonyFolder(done);
    for (const file of [part, key(2)]) writeFileSync(file, 'half a key');
    await add(done, third, second);
  });
  after(() => root.remove());

  it('is verified, though one member left half-way', async () => {
    const { contributions } = (await check(done)) as unknown as Transcript;
    expect(contributions.map(({ member, passedOver }) => [member, passedOver])).to.deep.equal([
      [first, []],
      [third, [second]],
    ]);
  });

  it('lets the one who was passed over come late', async () => {
    const ceremony = at('late');
    cpSync(done, ceremony, { recursive: true });
    await add(ceremony, second);
    expect(((await check(ceremony)) as unknown as Transcript).contributions.map(({ member }) => member)).to.deep.equal([
      first,
      third,
      second,
    ]);
  });

  it('begins with the circuit of the software and powers of tau that are not for trial', async () => {
    const other = at('other.r1cs');
    writeFileSync(other, 'another circuit');
    expect(await code(begin(at('refused'), { r1cs: other }))).to.equal('NODE_CEREMONY_CIRCUIT');
    expect(await code(begin(at('refused'), { r1cs: at('nothing') }))).to.equal('NODE_CEREMONY_FILE');
    expect(await code(begin(at('refused'), { powers: circuit.trialPowers }))).to.equal('NODE_CEREMONY_POWERS');
    expect(await code(begin(at('refused'), { powers: circuit.r1cs }))).to.equal('NODE_CEREMONY_POWERS');
    expect(await code(begin(at('refused'), { trial: true }))).to.equal('NODE_CEREMONY_POWERS');
    expect(await code(begin(at('refused'), { least: '4' }))).to.equal('NODE_CEREMONY_TOO_FEW');
    expect(await code(begin(at('refused'), { least: 'all' }))).to.equal('NODE_USAGE');
    expect(await code(check(at('refused')))).to.equal('NODE_CEREMONY_MISSING');
    expect(await code(begin(done))).to.equal('NODE_CEREMONY_EXISTS');
  });

  it('takes contributions in turn, once, from its members with their accounts', async () => {
    const ceremony = at('turns');
    await begin(ceremony);
    const before = readFileSync(ceremonyFolder(ceremony).transcript);
    const early = await nodeErrorOf(add(ceremony, second));
    expect([early.code, early.detail.next]).to.deep.equal(['NODE_CEREMONY_TURN', first]);
    expect(await code(add(ceremony, first, second))).to.equal('NODE_CEREMONY_TURN');
    await makeMemberFolder(at('stranger'), 'stranger', testAccount('stranger'));
    await makeMemberFolder(at('impostor'), first, testAccount('stranger'));
    for (const folder of ['stranger', 'impostor']) expect(await code(add(ceremony, folder))).to.equal('NODE_CEREMONY_MEMBER');
    expect(readFileSync(ceremonyFolder(ceremony).transcript).equals(before)).to.equal(true);
    await add(ceremony, first);
    const again = await nodeErrorOf(add(ceremony, first));
    expect([again.code, again.detail.next]).to.deep.equal(['NODE_CEREMONY_TURN', second]);
    expect(await code(answerOf(verify, { ceremony, artefacts: circuit.artefacts }))).to.equal('NODE_USAGE');
  });

  describe('refuses a forged ceremony and names the first bad contribution', () => {
    type Forgery = (transcript: Transcript, ceremony: string) => Promise<Transcript> | Transcript;
    const change = (transcript: Transcript, place: number, changes: Partial<Contribution>): Transcript => ({
      ...transcript,
      contributions: transcript.contributions.map((one, index) => (index === place ? { ...one, ...changes } : one)),
    });
    /** Changed, and signed anew by its own member and those after it: all of them lie. */
    const resigned = async (transcript: Transcript, place: number, changes: Partial<Contribution>): Promise<Transcript> => {
      const changed = change(transcript, place, changes);
      let signed: Transcript = { ...changed, contributions: changed.contributions.slice(0, place) };
      for (const { signature: _, ...unsigned } of changed.contributions.slice(place)) {
        const signature = await signContribution(signed, unsigned, testAccount(unsigned.member).privateKey);
        signed = { ...signed, contributions: [...signed.contributions, { ...unsigned, signature }] };
      }
      return signed;
    };
    /** The last key changed in one byte of a section, from its end. */
    const flipped = async (transcript: Transcript, ceremony: string, fromEnd: number): Promise<Transcript> => {
      const file = ceremonyFolder(ceremony).key(2);
      const bytes = readFileSync(file);
      bytes[bytes.length - fromEnd]! ^= 1;
      writeFileSync(file, bytes);
      return resigned(transcript, 1, { provingKey: hashFile(file) });
    };
    const zero = `0x${'00'.repeat(64)}`;

    const cases: readonly (readonly [what: string, forge: Forgery, code: string, member?: string])[] = [
      ['a changed contribution', (one) => change(one, 0, { contribution: zero }), 'NODE_CEREMONY_SIGNATURE', first],
      ['a changed signature', (one) => change(one, 1, { signature: one.contributions[0]!.signature }), 'NODE_CEREMONY_SIGNATURE', third],
      ['a member that hides whom it passed over', (one) => change(one, 1, { passedOver: [] }), 'NODE_CEREMONY_SIGNATURE', third],
      ['a contribution under another name', (one) => change(one, 0, { member: second }), 'NODE_CEREMONY_SIGNATURE', second],
      ['a stranger', (one) => change(one, 0, { member: 'stranger' }), 'NODE_CEREMONY_MEMBER', 'stranger'],
      ['a member twice', (one) => change(one, 1, { member: first }), 'NODE_CEREMONY_MEMBER', first],
      ['a contribution taken out', (one) => ({ ...one, contributions: one.contributions.slice(1) }), 'NODE_CEREMONY_SIGNATURE', third],
      [
        'the last contribution taken off',
        (one) => ({ ...one, contributions: one.contributions.slice(0, 1), least: 1 }),
        'NODE_CEREMONY_SIGNATURE',
        first,
      ],
      ['fewer contributions needed', (one) => ({ ...one, least: 1 }), 'NODE_CEREMONY_SIGNATURE', first],
      [
        "another's account",
        (one) => ({ ...one, members: one.members.map((member) => ({ ...member, account: testAccount('stranger').address })) }),
        'NODE_CEREMONY_MEMBER',
        first,
      ],
      ['trial keys called by another name', (one) => ({ ...one, use: 'trial' }), 'NODE_CEREMONY_POWERS'],
      ['another circuit', (one) => ({ ...one, r1cs: one.powersOfTau }), 'NODE_CEREMONY_CIRCUIT'],
      ['a contribution signed that was not made', (one) => resigned(one, 0, { contribution: zero }), 'NODE_CEREMONY_CONTRIBUTION', first],
      [
        'a member that signs the key of the one before as its own',
        (one, ceremony) => {
          const { key } = ceremonyFolder(ceremony);
          cpSync(key(1), key(2));
          return resigned(one, 1, { provingKey: hashFile(key(1)) });
        },
        'NODE_CEREMONY_CONTRIBUTION',
        third,
      ],
      [
        'a contribution in the key that nobody signed',
        async (one, ceremony) => {
          const { key, part } = ceremonyFolder(ceremony);
          await runPhase2({ kind: 'contribute', from: key(2), to: part, member: third });
          cpSync(part, key(2));
          return resigned(one, 1, { provingKey: hashFile(key(2)) });
        },
        'NODE_CEREMONY_CONTRIBUTION',
      ],
      [
        'a key without contributions',
        (one, ceremony) => {
          const { key } = ceremonyFolder(ceremony);
          cpSync(key(0), key(2));
          return resigned(one, 1, { provingKey: hashFile(key(0)) });
        },
        'NODE_CEREMONY_CONTRIBUTION',
        first,
      ],
      [
        'another key in the place of the last',
        (one, ceremony) => {
          const { key } = ceremonyFolder(ceremony);
          cpSync(key(1), key(2));
          return one;
        },
        'NODE_CEREMONY_KEY',
        third,
      ],
      ['a changed proof of a contribution', (one, ceremony) => flipped(one, ceremony, 100), 'NODE_CEREMONY_KEY', third],
      ['a changed point of the key', (one, ceremony) => flipped(one, ceremony, 1300), 'NODE_CEREMONY_KEY', third],
      [
        'what is no key',
        (one, ceremony) => {
          const { key } = ceremonyFolder(ceremony);
          writeFileSync(key(2), 'no key');
          return resigned(one, 1, { provingKey: hashFile(key(2)) });
        },
        'NODE_CEREMONY_KEY',
        third,
      ],
      [
        'other powers of tau',
        (one, ceremony) => {
          cpSync(circuit.trialPowers, ceremonyFolder(ceremony).powers);
          return one;
        },
        'NODE_CEREMONY_POWERS',
      ],
      [
        'another constraint system',
        (one, ceremony) => {
          writeFileSync(ceremonyFolder(ceremony).r1cs, 'another');
          return one;
        },
        'NODE_CEREMONY_CIRCUIT',
      ],
      [
        'another witness program',
        (one, ceremony) => {
          writeFileSync(ceremonyFolder(ceremony).witnessProgram, 'another');
          return one;
        },
        'NODE_CEREMONY_CIRCUIT',
      ],
      ['what is no transcript', (one) => ({ ...one, version: 2 }) as unknown as Transcript, 'NODE_CEREMONY_TRANSCRIPT'],
      [
        'a file that is missing',
        (one, ceremony) => {
          rmSync(ceremonyFolder(ceremony).key(2));
          return one;
        },
        'NODE_CEREMONY_FILE',
      ],
    ];
    for (const [index, [what, forge, expected, member]] of cases.entries()) {
      it(what, async () => {
        const ceremony = at(`forged-${index}`);
        cpSync(done, ceremony, { recursive: true });
        const { transcript } = ceremonyFolder(ceremony);
        writeJsonFile(transcript, await forge(readTranscript(transcript), ceremony));
        const error = await nodeErrorOf(check(ceremony));
        expect([error.code, error.detail.member]).to.deep.equal([expected, member]);
        const kept = readFileSync(transcript);
        expect(await code(add(ceremony, second))).to.equal(expected);
        expect(await code(answerOf(finalize, { ...shared(ceremony), out: at('no-keys') }))).to.equal(expected);
        expect([readFileSync(transcript).equals(kept), existsSync(at('no-keys'))]).to.deep.equal([true, false]);
      });
    }
  });

  describe('its result', () => {
    const closed = (): string => at('closed');
    const out = (): string => at('keys');
    let result: Record<string, string>;

    before(async () => {
      cpSync(done, closed(), { recursive: true });
      result = await answerOf(finalize, { ...shared(closed()), out: out() });
    });

    it('needs as many members as were agreed on', async () => {
      const ceremony = at('few');
      await begin(ceremony);
      await add(ceremony, first);
      expect(await code(answerOf(finalize, { ...shared(ceremony), out: at('no-keys') }))).to.equal('NODE_CEREMONY_TOO_FEW');
    });

    it('is the same for whoever makes it, and ends the ceremony', async () => {
      const again = await answerOf(finalize, { ...shared(closed()), out: at('keys-again') });
      expect(again).to.deep.equal(result);
      for (const name of ['artefacts.json', 'artefacts/score-band.zkey', 'artefacts/verification-key.json', 'Groth16Verifier.sol']) {
        expect(hashFile(join(at('keys-again'), name)), name).to.equal(hashFile(join(out(), name)));
      }
      expect(await code(add(closed(), second))).to.equal('NODE_CEREMONY_CLOSED');
      const other = at('other-result');
      cpSync(closed(), other, { recursive: true });
      const { transcript } = ceremonyFolder(other);
      const found = readTranscript(transcript);
      writeJsonFile(transcript, { ...found, result: { ...found.result, verificationKey: found.r1cs } });
      expect(await code(answerOf(finalize, { ...shared(other), out: at('no-keys') }))).to.equal('NODE_CEREMONY_RESULT');
    });

    it('is what a network takes that takes no trial keys, and proves', async () => {
      expect(readArtefacts(out(), 'score-band', 'keys of a ceremony').use).to.equal('ceremony');
      const prover = openProver({ circuit: 'score-band', folder: out(), accept: 'keys of a ceremony', maxWaiting: 1, idleMs: 0 });
      try {
        const proved = await prover.prove({ low: 1n, high: 2n, session: 3n, context: 4n, offsetTotal: 5n, blinding: 6n });
        expect(proved.publicInputs).to.deep.equal([25n, 30n, 1n, 2n, 3n, 4n]);
        expect(await prover.verify(proved.publicInputs, proved.proof)).to.equal(true);
        expect(await prover.verify(proved.publicInputs.with(0, 26n), proved.proof)).to.equal(false);
      } finally {
        await prover.close();
      }
    });

    it('stays for trial use where the powers of tau are', async () => {
      const ceremony = at('drill');
      await begin(ceremony, { powers: circuit.trialPowers, trial: true, least: '1' });
      await add(ceremony, first);
      await answerOf(finalize, { ...shared(ceremony), out: at('drill-keys') });
      expect(readArtefacts(at('drill-keys'), 'score-band', 'trial keys too').use).to.equal('trial');
    });

    it('is put on chain by the council, and verified with the accounts that the chain has', async () => {
      const demo = demoManifest();
      const chain = await startTestChain({ manifest: { ...demo, council: { ...demo.council, delaySeconds: 0 } } });
      const provider = new JsonRpcProvider(chain.endpoint, demo.chainId, { staticNetwork: true, cacheTimeout: -1 });
      try {
        const on = { data: chain.dataDir, url: chain.endpoint };
        const action = ['parameter', result.parameter!, result.hash!];
        const made = await answerOf(propose, { ...on, as: at(first), action, voteYes: true });
        expect((made.calls as unknown as { en: string; data: string }[]).map(({ en, data }) => [en, data])).to.deep.equal([
          [`parameter ceremony-score-band = ${result.hash}`, result.callData],
        ]);
        for (const seat of [second, third]) await answerOf(vote, { ...on, as: at(seat), id: String(made.id), choice: 'yes' });
        await answerOf(execute, { ...on, as: at(first), id: String(made.id) });
        const directory = new Contract(chain.deployment.directory, ['function parameter(bytes32) view returns (uint256)'], provider);
        expect(await directory.getFunction('parameter')(encodeBytes32String('ceremony-score-band'))).to.equal(BigInt(result.hash!));
        const { hash } = await answerOf(verify, { ceremony: closed(), artefacts: circuit.artefacts, ...on });
        expect(hash).to.equal(result.hash);
      } finally {
        provider.destroy();
        await chain.remove();
      }
    });
  });

  it('accuses nobody when the computation is killed, and changes nothing', async () => {
    const before = readFileSync(ceremonyFolder(done).transcript);
    const work = nodeErrorOf(add(done, second));
    let pid: string | undefined;
    while (pid === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const processes = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split('\n');
      pid = processes
        .find((line) => line.includes('phase2-process'))
        ?.trim()
        .split(' ')[0];
    }
    process.kill(Number(pid), 'SIGKILL');
    const { code, detail } = await work;
    expect([code, detail.member]).to.deep.equal(['NODE_CEREMONY_STOPPED', undefined]);
    expect(readFileSync(ceremonyFolder(done).transcript).equals(before)).to.equal(true);
  });

  it('takes a folder that an interrupted start left half-made', async () => {
    const ceremony = at('half-made');
    mkdirSync(ceremony);
    for (const file of [ceremonyFolder(ceremony).part, ceremonyFolder(ceremony).powers]) writeFileSync(file, 'half');
    await begin(ceremony);
    expect(((await check(ceremony)) as unknown as Transcript).contributions).to.deep.equal([]);
  });
});
