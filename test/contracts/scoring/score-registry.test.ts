import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { MODEL, modelRegistration, parts, SCORED, scoringWorld } from '../helpers/scoring.ts';
import { digest, sign } from '../helpers/signatures.ts';
import { code, DAY, ethers, idOf, latestBlock, NOTHING, now, pauseFor, send, suspend, view, type World } from '../helpers/world.ts';

const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const SUITE = code('xinshu-score-1');
const SUBJECT = ethers.toBeHex(12345n, 32);
const rootOf = (index: number): string => ethers.id(`features ${index}`);
const commitments = SCORED.map((_, index) => ({ x: BigInt(10 + index), y: BigInt(20 + index) }));

/** One published version with a feature tree for each dataset, a consent of the stranger for the trader, a registered model. */
const prepared = async () => {
  const w = await scoringWorld();
  const { catalog, consents, directory, models, scores: to } = w.contracts;
  const start = await now();
  for (const [index, { dataset, owner }] of SCORED.entries()) {
    const made = [
      { name: code('records'), suite: code('rfc6962-sha256'), root: ethers.id('records'), size: 5 },
      { name: code('features'), suite: code('poseidon-4x10'), root: rootOf(index), size: 5 },
    ];
    await send(catalog, w.by[owner], 'publishVersion', dataset, 1, ethers.id('schema 1'), made, start);
  }
  await send(models, w.by.trader, 'register', MODEL, 1, modelRegistration(start));
  const consent = {
    subject: SUBJECT,
    key: w.stranger.address,
    grantee: 'chain-trader',
    scopes: SCORED.map(({ dataset }) => ({ dataset: ethers.decodeBytes32String(dataset), fields: ['amountFen'] })),
    purpose: 'P01',
    operations: ['score'],
    notBefore: start - DAY,
    notAfter: start + 10n * DAY,
    maxUses: 7,
    renews: NOTHING,
    nonce: 1n,
    deadline: start + DAY,
  };
  await send(consents, w.spare, 'give', consent, await sign(w.stranger, 'consent', consents, consent));
  const verifier = await ethers.deployContract('ScoreVerifierMock');
  await send(directory, w.admin, 'set', code('score-verifier'), await verifier.getAddress());
  const session = {
    suite: SUITE,
    verifier: await verifier.getAddress(),
    verificationKey: ethers.id('verification key'),
    consumer: idOf('trader'),
    oneTimeKey: ethers.id('one-time key'),
    subject: SUBJECT,
    authorization: await digest('consent', consents, consent),
    model: MODEL,
    modelVersion: 1,
    contributions: SCORED.map(({ dataset }, index) => ({ dataset, version: 1, grant: ethers.id(`grant ${index}`), root: rootOf(index) })),
    epoch: start,
    blockNumber: await latestBlock(),
    blockHash: ethers.id('block'),
    nonce: ethers.id('nonce'),
  };
  return { w, to, session };
};
type Prepared = Awaited<ReturnType<typeof prepared>>;
type Session = Prepared['session'];

const signers = ({ by }: World): HardhatEthersSigner[] => [by.trader, ...SCORED.map(({ owner }) => by[owner])];

/** The call that records a session, everything signed as it must be, by those who must unless `by` says otherwise. */
const recording = async ({ w, to }: Prepared, session: Session, by = signers(w), points = commitments) => {
  const id = await digest('session', to, session);
  const signatures = [await sign(by[0]!, 'session', to, session)];
  for (const [index, point] of points.entries())
    signatures.push(await sign(by[index + 1]!, 'partCommitment', to, { session: id, ...point }));
  return { id, signatures, call: ['record', session, points, signatures] as const };
};

const recorded = async () => {
  const found = await prepared();
  const { id, call } = await recording(found, found.session);
  await send(found.to, found.w.spare, ...call);
  return { ...found, id };
};

/** What the circuit's public inputs must be, from the specification (docs/protocol/circuit.md). */
const publicInputs = (session: Session, id: string, index: number): bigint[] => [
  commitments[index]!.x,
  commitments[index]!.y,
  BigInt(rootOf(index)),
  BigInt(session.subject),
  BigInt(parts()[index]!.partHash),
  BigInt(id) % SCALAR_FIELD,
];
const proofOf = (inputs: bigint[]) => {
  const first = BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['uint256[6]'], [inputs])));
  const none = [0n, 0n] as const;
  return { a: [first, 0n], b: [none, none], c: none };
};

describe('ScoreRegistry: recording a session', () => {
  it('keeps what all parties signed, whoever brings it, also while paused', async () => {
    const found = await prepared();
    const { w, to, session } = found;
    const { id, call } = await recording(found, session);
    expect(await view(to, 'hashSession', session)).to.equal(id);
    const point = commitments[0]!;
    expect(await view(to, 'hashPartCommitment', id, point)).to.equal(await digest('partCommitment', to, { session: id, ...point }));
    expect(await view(to, 'recordedAt', id)).to.equal(0);
    await pauseFor(w);
    await suspend(w, 'trader');
    const points = commitments.map(({ x, y }) => [x, y]);
    const event = ['SessionRecorded', id, MODEL, idOf('trader'), 1, session.authorization, points] as const;
    await expectEvent(w, { to, by: w.spare, call, event });
    expect(await view(to, 'recordedAt', id)).to.equal(await latestBlock());
    expect(await view(to, 'commitmentsOf', id)).to.deep.equal(points);
    await expectRefused(w, { to, by: w.spare, call, error: ['ScoreRegistryAlreadyRecorded', id] });
  });

  it('is bound to suite, verifier, model, consent, datasets and roots', async () => {
    const found = await prepared();
    const { w, to, session } = found;
    const part = (change: Record<string, unknown>) => ({
      contributions: session.contributions.map((one, index) => (index === 1 ? { ...one, ...change } : one)),
    });
    const { address } = w.stranger;
    const grid = SCORED[2]!.dataset;
    const cases: [Record<string, unknown>, [string, ...unknown[]]][] = [
      [{ suite: code('other') }, ['ScoreRegistryUnsupportedSuite', code('other')]],
      [{ verifier: address }, ['ScoreRegistryUnknownVerifier', address]],
      [{ model: code('other') }, ['ScoreRegistryUnknownModel', code('other'), 1]],
      [{ modelVersion: 2 }, ['ScoreRegistryUnknownModel', MODEL, 2]],
      [{ authorization: NOTHING, subject: NOTHING }, ['ScoreRegistryWrongAuthorization', NOTHING]],
      [{ subject: ethers.toBeHex(1, 32) }, ['ScoreRegistryWrongAuthorization', session.authorization]],
      [{ consumer: idOf('bank') }, ['ScoreRegistryWrongAuthorization', session.authorization]],
      [{ contributions: session.contributions.slice(1) }, ['ScoreRegistryWrongCount', 3, 2]],
      [part({ dataset: grid }), ['ScoreRegistryWrongDataset', 1, SCORED[1]!.dataset, grid]],
      [part({ root: rootOf(0) }), ['ScoreRegistryWrongRoot', 1, rootOf(1), rootOf(0)]],
      [part({ version: 2, root: NOTHING }), ['ScoreRegistryWrongRoot', 1, NOTHING, NOTHING]],
    ];
    for (const [change, error] of cases) {
      const { call } = await recording(found, { ...session, ...change });
      await expectRefused(w, { to, by: w.spare, call, error });
    }
  });

  it('needs the signature of every party over just this', async () => {
    const found = await prepared();
    const { w, to, session } = found;
    const { id, signatures } = await recording(found, session);
    const record = (list: string[], points = commitments) => ['record', session, points, list] as const;
    const refused = (call: ReturnType<typeof record>, ...error: [string, ...unknown[]]) =>
      expectRefused(w, { to, by: w.spare, call, error });
    await refused(record(signatures.slice(1)), 'ScoreRegistryWrongCount', 4, 3);
    await refused(record(signatures, commitments.slice(1)), 'ScoreRegistryWrongCount', 3, 2);
    for (const [index, who] of [idOf('trader'), ...SCORED.map(({ owner }) => idOf(owner))].entries()) {
      const wrong = signers(w).map((signer, at) => (at === index ? w.stranger : signer));
      await refused((await recording(found, session, wrong)).call, 'ScoreRegistryInvalidSignature', who);
    }
    const moved = commitments.map((point, index) => (index === 2 ? { ...point, y: 1n } : point));
    await refused(record(signatures, moved), 'ScoreRegistryInvalidSignature', idOf('grid'));
    const other = await recording(found, { ...session, nonce: ethers.id('another') });
    await refused(record(other.signatures), 'ScoreRegistryInvalidSignature', idOf('trader'));
    await refused(record([signatures[0]!, ...other.signatures.slice(1)]), 'ScoreRegistryInvalidSignature', idOf('registry'));
    expect(await view(to, 'recordedAt', id)).to.equal(0);
  });
});

describe('ScoreRegistry: proofs', () => {
  it('are verified against what the chain holds, each once', async () => {
    const { w, to, session, id } = await recorded();
    for (const [index, { owner }] of SCORED.entries()) {
      expect(await view(to, 'isProved', id, index)).to.equal(false);
      const call = ['registerProof', session, index, proofOf(publicInputs(session, id, index))] as const;
      const { x, y } = commitments[index]!;
      await expectEvent(w, { to, by: w.spare, call, event: ['ProofRegistered', id, index, idOf(owner), [x, y]] });
      expect(await view(to, 'isProved', id, index)).to.equal(true);
      await expectRefused(w, { to, by: w.spare, call, error: ['ScoreRegistryAlreadyRegistered', id, index] });
    }
  });

  it('are refused when false, of another part, of another session, or of none', async () => {
    const { w, to, session, id } = await recorded();
    const inputs = publicInputs(session, id, 0);
    const falsehoods = inputs.map((_, at) => inputs.map((value, index) => (index === at ? value + 1n : value)));
    falsehoods.push(publicInputs(session, id, 1));
    for (const other of falsehoods)
      await expectRefused(w, {
        to,
        by: w.spare,
        call: ['registerProof', session, 0, proofOf(other)],
        error: ['ScoreRegistryFalseProof', id, 0],
      });
    const unknown = { ...session, nonce: ethers.id('another') };
    const error = ['ScoreRegistryUnknownSession', await view(to, 'hashSession', unknown)] as const;
    await expectRefused(w, { to, by: w.spare, call: ['registerProof', unknown, 0, proofOf(inputs)], error });
    const beyond = ['registerProof', session, 3, proofOf(inputs)] as const;
    await expectRefused(w, { to, by: w.spare, call: beyond, error: ['ScoreRegistryUnknownContribution', 3] });
  });
});
