import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { captureInto } from '../../scripts/dev/drill/secrecy/preload.ts';
import { type Metrics, searchNetwork } from '../../scripts/dev/drill/secrecy/search.ts';
import { secretsOf } from '../../scripts/dev/drill/secrecy/secrets.ts';
import { askAbout, readMetrics } from '../../scripts/dev/drill/secrecy/use-network.ts';
import { folderVersion } from '../../scripts/dev/folder.ts';
import { parseOptions } from '../../scripts/dev/options.ts';
import { readStories } from '../../scripts/dev/sample.ts';
import { type Ended, StartCommand, startOnce } from '../../scripts/dev/start-command.ts';
import { StartError } from '../../scripts/dev/start-error.ts';
import { xinshu } from '../../scripts/dev/xinshu.ts';
import { readVerifierKey } from '../conformance/tlog/note.ts';
import { eventually } from '../helpers/eventually.ts';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.ts';
import { freePortBase } from './free-ports.ts';
import { processesNaming } from './processes.ts';

type Step = { readonly id: string; readonly ok: boolean; readonly usage?: string };
type Outcome = { readonly ok: boolean; readonly failure?: string; readonly steps: readonly Step[]; readonly network: unknown };
type LogRow = { readonly leaf: { readonly step: string }; readonly values: { readonly usage: string } | null };

const queried = ['penalty', 'loan', 'electricity', 'order'];
const journeySteps = [
  'model.register',
  'model.leakage',
  'model.approve',
  'subject',
  'credential',
  'catalog',
  'access',
  'grant',
  'consent',
  'review',
  ...queried.map((name) => `query.${name}`),
  'score',
];

/** Standard output must be one JSON document and nothing else. */
const outcomeOf = ({ out }: Ended): Outcome => JSON.parse(out) as Outcome;
const usagesOf = ({ steps }: Outcome): string[] => steps.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'base64')]),
  );

describe('npm start, from an empty folder to a refused query', function () {
  this.timeout(300_000);
  let home: TemporaryFolder;
  let data: string;
  let portBase: number;
  let captured: string;
  let preload: string;
  let metrics: Metrics;
  const asked: string[] = [];
  const usages: string[] = [];
  const args = (...more: string[]): string[] => ['--data', data, '--port-base', String(portBase), '--subjects', '60', ...more];

  before(async () => {
    home = await temporaryFolder();
    data = join(home.path, 'network');
    captured = join(home.path, 'captured');
    preload = captureInto(captured);
    portBase = await freePortBase();
  });
  after(async () => {
    for (const pid of processesNaming(home.path).keys()) process.kill(pid, 'SIGKILL');
    await home.remove();
  });

  const expectWhole = (ended: Ended): Outcome => {
    expect(ended.status, ended.notes).to.equal(0);
    const outcome = outcomeOf(ended);
    expect(outcome).to.include({ ok: true });
    expect(outcome.steps.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(outcome.steps.map(({ id }) => id)).to.include.members([...journeySteps, 'audit', 'history', 'explain', 'withdraw', 'refused']);
    expect(usagesOf(outcome)).to.have.lengthOf(queried.length);
    const { members } = outcome.network as { members: { id: string; client: string; logs: { client: string; verifierKey: string }[] }[] };
    expect(members).to.have.length(6);
    for (const { id, client, logs } of members)
      expect(logs.map((log) => [log.client, readVerifierKey(log.verifierKey).name])).to.deep.equal([
        [`${client}/log/0`, `xinshu.example/619900/${id}/0`],
      ]);
    usages.push(...usagesOf(outcome));
    return outcome;
  };

  for (const [moment, said] of [
    ['while the contracts are being deployed', /Deploying the contracts/],
    ['when some of the datasets are published and some not', /(?:\.[a-z-]+: \d+ rows[\s\S]*){3}/],
  ] as const) {
    it(`is killed ${moment}: its processes end by themselves`, async () => {
      const start = new StartCommand(args('--once', '--json'), preload);
      await start.said(said);
      expect(processesNaming(data).size).to.be.greaterThan(1);
      start.kill('SIGKILL');
      expect((await start.ended).signal).to.equal('SIGKILL');
      await eventually('no process of the network is left', () => processesNaming(data).size === 0);
    });
  }

  it('is finished by the next start: one JSON document, every step ok', async () => {
    const outcome = expectWhole(await startOnce(args('--once', '--json'), preload));
    expect(outcome.steps.map(({ id }) => id)).not.to.include('init');
    expect(outcome.network).to.include({ data, ledger: `http://127.0.0.1:${portBase}` });
    expect(processesNaming(data)).to.have.lengthOf(0);
  });

  it('resumes what is there and walks the journey again', async () => {
    const outcome = expectWhole(await startOnce(['--data', data, '--once', '--json'], preload));
    expect(outcome.steps.map(({ id }) => id)).not.to.include.oneOf(['init', 'sample', 'publish']);
    expect(new Set(usages).size).to.equal(2 * queried.length);
  });

  describe('without --once', () => {
    let start: StartCommand;
    before(async () => {
      start = new StartCommand(args(), preload);
      await start.said(/Ctrl-C stops everything/);
    });

    it('stays up, and has lost nothing: every usage of both journeys is in both logs, and the audit has no finding', async () => {
      const audit = await xinshu<{ ok: boolean; findings: unknown[] }>(data, ['audit']);
      expect(audit.findings).to.deep.equal([]);
      const steps = new Map<string, string[]>();
      for (const member of ['bank', 'gov', 'fin', 'grid', 'chain'])
        for (const { leaf, values } of await xinshu<LogRow[]>(data, ['log', 'show', '--as', `${member}.auditor`]))
          if (values !== null) steps.set(values.usage, [...(steps.get(values.usage) ?? []), leaf.step]);
      for (const usage of usages) expect(steps.get(usage), usage).to.have.members(['requested', 'received', 'served']);
    });

    it('answers about another subject, a person, whose consent ends in its withdrawal', async () => {
      const story = readStories(data)[0];
      asked.push(story?.subject.code ?? '', ...(await askAbout(data, ['farming-household'])));
      expect(asked).to.have.lengthOf(2);
      metrics = await readMetrics(data);
      for (const text of metrics.values()) expect(text).to.match(/^# HELP /m);
    });

    it('lets no second start into its folder', async () => {
      const ended = await startOnce(args('--once', '--json'));
      expect(ended.status).to.equal(1);
      expect(outcomeOf(ended).failure).to.match(/^START_DATA_IN_USE: /);
    });

    it('ends with status 0 on Ctrl-C and leaves no process behind', async () => {
      start.kill('SIGINT');
      expect((await start.ended).status).to.equal(0);
      expect(processesNaming(data)).to.have.lengthOf(0);
      expect(existsSync(join(data, 'start.pid'))).to.equal(false);
    });
  });

  it('stops half-way on Ctrl-C, says so, and leaves no process behind', async () => {
    const start = new StartCommand(args('--once', '--json'), preload);
    await start.said(/Starting \d+ gateways/);
    start.kill('SIGINT');
    const ended = await start.ended;
    expect(ended.status).to.equal(130);
    expect(outcomeOf(ended).failure).to.match(/^START_INTERRUPTED: /);
    await eventually('no process of the network is left', () => processesNaming(data).size === 0);
  });

  // A describe of its own: mocha runs those after the tests beside them.
  describe('what it leaves behind', () => {
    it('holds nothing of the subjects asked about where it does not belong', async () => {
      const secrets = secretsOf(data, new Set(asked), 'journey');
      const { hits, searched } = await searchNetwork(data, captured, metrics, secrets);
      expect(hits).to.deep.equal([]);
      // A place with nothing in it, or a search for nothing, would find nothing too.
      for (const { place, stretches, secrets: count } of searched) {
        expect(stretches, place).to.be.greaterThan(5);
        if (place !== 'gateway of bank-changan') expect(count, place).to.be.greaterThan(10);
      }
      const bodies = readdirSync(captured);
      expect(bodies.filter((file) => file.endsWith('usages-request')).length).to.be.at.least(usages.length + asked.length);
      expect(bodies.filter((file) => file.endsWith('usages-response')).length).to.be.at.least(usages.length + asked.length);
      // The same search in the sample data, where all of it stands, sees it.
      const { hits: planted } = await searchNetwork(data, join(data, 'sample'), metrics, secrets);
      const seen = planted.filter(({ place, form }) => place === 'bodies between gateways' && form === 'plain').map(({ what }) => what);
      expect([...new Set(seen)]).to.have.members([...new Set(secrets.map(({ what }) => what))]);
    });
  });

  describe('refuses, and changes nothing', () => {
    const expectRefusal = async (folder: string, code: string, ...more: string[]): Promise<string> => {
      const [present, before] = [existsSync(folder), existsSync(folder) ? filesIn(folder) : {}];
      const ended = await startOnce(['--data', folder, '--once', '--json', ...more]);
      expect(ended.status, ended.notes).to.equal(code === 'START_USAGE' ? 2 : 1);
      const outcome = outcomeOf(ended);
      expect(outcome).to.deep.include({ ok: false, steps: [] });
      expect(outcome.failure).to.match(new RegExp(`^${code}: `));
      expect(existsSync(folder)).to.equal(present);
      if (present) expect(filesIn(folder)).to.deep.equal(before);
      return outcome.failure ?? '';
    };
    const folderWith = (name: string, state: string): string => {
      const folder = join(home.path, name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'state.json'), state);
      return folder;
    };

    for (const [what, offset] of [
      ['the ledger', 0],
      ["a gateway's client listener", 12],
      ["a gateway's peer listener", 35],
    ] as const) {
      it(`a port in use: that of ${what}`, async () => {
        const base = await freePortBase();
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(base + offset, '127.0.0.1', resolve));
        try {
          const said = await expectRefusal(join(home.path, 'elsewhere'), 'START_PORT_IN_USE', '--port-base', String(base));
          expect(said)
            .to.include(String(base + offset))
            .and.to.include('--port-base');
        } finally {
          server.close();
        }
      });
    }

    it('a folder that holds something else', async () => {
      const folder = join(home.path, 'foreign');
      mkdirSync(folder);
      writeFileSync(join(folder, 'thesis.txt'), 'years of work');
      await expectRefusal(folder, 'START_DATA_FOREIGN');
    });

    for (const [age, version] of [
      ['an older', folderVersion - 1],
      ['a newer', folderVersion + 1],
    ] as const) {
      it(`the folder of ${age} version`, async () => {
        const state = { version, portBase: 20_000, stage: 'ready', journeyDone: true };
        expect(await expectRefusal(folderWith(`version-${version}`, JSON.stringify(state)), 'START_DATA_VERSION')).to.include(
          `version ${version},`,
        );
      });
    }

    for (const [what, state] of [
      ['cut off', '{"version": 1, "portB'],
      ['empty', ''],
      ['not a state', 'null'],
    ] as const) {
      it(`a half-made folder: state.json is ${what}`, () => expectRefusal(folderWith('half-made', state), 'START_DATA_HALF_MADE'));
    }

    it('other ports than those that the members have on chain', async () => {
      const copy = join(home.path, 'copy');
      cpSync(data, copy, { recursive: true });
      try {
        await expectRefusal(copy, 'START_USAGE', '--port-base', String(portBase + 50));
      } finally {
        rmSync(copy, { recursive: true });
      }
    });

    it('another engine than the one that holds its ledger', () => expectRefusal(data, 'START_USAGE', '--engine', 'kaia'));

    it('wrong use, with exit status 2 and nothing on standard output', async () => {
      const folder = join(home.path, 'unmade');
      const ended = await startOnce(['--data', folder, '--json', '--port-base', 'many']);
      expect(ended).to.include({ status: 2, out: '' });
      expect(ended.notes).to.match(/^START_USAGE: .*--port-base takes a whole number from 1024 to 65485, not "many"/);
      expect(existsSync(folder)).to.equal(false);
    });

    for (const wrong of [
      '--port-base=80',
      '--port-base=65486',
      '--subjects=1',
      '--subjects=2.5',
      '--once=yes',
      '--engine=anvil',
      '--nope',
      'extra',
    ]) {
      it(`wrong use: ${wrong}`, () => {
        expect(() => parseOptions([wrong]))
          .to.throw(StartError)
          .with.property('code', 'START_USAGE');
      });
    }
  });
});
