import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { formatForkEvidence } from '../../../gateway/audit/fork-evidence.ts';
import type { MemberLog } from '../../../gateway/cli/commands/log-list.ts';
import type { HistoryReport } from '../../../gateway/cli/history/make-report.ts';
import type { Address, MemberId } from '../../../gateway/domain/ids.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { readCheckpoint, readVerifierKey } from '../../conformance/tlog/note.ts';
import { believes, consumer, dataset, members, provider, publish, subjects } from '../../helpers/electricity.ts';
import { forkedBetween } from '../../helpers/forks.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

const cli = fileURLToPath(new URL('../../../gateway/cli.ts', import.meta.url));
const code = `enterprise:${subjects[0]!.code}`;

/** How a command ended; the assertions state the form of its JSON. */
const ended = (status: number, out: string, note: string) => ({ status, out, note, json: () => JSON.parse(out) });

describe('xinshu', () => {
  let network: GatewayNetwork;
  let folder: TemporaryFolder;
  const home = () => folder.path;
  const at = (...names: string[]) => join(home(), ...names);

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ReturnType<typeof ended>> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [cli, '--home', home(), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, LANG: 'C', XINSHU_PASSPHRASE_FILE: at('passphrase'), ...env },
      });
      let [out, note] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        note += chunk;
      });
      child.on('close', (status) => resolve(ended(status ?? -1, out, note)));
    });
  const done = async (...args: string[]) => {
    const result = await run(['--json', ...args]);
    expect(result.status, `xinshu ${args.join(' ')}: ${result.out} ${result.note}`).to.equal(0);
    return result.json();
  };
  const writeNetwork = (clients: Readonly<Record<string, string>> = {}) =>
    writeFileSync(
      at('network.json'),
      JSON.stringify({
        version: 1,
        chainId: network.chain.chainId,
        ledger: network.chain.endpoint,
        directory: network.chain.contracts.directory,
        members: members.map((id) => ({
          id,
          name: id,
          nameZh: '机构',
          sector: 'finance',
          client: clients[id] ?? network.gateway(id).clientUrl,
          peer: 'https://127.0.0.1:1',
        })),
      }),
    );

  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
    folder = await temporaryFolder();
    writeNetwork();
    writeFileSync(at('passphrase'), 'a passphrase of a test\n', { mode: 0o600 });
    for (const [profile, member, roles] of [
      ['bank.requester', consumer, 'requester'],
      ['bank.auditor', consumer, 'auditor'],
      ['bank.operator', consumer, 'operator'],
      ['grid.auditor', provider, 'auditor'],
      ['gov.steward', 'gov-credit', 'steward'],
      ['grid.steward', provider, 'steward'],
    ] as const)
      await done(
        'token',
        'create',
        '--dir',
        network.folder(member),
        '--staff',
        profile.replace('.', ' '),
        '--roles',
        roles,
        '--profile',
        profile,
        '--gateway',
        network.gateway(member).clientUrl,
      );
  });
  after(async () => {
    await network.remove();
    await folder.remove();
  });

  const anchored = async () => {
    for (const member of [consumer, provider]) good(await anchorLog(network.gateway(member).modules));
    await network.settled();
  };
  const give = [
    'consent',
    'give',
    '--subject',
    'supplier',
    '--to',
    consumer,
    '--scope',
    `${dataset}:period,kWh`,
    '--purpose',
    'loan-approval',
    '--uses',
    '3',
    '--yes',
  ];
  const query = (consent: string) => [
    'query',
    '--as',
    'bank.requester',
    '--subject',
    code,
    '--dataset',
    dataset,
    '--fields',
    'period,kWh',
    '--purpose',
    'loan-approval',
    '--consent',
    consent,
  ];

  it('explains itself, and ends with 2 when used wrongly', async () => {
    const help = await run(['--help']);
    expect(help.status).to.equal(0);
    for (const word of [
      'subject',
      'credential',
      'consent',
      'withdraw',
      'history',
      'dataset',
      'grant',
      'query',
      'review',
      'log',
      'audit',
      'token',
      'status',
      'members',
      'gateway',
      'Exit status',
    ])
      expect(help.out).to.contain(word);
    for (const args of [
      ['nonsense'],
      ['consent', 'give'],
      ['grant', 'list'],
      ['grant', 'list', '--as', 'nobody'],
      ['query', '--as', 'bank.requester'],
      ['log', 'prove', 'x', '--as', 'bank.auditor'],
    ])
      expect((await run(args)).status, args.join(' ')).to.equal(2);
  });

  it('keeps tokens out of sight: files of mode 0600, refused when others may read them', async () => {
    const file = at('tokens', 'bank.requester');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(at('profiles.json')).mode & 0o777).to.equal(0o600);
    const list = await run(['token', 'list', '--dir', network.folder(consumer)]);
    expect(list.out).not.to.contain(readFileSync(file, 'utf8').trim());
    chmodSync(file, 0o644);
    expect((await run(['dataset', 'list', '--as', 'bank.requester'])).status).to.equal(2);
    chmodSync(file, 0o600);
  });

  it('makes a subject, whose key lies encrypted and is never overwritten', async () => {
    const card = await done('subject', 'new', 'supplier', '--code', code);
    expect(card.subject.code).to.equal(subjects[0]!.code);
    expect(statSync(at('subjects', 'supplier.jwe')).mode & 0o777).to.equal(0o600);
    expect(readFileSync(at('subjects', 'supplier.jwe'), 'utf8')).not.to.contain(subjects[0]!.code);
    const before = readFileSync(at('subjects', 'supplier.jwe'), 'utf8');
    expect((await run(['subject', 'new', 'supplier', '--code', code])).status).to.equal(2);
    expect((await run(['subject', 'new', 'other', '--code', 'enterprise:914403001922038217'])).status).to.equal(1);
    writeFileSync(at('wrong'), 'another passphrase\n', { mode: 0o600 });
    expect((await run(['subject', 'show', 'supplier', '--passphrase-file', at('wrong')])).note).to.contain('WALLET_PASSPHRASE');
    expect(readFileSync(at('subjects', 'supplier.jwe'), 'utf8')).to.equal(before);
    expect(readdirSync(at('subjects')).filter((name) => name.endsWith('.lock'))).to.deep.equal([]);
  });

  it('refuses to consent without a credential, and takes one in from its inbox', async () => {
    expect((await run(give)).note).to.contain('CREDENTIAL_EXPIRED');
    const issued = await done('credential', 'issue', '--as', 'gov.steward', '--subject', 'supplier');
    expect((await done('subject', 'show', 'supplier')).credentials.map(({ id }: { id: string }) => id)).to.deep.equal([issued.id]);
    expect(existsSync(issued.file)).to.equal(false);
  });

  it('does not sign what nobody agreed to', async () => {
    const asked = await run(give.filter((word) => word !== '--yes'));
    expect(asked.status).to.equal(2);
    expect(asked.note).to.contain('CONSENT TO USE CREDIT DATA').and.to.contain('at most 3 times').and.to.contain('period, kWh');
    expect((await run([...give.filter((word) => word !== '--yes'), '--lang', 'zh'])).note).to.contain('信用数据使用授权书');
    expect(await done('consent', 'list', '--subject', 'supplier')).to.deep.equal([]);
  });

  let consent = '';
  it('completes a consent that was signed and not sent, and gives it once', async () => {
    writeNetwork({ [consumer]: 'http://127.0.0.1:9' });
    expect((await run(give)).status).to.equal(3);
    writeNetwork();
    const given = await done(...give);
    expect(given.state).to.equal('given');
    consent = given.consent;
    expect(await done('consent', 'list', '--subject', 'supplier')).to.have.length(1);
    expect((await run(['consent', 'list', '--subject', 'supplier'])).out)
      .to.contain('given')
      .and.to.contain(consumer);
  });

  it('queries with proof, and repeats a usage without counting it twice', async () => {
    const usage = '22222222-2222-4222-8222-222222222222';
    const answer = await done(...query(consent), '--usage', usage);
    expect(answer).to.include({ outcome: 'ok', usage, provider });
    expect((await done(...query(consent), '--usage', usage)).receipt).to.deep.equal(answer.receipt);
    const refused = await run(['--json', ...query(consent).map((word) => (word === 'loan-approval' ? 'curiosity' : word))]);
    expect([refused.status, refused.json().error.code]).to.deep.equal([1, 'PURPOSE_UNKNOWN']);
    writeFileSync(
      at('batch.ndjson'),
      `${JSON.stringify({ subject: subjects[0], dataset, purpose: 'loan-approval', operation: 'raw', consent, fields: ['period'] })}\n`,
    );
    const batch = await run(['query', 'batch', at('batch.ndjson'), '--as', 'bank.requester']);
    expect(batch.status, batch.note).to.equal(0);
    expect(JSON.parse(batch.out.split('\n')[0]!).answer.outcome).to.equal('ok');
  });

  it('narrows a consent', async () => {
    const amended = await done('consent', 'amend', '--subject', 'supplier', '--scope', `${dataset}:period`, '--yes');
    expect(amended).to.deep.include({ revision: 1, state: 'given', scopes: [{ dataset, fields: ['period'] }] });
    expect((await run(query(consent))).note).to.contain('CONSENT_FIELD_MISMATCH');
  });

  it('reads the own history out of both logs, each entry proved', async () => {
    await anchored();
    const history: HistoryReport = await done('history', '--subject', 'supplier');
    expect(history.findings).to.deep.equal([]);
    expect(history.consents[0]?.asked.map(({ member, unread }) => [member, unread])).to.deep.equal([
      [consumer, undefined],
      [provider, undefined],
    ]);
    const steps = history.consents.flatMap(({ usages }) => usages.flatMap((usage) => usage.steps));
    expect(new Set(steps.map(({ state }) => state))).to.deep.equal(new Set(['anchored']));
    expect(steps.filter(({ step }) => step === 'served')).to.have.length(2);
  });

  it('audits both logs without a finding, proves an entry and verifies the proof', async () => {
    const audit = await done('audit');
    expect(audit).to.deep.include({ ok: true, findings: [] });
    expect(audit.logs.map(({ member, notAnchored }: { member: string; notAnchored: number }) => [member, notAnchored])).to.deep.equal([
      [consumer, 0],
      [provider, 0],
    ]);
    const proof = await run(['log', 'prove', '1', '--as', 'grid.auditor']);
    writeFileSync(at('proof.json'), proof.out);
    expect((await done('log', 'verify', at('proof.json'))).ok).to.equal(true);
    writeFileSync(at('proof.json'), JSON.stringify({ ...proof.json(), index: 0 }));
    expect((await run(['log', 'verify', at('proof.json')])).status).to.equal(1);
    for (const change of [{ proof: ['0x12'] }, { proof: 7 }, { index: -1 }, { leaf: '!' }, { size: '3' }]) {
      writeFileSync(at('proof.json'), JSON.stringify({ ...proof.json(), ...change }));
      const refused = await run(['--json', 'log', 'verify', at('proof.json')]);
      expect([refused.status, refused.out + refused.note], JSON.stringify(change)).to.satisfy(
        ([status, said]: [number, string]) => status === 1 && said.includes('PROOF_MALFORMED'),
      );
    }
    expect((await run(['log', 'show', '--as', 'bank.auditor'])).out)
      .to.contain('requested')
      .and.to.contain('bank requester');
    expect((await run(['log', 'checkpoint', '--as', 'bank.auditor'])).out).to.contain('xinshu.example/');
  });

  it('names where each log is read and the key that signs it, so that any reader of the format can open its checkpoint', async () => {
    const logs: MemberLog[] = await done('log', 'list');
    expect(logs.map(({ member }) => member)).to.include.members([...members]);
    const text = (await run(['log', 'list'])).out;
    for (const member of [consumer, provider]) {
      const found = logs.find((log) => log.member === member)!;
      const origin = `xinshu.example/${network.chain.chainId}/${member}/0`;
      const { clientUrl, peerUrl } = network.gateway(member);
      expect(found).to.include({ log: 0, origin, client: `${clientUrl}/log/0`, peer: `${peerUrl}/log/0` });
      expect(text).to.contain(found.verifierKey).and.to.contain(found.client).and.to.contain(found.peer);
      const token = readFileSync(at('tokens', member === consumer ? 'bank.auditor' : 'grid.auditor'), 'utf8').trim();
      const note = await fetch(`${found.client}/checkpoint`, { headers: { authorization: `Bearer ${token}` } });
      const head = readCheckpoint(new Uint8Array(await note.arrayBuffer()), origin, readVerifierKey(found.verifierKey!));
      expect(head.size).to.equal(network.gateway(member).modules.audit.size());
    }
  });

  /** Stands before a gateway and changes what it says of its log. */
  const lying = async (member: string, change: (lines: string[]) => string[]): Promise<{ server: Server; address: string }> => {
    const server = createServer(async (request, response) => {
      const real = await fetch(new URL(request.url ?? '/', network.gateway(member).clientUrl), {
        headers: { authorization: request.headers.authorization ?? '' },
      });
      const text = await real.text();
      const isLeaves = request.url?.startsWith('/v1/log/leaves') === true;
      response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? '' });
      response.end(isLeaves ? `${change(text.trim().split('\n')).join('\n')}\n` : text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  for (const [what, change, finding] of [
    ['an entry left out at the end', (lines: string[]) => lines.slice(0, -1), 'log-shorter-than-anchor'],
    [
      'an entry put in the place of another',
      (lines: string[]) => [lines[1]!.replace('"index":1', '"index":0'), ...lines.slice(1)],
      'root-differs',
    ],
    ['an entry out of place', (lines: string[]) => [...lines.slice(1)], 'leaf-out-of-place'],
  ] as const)
    it(`names ${what}`, async () => {
      const { server, address } = await lying(provider, change);
      const profiles = readFileSync(at('profiles.json'), 'utf8');
      try {
        writeFileSync(
          at('profiles.json'),
          JSON.stringify({ ...JSON.parse(profiles), 'grid.auditor': { gateway: address, tokenFile: 'tokens/grid.auditor' } }),
          { mode: 0o600 },
        );
        const audit = await run(['--json', 'audit']);
        expect(audit.status).to.equal(1);
        expect(audit.json().findings.map(({ kind, member }: { kind: string; member: string }) => `${kind} ${member}`)).to.include(
          `${finding} ${provider}`,
        );
      } finally {
        writeFileSync(at('profiles.json'), profiles);
        server.close();
      }
    });

  it('shows what may be erased before it erases, and refuses what must be kept', async () => {
    const plan = await done('log', 'erase', '--as', 'bank.operator');
    expect(plan).to.deep.include({ due: [] });
    expect(plan.kept.keys).to.be.greaterThan(0);
    expect((await run(['log', 'erase', '--as', 'bank.operator', '--before', '2999-01'])).note).to.contain('ERASURE_TOO_EARLY');
    expect((await run(['log', 'erase', '--as', 'bank.operator', '--plan', `0x${'00'.repeat(32)}`])).note).to.contain(
      'ERASURE_PLAN_CHANGED',
    );
    expect(await done('log', 'erase', '--as', 'bank.operator', '--plan', plan.plan)).to.deep.equal({ erased: 0 });
    expect((await run(['log', 'erase', '--as', 'bank.auditor'])).note).to.contain('STAFF_ROLE_MISSING');
    expect((await run(['log', 'erase', '--as', 'bank.operator', '--before', '2026'])).status).to.equal(2);
  });

  it('withdraws for ever, at every party', async () => {
    const withdrawn = await done('withdraw', '--subject', 'supplier');
    expect(withdrawn.told.every(({ stopped }: { stopped: boolean }) => stopped)).to.equal(true);
    expect((await run(query(consent).map((word) => (word === 'period,kWh' ? 'period' : word)))).note).to.contain('CONSENT_WITHDRAWN');
    expect((await done('consent', 'show', consent, '--subject', 'supplier')).state).to.equal('withdrawn');
    const history: HistoryReport = await done('history', '--subject', 'supplier');
    expect(history.consents[0]?.state).to.equal('withdrawn');
    // The consumer's own refusal is found, too.
    expect(history.consents[0]?.usages.map(({ outcome }) => outcome)).to.include('CONSENT_WITHDRAWN');
    const page = at('history.html');
    const zh = await run(['--lang', 'zh', 'history', '--subject', 'supplier', '--html', page]);
    expect(zh.out).to.contain('未涵盖');
    expect(readFileSync(page, 'utf8')).to.contain('<html lang="zh-CN">').and.to.contain('已撤回').and.not.to.contain('bank requester');
  });

  it('shows status and members, and ends with 3 when a gateway does not answer', async () => {
    expect((await done('members')).length).to.equal(6);
    expect((await run(['status'])).status).to.equal(0);
    expect((await run(['status', '--as', 'bank.auditor', '--lang', 'zh'])).out).to.contain('成员');
    writeNetwork({ [consumer]: 'http://127.0.0.1:9' });
    expect((await run(['status'])).status).to.equal(3);
    writeNetwork();
  });

  it('brings evidence of a fork before the chain, checked first', async () => {
    const place = { chainId: network.chain.chainId, anchor: network.chain.contracts['audit-anchor'] as Address };
    const evidence = await forkedBetween('chain-hub' as MemberId, 6, 11, place);
    writeFileSync(at('fork.json'), formatForkEvidence(evidence));
    const checked = await done('audit', 'report-fork', at('fork.json'), '--check');
    expect(checked).to.deep.include({ member: 'chain-hub', reported: null });
    expect([checked.first.state, checked.second.state]).to.deep.equal(['signed', 'signed']);
    writeFileSync(at('no-fork.json'), formatForkEvidence({ ...evidence, consistency: evidence.consistency.slice(1) }));
    for (const [file, refusal] of [
      ['no-fork.json', 'FORK_NOT_PROVEN'],
      ['passphrase', 'FORK_EVIDENCE_MALFORMED'],
    ] as const) {
      const refused = await run(['audit', 'report-fork', at(file), '--as', 'bank.auditor']);
      expect(refused.status).to.equal(1);
      expect(refused.note).to.contain(refusal);
    }
    const denied = await run(['audit', 'report-fork', at('fork.json'), '--as', 'bank.requester']);
    expect(denied.note).to.contain('STAFF_ROLE_MISSING');
    expect(
      network
        .gateway(consumer)
        .modules.ledger.head()
        .member('chain-hub' as MemberId)?.forks,
    ).to.equal(0);

    expect((await done('audit', 'report-fork', at('fork.json'), '--as', 'bank.auditor')).reported.recorded).to.equal(true);
    expect((await run(['audit', 'report-fork', at('fork.json'), '--as', 'bank.auditor', '--lang', 'zh'])).out).to.contain('已有此证据');
    expect((await done('members')).find(({ id }: { id: string }) => id === 'chain-hub').forks).to.equal(1);
  });

  it('revokes a token at once', async () => {
    const [token] = (await done('token', 'list', '--dir', network.folder(provider))).filter(({ roles }: { roles: string[] }) =>
      roles.includes('steward'),
    );
    await done('token', 'revoke', token.id, '--dir', network.folder(provider));
    expect((await run(['grant', 'list', '--as', 'grid.steward'])).note).to.contain('TOKEN_INVALID');
    expect((await run(['token', 'revoke', 'ffffffff', '--dir', network.folder(provider)])).note).to.contain('TOKEN_UNKNOWN');
  });

  it("makes a gateway's data folder once, and goes on after half of it", async () => {
    const dir = at('gateways', 'new');
    mkdirSync(dir, { recursive: true });
    const init = [
      'gateway',
      'init',
      '--dir',
      dir,
      '--member',
      'new-bank',
      '--name',
      'New Bank',
      '--sector',
      'finance',
      '--roles',
      'consumer',
    ];
    writeFileSync(join(dir, 'passphrase'), 'left by an earlier run\n', { mode: 0o600 });
    await done(...init);
    expect(readFileSync(join(dir, 'passphrase'), 'utf8')).to.equal('left by an earlier run\n');
    expect(JSON.parse(readFileSync(join(dir, 'member.json'), 'utf8'))).to.include({ id: 'new-bank', endpoint: 'https://127.0.0.1:18830' });
    expect(JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')).ledger.chainId).to.equal(network.chain.chainId);
    for (const name of ['keystore.jwe', 'tokens.json', 'operator.token', 'passphrase'])
      expect(statSync(join(dir, name)).mode & 0o777, name).to.equal(0o600);
    expect((await run(init)).status).to.equal(2);
  });
});
