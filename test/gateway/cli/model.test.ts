import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock, systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import { runCommand } from '../../../gateway/cli/main-command.ts';
import { tryXinshu, xinshu } from '../../../scripts/dev/xinshu.ts';
import type { GatewayNetwork } from '../../helpers/gateway-network.ts';
import { modelledMembers, startModelledNetwork } from '../../helpers/modelled-network.ts';
import { modelDocument, modelledDatasets, modelParts, scoredSchema } from '../../helpers/scorecard-model.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

type Model = { readonly id: string; readonly version: number; readonly state: string };

describe('xinshu model', () => {
  let network: GatewayNetwork;
  let folder: TemporaryFolder;
  const home = () => folder.path;
  const write = (name: string, value: unknown): string => {
    const path = join(home(), name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const done = <T>(...args: string[]): Promise<T> => xinshu<T>(home(), args);
  const refused = async (...args: string[]): Promise<{ readonly status: number; readonly said: string }> => {
    const { status, value, notes } = await tryXinshu(home(), args);
    return { status, said: `${JSON.stringify(value)} ${notes}` };
  };
  /** What a person sees. */
  const text = async (...args: string[]): Promise<string> => {
    let said = '';
    const nobody = () => Promise.reject(new Error('nobody is there'));
    const terminal = {
      interactive: false,
      colour: false,
      out: (line: string) => (said += `${line}\n`),
      note: () => {},
      ask: nobody,
      askSecret: nobody,
    };
    await runCommand(['--home', home(), ...args], { terminal, clock: systemClock, randomness: systemRandomness });
    return said;
  };
  const state = async (version: number): Promise<string | undefined> =>
    (await done<Model[]>('model', 'list', '--as', 'chain.steward')).find((model) => model.version === version)?.state;

  before(async () => {
    network = await startModelledNetwork();
    folder = await temporaryFolder();
    write('network.json', {
      version: 1,
      chainId: network.chain.chainId,
      ledger: network.chain.endpoint,
      directory: network.chain.contracts.directory,
      members: modelledMembers.map((id) => ({
        id,
        name: id,
        nameZh: '机构',
        sector: 'finance',
        client: network.gateway(id).clientUrl,
        peer: 'https://127.0.0.1:1',
      })),
    });
    for (const member of modelledMembers)
      for (const role of ['steward', 'auditor']) {
        const profile = `${member.split('-')[0]}.${role}`;
        const where = ['--dir', network.folder(member), '--gateway', network.gateway(member).clientUrl];
        await done('token', 'create', ...where, '--staff', `The ${role}`, '--roles', role, '--profile', profile);
      }
  });
  after(async () => {
    await network.remove();
    await folder.remove();
  });

  it('goes from a file to an approved model, and ends retired', async () => {
    const file = write('model.json', { document: modelDocument, parts: modelParts });
    expect(await done('model', 'register', '--as', 'chain.steward', file)).to.include({ model: 'sme', version: 1 });
    expect(await state(1)).to.equal('registered');
    const delivered = await done<{ delivered: string[] }>('model', 'deliver', '--as', 'chain.steward', 'sme', '--auditors', 'audit-office');
    expect(delivered.delivered).to.have.members(modelledMembers.filter((member) => member !== 'chain-hub'));
    const measured = await done<object>('model', 'leakage', '--as', 'audit.auditor', 'sme', '--dry-run');
    expect(await done('model', 'leakage', '--as', 'audit.auditor', 'sme')).to.deep.include(measured);
    await network.settled();
    expect(await state(1)).to.equal('reported');
    for (const steward of ['gov.steward', 'fin.steward', 'grid.steward']) await done('model', 'approve', '--as', steward, 'sme');
    await network.settled();
    expect(await state(1)).to.equal('approved');
    await done('model', 'approve', '--as', 'gov.steward', 'sme', '1', '--revoke');
    await network.settled();
    expect(await state(1)).to.equal('reported');
    await done('model', 'retire', '--as', 'chain.steward', 'sme', '1');
    expect(await state(1)).to.equal('retired');
    await network.settled();
  });

  it('says the same to people, in either language', async () => {
    const shown = await text('--lang', 'en', 'model', 'show', '--as', 'fin.steward', 'sme');
    expect(shown).to.match(/^model +sme 1\ntitle +Suppliers\nowner +chain-hub\nstate +retired\n/);
    expect(shown).to.include('audit-office: 2 of 43 totals pin a provider down');
    expect(shown).to.match(/fin-weihe\.loan +fin-weihe +yes +yes/);
    expect(shown).to.match(/gov-credit\.penalty +gov-credit +no +no/);
    expect(await text('--lang', 'zh', 'model', 'list', '--as', 'fin.steward')).to.match(
      /^模型 +版本 +所有方 +状态 .*\nsme +1 +chain-hub +已停用 +3 +2\/3 /,
    );
  });

  it('exports what can be registered again', async () => {
    const file = join(home(), 'exported.json');
    await done('model', 'export', '--as', 'chain.steward', 'sme', '1', '--out', file);
    expect(await done('model', 'register', '--as', 'chain.steward', file)).to.include({ model: 'sme', version: 2 });
    expect(await done('model', 'export', '--as', 'chain.steward', 'sme')).to.deep.equal({ document: modelDocument, parts: modelParts });
    const { status, said } = await refused('model', 'export', '--as', 'fin.steward', 'sme', '1');
    expect(status).to.equal(1);
    expect(said).to.include('MODEL_UNKNOWN');
  });

  it('imports the table of a scorecard tool over the datasets named, with what they declare', async () => {
    const bins = [
      { from: null, to: 2, points: 3 },
      { from: 2, to: null, points: -2 },
    ];
    const table = {
      base: 512,
      scale: { points: 600, odds: '50:1', pdo: 20 },
      features: [
        { sector: 'government', name: 'penalties', kind: 'integer', bins },
        { sector: 'finance', name: 'loans', kind: 'integer', bins },
        { sector: 'utilities', name: 'months', kind: 'integer', bins },
      ],
    };
    const [gov, fin, grid] = modelledDatasets;
    const features = await done<{ features: unknown }>('dataset', 'features', '--as', 'gov.steward', gov);
    expect(features.features).to.deep.equal(scoredSchema(gov).features);
    const schemas = [write('gov.json', features), write('fin.json', scoredSchema(fin)), write('grid.json', { schema: scoredSchema(grid) })];
    const arguments_ = [
      ...['--as', 'chain.steward', '--id', 'imported', '--title', 'Imported'],
      ...['--datasets', `government=${gov},finance=${fin},utilities=${grid}`],
      ...schemas.flatMap((schema) => ['--schema', schema]),
    ];
    const file = write('table.json', table);
    expect(await done('model', 'import', file, ...arguments_)).to.include({ model: 'imported', version: 1 });
    const exported = await done<{ document: { base: number }; parts: unknown[] }>('model', 'export', '--as', 'chain.steward', 'imported');
    expect(exported.document).to.deep.include({ base: 512, scale: table.scale });
    expect(exported.parts[0]).to.deep.equal({
      features: [{ name: 'penalties', kind: 'numeric', bins: [{ below: 2, points: 3 }, { points: -2 }] }],
    });
    const gap = { ...table, features: [{ ...table.features[0], bins: [bins[0], { ...bins[1], from: 3 }] }, ...table.features.slice(1)] };
    const { status, said } = await refused('model', 'import', write('gap.json', gap), ...arguments_);
    expect(status).to.equal(1);
    expect(said).to.match(/MODEL_INVALID/);
    expect(said).to.include('/features/0/bins/1/from');
  });

  it('refuses without the role, for a model that is not there, and for a file that is none', async () => {
    const file = write('model.json', { document: modelDocument, parts: modelParts });
    expect((await refused('model', 'register', '--as', 'chain.auditor', file)).said).to.include('STAFF_ROLE_MISSING');
    expect((await refused('model', 'leakage', '--as', 'audit.steward', 'sme')).said).to.include('STAFF_ROLE_MISSING');
    expect((await refused('model', 'show', '--as', 'fin.steward', 'nothing')).said).to.include('MODEL_UNKNOWN');
    expect((await refused('model', 'retire', '--as', 'fin.steward', 'sme', '2')).said).to.include('MODEL_NOT_OURS');
    expect((await refused('model', 'register', '--as', 'chain.steward', join(home(), 'none.json'))).status).to.equal(2);
    expect(await state(3)).to.equal(undefined);
  });
});
