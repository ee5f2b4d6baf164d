/** `npm run reference:german-credit`: a public data set, split among four gateways, scored jointly, against the scores of the tool that made the scorecard. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoManifest } from '../../../node/manifest/demo.ts';
import { compileContracts } from '../../dev/compile.ts';
import { portsOf } from '../../dev/network.ts';
import { requireFree } from '../../dev/ports.ts';
import { Report } from '../../dev/report.ts';
import { startReferenceNetwork } from './network.ts';
import { defaultFolder, ReferenceMissing, readReference } from './read-reference.ts';
import { consentOfAll, type Outcome, scoreApplicants } from './score-applicants.ts';

const usage = `Usage: npm run reference:german-credit -- [options]

Splits 1,000 real applicants among four running gateways, has a bank score them jointly by a scorecard that another tool made, and compares each joint score with that
tool's own. All go through the share protocol; the first N with all zero-knowledge proofs, the others without, as only a network for trials allows.

  --data DIR       folder of the reference (default: shared/reference/german-credit beside the repository)
  --proofs N|all   applicants with all proofs (default 25)
  --applicants N   only the first N (default all)
  --port-base N    first port of the network (default 24400)
  --keep           leave the network's data folder in place
  --json           one JSON document on standard output, progress on standard error
  --help           this text

Exit status: 0 all equal, 1 a mismatch or a failure, 2 wrong use.`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: defaultFolder },
    proofs: { type: 'string', default: '25' },
    applicants: { type: 'string', default: 'all' },
    'port-base': { type: 'string', default: '24400' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** A whole number, or `all`. */
const countOf = (name: string, text: string): number => {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (!/^\d{1,6}$/.test(text)) throw new RangeError(`--${name} takes a whole number or all, not "${text}"`);
  return Number(text);
};

const run = async (report: Report): Promise<Outcome> => {
  const whole = readReference(values.data);
  const [proofs, portBase] = [countOf('proofs', values.proofs), countOf('port-base', values['port-base'])];
  const reference = { ...whole, applicants: whole.applicants.slice(0, countOf('applicants', values.applicants)) };
  await requireFree(portsOf(demoManifest(portBase)));
  await report.step('compile', 'Compiling the contracts', compileContracts, (outcome) => ({ detail: outcome }));
  const root = await mkdtemp(join(tmpdir(), 'xinshu-german-credit-'));
  try {
    const network = await startReferenceNetwork(root, portBase, reference, report);
    try {
      const count = reference.applicants.length;
      const every = Math.max(1, Math.floor(count / 20));
      const consents = await report.step('consents', `${count} applicants consent`, () =>
        consentOfAll(network, reference, (done) => {
          if (done % every === 0) report.line(`    ${done} of ${count}`);
        }),
      );
      return await report.step(
        'scores',
        `Scoring ${count} applicants jointly`,
        () =>
          scoreApplicants(network, reference, consents, proofs, (done, proved) => {
            if (done % every === 0) report.line(`    ${done} of ${count}, ${proved} with all proofs`);
          }),
        ({ equal, proved }) => ({ equal, proved, detail: `${equal} equal, ${proved} of them proved` }),
      );
    } finally {
      await network.stop();
    }
  } finally {
    if (values.keep) report.line(`  kept: ${root}`);
    else await rm(root, { recursive: true, force: true });
  }
};

if (values.help) console.log(usage);
else {
  const report = new Report(values.json);
  try {
    const outcome = await run(report);
    if (values.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    else
      for (const { applicant, expected, got } of outcome.mismatches) report.line(`  applicant ${applicant}: ${got} instead of ${expected}`);
    process.exitCode = outcome.mismatches.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ReferenceMissing || error instanceof RangeError ? 2 : 1;
  }
  process.exit();
}
