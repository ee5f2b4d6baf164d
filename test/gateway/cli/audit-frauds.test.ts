import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { evidenceText, readEvidence } from '../../../gateway/audit/evidence.ts';
import { findingKinds } from '../../../gateway/audit/finding.ts';
import { readForkEvidence } from '../../../gateway/audit/fork-evidence.ts';
import { judgeFork } from '../../../gateway/audit/judge-fork.ts';
import { verifyEvidence } from '../../../gateway/cli/auditing/evidence/verify-evidence.ts';
import type { Address, MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { relayWithdrawal } from '../../../gateway/flows/relay-withdrawal.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { revokeCredential } from '../../../gateway/flows/revoke-credential.ts';
import type { Operator } from '../../../scripts/dev/drill/audit/dishonest-log.ts';
import { frauds } from '../../../scripts/dev/drill/audit/frauds.ts';
import { control, plant, plantFork, type Scene, withheld } from '../../../scripts/dev/drill/audit/plant.ts';
import { xinshu, xinshuLines } from '../../../scripts/dev/xinshu.ts';
import {
  believes,
  consumer,
  giveConsent,
  issuer,
  members,
  provider,
  publish,
  query,
  signWithdrawal,
  type TestConsent,
} from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

type Place = { readonly path: readonly string[]; readonly value: unknown };
const leavesOf = (value: unknown, path: readonly string[] = []): Place[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
    : [{ path, value }];

/** The same with one value changed in a way that keeps its form: another digit, another number, something for nothing. */
const altered = (whole: unknown, { path, value }: Place, seed: number): unknown => {
  const copy = structuredClone(whole) as Record<string, never>;
  let at: Record<string, unknown> = copy;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  const other = (text: string): string => {
    const position = text.startsWith('0x') && text.length > 2 ? 2 + (seed % (text.length - 2)) : seed % text.length;
    return text.slice(0, position) + (text[position] === '1' ? '2' : '1') + text.slice(position + 1);
  };
  at[path.at(-1) as string] = typeof value === 'number' ? value + 1 : typeof value === 'string' && value !== '' ? other(value) : '1';
  return copy;
};
/** What a finding about the chain says of it can only be judged by the chain. */
const dependsOnNode = (path: readonly string[]): boolean =>
  path[0] === 'consent' || (path[0] === 'finding' && (path[1] === 'what' || path[1] === 'kind'));

describe('xinshu audit follow, match and compare, with dishonest operators', () => {
  let network: GatewayNetwork;
  let folder: TemporaryFolder;
  let scene: Scene;
  const at = (...names: string[]) => join(folder.path, ...names);
  const bank = () => network.gateway(consumer).modules;
  const state = () => at('state');

  const writeNetwork = () =>
    writeFileSync(
      at('network.json'),
      JSON.stringify({
        version: 1,
        chainId: network.chain.chainId,
        ledger: network.chain.endpoint,
        directory: network.chain.contracts.directory,
        members: [],
      }),
    );
  const makeAuditor = (name: string, member: string) =>
    xinshu(folder.path, [
      ...['token', 'create', '--dir', network.folder(member), '--staff', 'Wang Fang', '--roles', 'auditor'],
      ...['--profile', name, '--gateway', network.gateway(member).clientUrl],
    ]);
  const ask = async (consent: TestConsent): Promise<UsageId> => good(await requestRecord(bank(), query(consent))).usage;
  const follow = async (): Promise<{ status: number; found: readonly unknown[]; open: number }> => {
    const { status, lines } = await xinshuLines(folder.path, ['audit', 'follow', '--once', '--state', state()]);
    const said = lines as { kind: string; finding?: unknown; open?: number }[];
    return { status, found: said.flatMap(({ finding }) => finding ?? []), open: said.findLast(({ kind }) => kind === 'round')?.open ?? -1 };
  };
  const operator = (member: string, profile: string): Operator => ({
    member: member as MemberId,
    chainId: network.chain.chainId,
    anchor: network.chain.contracts['audit-anchor'] as Address,
    folder: network.folder(member),
    client: network.gateway(member).clientUrl,
    auditorToken: readFileSync(at('tokens', profile), 'utf8').trim(),
  });

  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
    folder = await temporaryFolder();
    writeNetwork();
    await makeAuditor('bank.auditor', consumer);
    await makeAuditor('grid.auditor', provider);
    const [plenty, left, stolen] = [await giveConsent(network), await giveConsent(network), await giveConsent(network)];
    const scarce = await giveConsent(network, { maxUses: 2 });
    for (const consent of [plenty, scarce, plenty]) await ask(consent);
    const [withdrawn, revoked, usedUp] = [await ask(left), await ask(stolen), await ask(scarce)];
    for (const member of [consumer, provider]) good(await anchorLog(network.gateway(member).modules));
    await network.settled();
    expect(await follow()).to.deep.equal({ status: 0, found: [], open: 0 });
    const seen = network.gateway(provider).modules.audit.size();
    good(await relayWithdrawal(bank(), await signWithdrawal(network, left)));
    good(await revokeCredential(network.gateway(issuer).modules, { credential: stolen.opening.certificate.credential }));
    await network.settled();
    const fresh = await ask(plenty);
    scene = {
      operators: { consumer: operator(consumer, 'bank.auditor'), provider: operator(provider, 'grid.auditor') },
      network: at('network.json'),
      state: state(),
      ground: { seen, fresh, withdrawn, revoked, usedUp, block: bank().ledger.head().block.number, now: Date.now() },
    };
  });
  after(async () => {
    await network.remove();
    await folder.remove();
  });

  type Verdicts = {
    ok: boolean;
    complete: boolean;
    finding: { kind: string } | null;
    checks: { check: string; result: string; what: string }[];
  };
  const verify = async (text: string, ...options: string[]): Promise<Verdicts> => {
    writeFileSync(at('evidence.json'), text);
    const { lines } = await xinshuLines(folder.path, ['audit', 'verify', at('evidence.json'), ...options]);
    return lines[0] as Verdicts;
  };
  const samples = new Map<string, string>();
  /** By itself all of it holds that needs no node, and with a node all but what only the other log can show. */
  const convinces = async (text: string, kind: string): Promise<void> => {
    const alone = await verify(text);
    const isHistory = ['deleted', 'altered', 'inserted', 'reordered'].includes(kind);
    expect(alone.finding?.kind).to.equal(isHistory ? 'fork' : kind);
    expect(alone.ok, JSON.stringify(alone.checks)).to.equal(true);
    const asked = await verify(text, '--network');
    expect(asked.ok, JSON.stringify(asked.checks)).to.equal(true);
    expect(asked.complete).to.equal(kind !== 'half-missing');
    samples.set(kind, text);
  };

  it('finds nothing where an operator shows its log as it is', async () => {
    expect(await control(scene)).to.deep.equal([]);
  });

  for (const fraud of frauds)
    it(`names ${fraud.name}`, async () => {
      const { findings, named, expected, evidence } = await plant(scene, fraud);
      expect(named, `${expected} in ${JSON.stringify(findings)}`).to.equal(true);
      expect(new Set(findings.map(({ kind }) => kind))).to.deep.equal(new Set([fraud.kind]));
      expect(evidence).to.have.length(findings.length);
      await convinces(evidence[0]!, fraud.kind);
    });

  it('names a gateway that does not show by which credential it served', async () => {
    const [finding, ...more] = await withheld(scene);
    expect(more).to.deep.equal([]);
    expect(finding).to.deep.include({ kind: 'credential-unshown', member: provider, usage: scene.ground.fresh });
  });

  it('names a fork that was shown to two auditors, when they compare what they saw', async () => {
    const { findings, named, expected, evidence } = await plantFork(scene);
    expect(named, `${expected} in ${JSON.stringify(findings)}`).to.equal(true);
    const [forPeople, forChain] = evidence;
    await convinces(forPeople!, 'fork');
    const judged = good(judgeFork(good(readForkEvidence(JSON.parse(forChain!)))));
    expect([judged.first, judged.second]).to.deep.equal(['signed', 'signed']);
  });

  it('takes evidence for none once any byte of it is changed', async () => {
    for (const text of samples.values()) {
      const flipped = fc.asyncProperty(fc.nat({ max: text.length - 1 }), async (position) => {
        const other = text[position] === '0' ? '1' : '0';
        const { verdicts } = await verifyEvidence(text.slice(0, position) + other + text.slice(position + 1));
        expect(verdicts.some(({ result }) => result === 'fails')).to.equal(true);
      });
      await fc.assert(flipped, { numRuns: 40, seed: 7 });
    }
  });

  it('takes evidence for none once any value of it is changed by who makes the digest fit again: by itself, or with a node', async () => {
    for (const [kind, text] of samples) {
      const whole = readEvidence(text)!;
      const places = leavesOf(whole).filter(({ path }) => path[0] !== 'digest');
      const changes = [
        ...places.map((place, seed) => ({ where: place.path, changed: altered(whole, place, seed) as typeof whole })),
        ...findingKinds
          .filter((other) => other !== whole.finding.kind)
          .map((other) => ({ where: ['finding', 'kind'], changed: { ...whole, finding: { ...whole.finding, kind: other } } })),
      ];
      for (const { where, changed } of changes) {
        const forged = evidenceText(changed);
        const { verdicts } = await verifyEvidence(forged);
        if (verdicts.some(({ result }) => result === 'fails')) continue;
        // What only the chain knows: the offline verdict says so, and a node then refutes it.
        expect(dependsOnNode(where) && verdicts.some(({ result }) => result === 'needs node'), `${kind} ${where.join('/')}`).to.equal(true);
        expect((await verify(forged, '--network')).ok, `${kind} ${where.join('/')} with a node`).to.equal(false);
      }
    }
  });

  it('goes on where it stopped, and matches the same with nothing remembered', async () => {
    expect(await follow()).to.deep.equal({ status: 0, found: [], open: 0 });
    const matched = await xinshu<{ ok: boolean; findings: unknown[]; open: unknown[] }>(folder.path, ['audit', 'match']);
    expect(matched).to.deep.include({ ok: true, findings: [], open: [] });
    const one = await xinshu<{ logs: { member: string }[] }>(folder.path, ['audit', 'match', '--members', provider, '--from', '1']);
    expect(one.logs.map(({ member }) => member)).to.deep.equal([provider]);
  });

  it('refuses the state of another network, and one that another auditor works on', async () => {
    const other = { ...JSON.parse(readFileSync(at('network.json'), 'utf8')), directory: `0x${'11'.repeat(20)}` };
    const before = readFileSync(at('network.json'));
    writeFileSync(at('network.json'), JSON.stringify(other));
    try {
      expect((await xinshuLines(folder.path, ['audit', 'compare', state(), state()])).status).to.equal(2);
    } finally {
      writeFileSync(at('network.json'), before);
    }
    const [locked] = (await xinshuLines(folder.path, ['audit', 'compare', state(), state()])).lines as { error: { code: string } }[];
    expect(locked?.error.code).to.equal('STORE_LOCKED');
    expect((await xinshuLines(folder.path, ['audit', 'compare', state(), at('nothing')])).status).to.equal(2);
  });

  it('reports a request that nothing answered as open, and as no finding', async () => {
    const consent = await giveConsent(network);
    await network.stop(provider);
    expect(codeOf(await requestRecord(bank(), query(consent)))).to.equal('PEER_UNREACHABLE');
    await network.start(provider);
    await makeAuditor('grid.auditor', provider);
    for (let round = 0; round < 2; round += 1) expect(await follow()).to.deep.equal({ status: 0, found: [], open: 1 });
  });
});
