import { join } from 'node:path';
import { expect } from 'chai';
import { startOnce } from '../../../scripts/dev/start-command.ts';
import { freePortBase } from '../../e2e/free-ports.ts';
import { processesNaming } from '../../e2e/processes.ts';
import { describeOnKaia } from '../../helpers/kaia-network.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

interface Outcome {
  readonly ok: boolean;
  readonly steps: readonly { readonly id: string; readonly ok: boolean; readonly detail?: string }[];
  readonly network: { readonly engine: string; readonly validators: readonly { readonly member: string; readonly sector: string }[] };
}

describeOnKaia('npm start on four Kaia validators', () => {
  let home: TemporaryFolder;
  before(async () => {
    home = await temporaryFolder();
  });
  after(() => home.remove());

  it('walks the whole journey, resumes, and walks it again', async () => {
    const data = join(home.path, 'network');
    const first = ['--engine', 'kaia', '--port-base', String(await freePortBase('kaia')), '--subjects', '60'];
    for (const more of [first, []]) {
      const { status, out, notes } = await startOnce(['--data', data, '--once', '--json', ...more]);
      expect(status, notes).to.equal(0);
      const { ok, steps, network } = JSON.parse(out) as Outcome;
      expect([ok, steps.filter((step) => !step.ok)]).to.deep.equal([true, []]);
      expect(steps.map(({ id }) => id)).to.include.members([
        'contracts',
        'consent',
        'query.order',
        'audit',
        'history',
        'withdraw',
        'refused',
      ]);
      expect(network.engine).to.equal('kaia');
      expect(new Set(network.validators.map(({ sector }) => sector)).size).to.equal(4);
      expect(processesNaming(data).size).to.equal(0);
    }
  });
});
