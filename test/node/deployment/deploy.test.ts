import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Contract, encodeBytes32String, type JsonRpcProvider, Wallet } from 'ethers';
import { dataFolder } from '../../../node/data-folder.ts';
import { loadArtifacts } from '../../../node/deployment/artifacts.ts';
import { deploy } from '../../../node/deployment/deploy.ts';
import { openDeployerKeystore } from '../../../node/deployment/deployer-keystore.ts';
import type { DeploymentJournal } from '../../../node/deployment/journal.ts';
import { type MemberDocument, readMemberDocument } from '../../../node/deployment/member-document.ts';
import type { EmbeddedEngine } from '../../../node/engines/embedded/embedded-engine.ts';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { readMembers } from '../../../node/membership/read-members.ts';
import { connectChain } from '../../../node/network/connect-chain.ts';
import { initNetwork } from '../../../node/network/init-network.ts';
import { startEngine } from '../../../node/network/start-engine.ts';
import { systemClock } from '../../../node/system-clock.ts';
import { foundingSteps } from '../../helpers/founding-steps.ts';
import { testAccount, testMemberDocuments } from '../../helpers/member-documents.ts';
import { nodeErrorOf } from '../node-error-of.ts';

const manifest = demoManifest();
const members = testMemberDocuments(manifest);
const deployProcess = fileURLToPath(new URL('./deploy-process.ts', import.meta.url));
const artifacts = loadArtifacts();
const stepCount = foundingSteps(manifest);

describe('deployment', function () {
  this.timeout(120_000);
  let dataDir: string;
  let engine: EmbeddedEngine;
  let chain: JsonRpcProvider;
  const folder = () => dataFolder(dataDir);
  const run = (onProgress?: (progress: { done: number }) => void, documents = members) =>
    deploy({ dataDir, endpoint: engine.endpoint(), members: documents, artifacts, ...(onProgress === undefined ? {} : { onProgress }) });
  const stopAt = (steps: number) => (progress: { done: number }) => {
    if (progress.done >= steps) throw new Error('stopped here');
  };
  const stopped = (steps: number) =>
    run(stopAt(steps)).then(
      () => expect.fail('not stopped'),
      (error: Error) => expect(error.message).to.equal('stopped here'),
    );

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'xinshu-deploy-'));
    await initNetwork(manifest, dataDir, systemClock);
    engine = await startEngine(dataDir, { port: 0 });
    chain = await connectChain(engine.endpoint(), manifest.chainId);
  });
  afterEach(async () => {
    chain.destroy();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('founds the consortium as the manifest says, and the deployer keeps nothing', async () => {
    const deployment = await run();
    const on = (name: 'directory' | 'council' | 'access-manager' | 'emergency-pause' | 'member-registry') =>
      new Contract(deployment.contracts[name], artifacts[name].abi, chain);
    const view = (name: Parameters<typeof on>[0], method: string, ...args: unknown[]) =>
      on(name)
        .getFunction(method)
        .staticCall(...args);

    for (const [name, address] of Object.entries(deployment.contracts)) {
      if (name !== 'directory') expect(await view('directory', 'contractOf', encodeBytes32String(name)), name).to.equal(address);
      expect(await chain.getCode(address), name).to.not.equal('0x');
    }
    for (const [name, value] of Object.entries(manifest.parameters)) {
      expect(await view('directory', 'parameter', encodeBytes32String(name)), name).to.equal(BigInt(value));
    }
    const admitted = await readMembers(chain, deployment.contracts['member-registry'], await chain.getBlockNumber());
    expect(
      admitted.map(({ id, name, sector, status, roles, account, endpoint, keys }) => ({
        id,
        name,
        sector,
        status,
        roles: [...roles].sort(),
        account,
        endpoint,
        keys,
      })),
    ).to.deep.equal(
      members.map(({ id, nameZh, sector, roles, account, endpoint }) => ({
        id,
        name: nameZh,
        sector,
        status: 'active',
        roles: [...roles].sort(),
        account,
        endpoint,
        keys: ['sign', 'seal', 'note', 'tls'],
      })),
    );
    expect((await view('council', 'settings')).toArray()).to.deep.equal([3n, 86_400n, 604_800n, 604_800n]);
    expect(await view('emergency-pause', 'few')).to.equal(2n);

    const key = await openDeployerKeystore(folder().deployerKeystore, folder().deployerPassphrase);
    const deployer = new Wallet(key, chain);
    expect((await view('access-manager', 'hasRole', 0n, deployment.contracts.council)).toArray()).to.deep.equal([true, 0n]);
    expect((await view('access-manager', 'hasRole', 0n, deployer.address))[0]).to.equal(false);
    const again = on('directory').connect(deployer) as Contract;
    const refused = await again
      .getFunction('setParameter')
      .staticCall(encodeBytes32String('max-block-age'), 1, 0)
      .catch((error: unknown) => error);
    expect(String((refused as { revert?: { name: string } }).revert?.name)).to.equal('AccessManagedUnauthorized');
  });

  it('changes nothing when run again, and answers the same', async () => {
    const first = await run();
    const head = await chain.getBlockNumber();
    expect(await run()).to.deep.equal(first);
    expect(await chain.getBlockNumber()).to.equal(head);
    expect(JSON.parse(readFileSync(folder().deployment, 'utf8'))).to.deep.equal(first);
  });

  it('goes on from every step with the same addresses', async () => {
    for (let steps = 0; steps <= stepCount; steps += 1) {
      await stopped(steps);
      expect(existsSync(folder().deployment)).to.equal(false);
    }
    const deployment = await run();
    expect(await chain.getBlockNumber()).to.equal(stepCount);
    const journal = JSON.parse(readFileSync(folder().deploymentJournal, 'utf8')) as DeploymentJournal;
    expect(journal.done).to.equal(stepCount);
    expect(deployment.block).to.equal(1);
  });

  it('goes on when the chain is a step ahead of the journal', async () => {
    await stopped(4);
    const behind = readFileSync(folder().deploymentJournal);
    await stopped(5);
    writeFileSync(folder().deploymentJournal, behind);
    await run();
    expect(await chain.getBlockNumber()).to.equal(stepCount);
  });

  it('survives SIGKILL at any moment', async () => {
    const killAt = [0, 9, stepCount - 1];
    for (const at of killAt) {
      const child = spawn(process.execPath, [deployProcess, dataDir, engine.endpoint()], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'exit');
      createInterface({ input: child.stdout }).on('line', (done) => {
        if (Number(done) >= at) child.kill('SIGKILL');
      });
      expect((await ended)[1], `killed at ${at}`).to.equal('SIGKILL');
    }
    await run();
    expect(await chain.getBlockNumber()).to.equal(stepCount);
  });

  it('NODE_DEPLOYMENT_JOURNAL: other members or a damaged journal, and nothing is sent', async () => {
    await stopped(3);
    const other = members.map((document) =>
      document.id === 'fin-weihe' ? { ...document, account: testAccount('someone').address } : document,
    );
    const error = await nodeErrorOf(run(undefined, other));
    expect([error.code, error.detail.differs]).to.deep.equal(['NODE_DEPLOYMENT_JOURNAL', 'admit fin-weihe']);
    for (const text of ['{', '{"version":2}']) {
      writeFileSync(folder().deploymentJournal, text);
      expect((await nodeErrorOf(run())).code).to.equal('NODE_DEPLOYMENT_JOURNAL');
    }
    expect(await chain.getBlockNumber()).to.equal(3);
  });

  it('NODE_DEPLOYMENT_CHAIN: a chain behind its journal, or with another transaction in a place', async () => {
    await stopped(1);
    const journal = JSON.parse(readFileSync(folder().deploymentJournal, 'utf8')) as DeploymentJournal;
    writeFileSync(folder().deploymentJournal, JSON.stringify({ ...journal, done: 4 }));
    expect((await nodeErrorOf(run())).code).to.equal('NODE_DEPLOYMENT_CHAIN');
    writeFileSync(folder().deploymentJournal, JSON.stringify(journal));
    const deployer = new Wallet(await openDeployerKeystore(folder().deployerKeystore, folder().deployerPassphrase), chain);
    await (await deployer.sendTransaction({ to: deployer.address, gasPrice: 0, gasLimit: 21_000 })).wait();
    expect((await nodeErrorOf(run())).code).to.equal('NODE_DEPLOYMENT_CHAIN');
    expect(await chain.getBlockNumber()).to.equal(2);
  });

  it('NODE_DEPLOYMENT_STEP_FAILED: an admission that the registry refuses, the same again each time', async () => {
    const doubled = members.map((document) =>
      document.id === 'fin-weihe' ? { ...document, account: testAccount('gov-credit').address } : document,
    );
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const error = await nodeErrorOf(run(undefined, doubled));
      expect([error.code, error.detail.step]).to.deep.equal(['NODE_DEPLOYMENT_STEP_FAILED', 'admit fin-weihe']);
    }
    expect(existsSync(folder().deployment)).to.equal(false);
  });

  it('NODE_MEMBER_DOCUMENT_*: documents that are not those of the manifest, before anything is sent', async () => {
    const [first, ...rest] = members as [MemberDocument, ...MemberDocument[]];
    const wrong: [MemberDocument[], string][] = [
      [rest, 'NODE_MEMBER_DOCUMENT_MISSING'],
      [[...members, first], 'NODE_MEMBER_DOCUMENT_MISMATCH'],
      [[...members, { ...first, id: 'stranger' }], 'NODE_MEMBER_DOCUMENT_MISMATCH'],
      [[{ ...first, sector: 'finance' as const }, ...rest], 'NODE_MEMBER_DOCUMENT_MISMATCH'],
      [[{ ...first, roles: ['provider' as const] }, ...rest], 'NODE_MEMBER_DOCUMENT_MISMATCH'],
      [[{ ...first, endpoint: 'https://127.0.0.1:1' }, ...rest], 'NODE_MEMBER_DOCUMENT_MISMATCH'],
    ];
    for (const [documents, code] of wrong) {
      expect((await nodeErrorOf(run(undefined, documents))).code).to.equal(code);
    }
    expect(await chain.getBlockNumber()).to.equal(0);
    const file = join(dataDir, 'member.json');
    for (const [text, code] of [
      ['{', 'NODE_MEMBER_DOCUMENT_INVALID'],
      [JSON.stringify({ ...first, account: '0x1' }), 'NODE_MEMBER_DOCUMENT_INVALID'],
      [JSON.stringify({ ...first, secret: 1 }), 'NODE_MEMBER_DOCUMENT_INVALID'],
    ] as const) {
      writeFileSync(file, text);
      expect((await nodeErrorOf((async () => readMemberDocument(file))())).code).to.equal(code);
    }
    writeFileSync(file, JSON.stringify(first));
    expect(readMemberDocument(file)).to.deep.equal(first);
  });

  it('NODE_ENGINE_UNREACHABLE and NODE_ARTIFACTS_MISSING', async () => {
    const endpoint = engine.endpoint();
    expect((await nodeErrorOf((async () => loadArtifacts(dataDir))())).code).to.equal('NODE_ARTIFACTS_MISSING');
    await engine.stop();
    expect((await nodeErrorOf(deploy({ dataDir, endpoint, members }))).code).to.equal('NODE_ENGINE_UNREACHABLE');
  });
});
