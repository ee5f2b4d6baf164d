import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from './report.ts';
import { readStories } from './sample.ts';
import { scoreStep } from './score-step.ts';
import { tryXinshu, xinshu } from './xinshu.ts';

const purpose = 'loan-approval';

/** One record each from four sectors: what the bank may see of it is less than what the provider holds. `scored` are the fields that the model's features need besides. */
const asked = [
  {
    dataset: 'gov-credit.penalty',
    fields: ['docNo', 'category', 'fineFen', 'decidedOn', 'severity'],
    scored: ['endedOn'],
    reviewed: false,
  },
  {
    dataset: 'fin-weihe.loan',
    fields: ['product', 'limitFen', 'balanceFen', 'overdueDays', 'classification'],
    scored: ['startOn'],
    reviewed: true,
  },
  { dataset: 'grid-qinchuan.electricity', fields: ['period', 'kWh', 'billFen', 'overdueDays'], scored: [], reviewed: false },
  {
    dataset: 'chain-hub.order',
    fields: ['goodsClass', 'amountFen', 'orderedOn', 'deliveredOn', 'state'],
    scored: ['dueOn', 'disputed'],
    reviewed: true,
  },
] as const;
const byPolicy = 3;

type Grant = {
  readonly id: string;
  readonly dataset: string;
  readonly consumer: string;
  readonly state: string;
  readonly byPolicy?: boolean;
};
type Answer = {
  readonly usage: string;
  readonly outcome: string;
  readonly records: readonly unknown[];
  readonly proof: { readonly verified: boolean };
};
type Audit = {
  readonly ok: boolean;
  readonly findings: readonly unknown[];
  readonly logs: readonly { readonly served: number; readonly size: number; readonly notAnchored: number }[];
};

class JourneyFailed extends Error {}
const must = (condition: boolean, what: string): void => {
  if (!condition) throw new JourneyFailed(what);
};

/** The passphrase of the demo subject, as a user would keep it: a file that only its owner can read. */
const passphraseFile = (root: string): string => {
  const path = join(root, 'supplier.passphrase');
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  return path;
};

/** design.md §8 of the issue: from a subject's key to a refused query, every step by the command a user types. */
export const walkJourney = async (root: string, report: Report): Promise<void> => {
  process.env.XINSHU_PASSPHRASE_FILE = passphraseFile(root);
  const quote = (arg: string): string => (/^[\w.:,@/=-]+$/.test(arg) ? arg : `'${arg}'`);
  const run = <T>(...args: string[]): Promise<T> => {
    report.command(`npx xinshu ${args.map(quote).join(' ')}`);
    return xinshu<T>(root, args);
  };
  const attempt = (...args: string[]) => {
    report.command(`npx xinshu ${args.map(quote).join(' ')}`);
    return tryXinshu(root, args);
  };
  const story = readStories(root)[0];
  if (story === undefined) throw new JourneyFailed('the sample data has no story');
  const code = `${story.subject.type}:${story.subject.code}`;

  report.title('The journey: a supplier, a bank, four providers, an auditor');
  await report.step('subject', `${story.name}: the supplier's representative makes a key`, async () => {
    const known = await run<{ name: string }[]>('subject', 'list');
    if (!known.some(({ name }) => name === 'supplier')) await run('subject', 'new', 'supplier', '--code', code);
  });
  await report.step('credential', 'The credit information centre checks the representative and issues a credential', async () => {
    const file = join(root, 'supplier.credential');
    await run(
      'credential',
      'issue',
      '--as',
      'gov.steward',
      '--subject',
      'supplier',
      '--grade',
      '3',
      '--method',
      'in-person',
      '--out',
      file,
    );
    await run('credential', 'import', file, '--subject', 'supplier');
  });
  await report.step(
    'catalog',
    'The bank finds four datasets in the catalog',
    async () => {
      const found = await run<{ id: string; version: number }[]>('dataset', 'list', '--as', 'bank.requester');
      const missing = asked.filter(({ dataset }) => !found.some(({ id, version }) => id === dataset && version > 0));
      must(missing.length === 0, `not in the catalog: ${missing.map(({ dataset }) => dataset).join(', ')}`);
      return found.length;
    },
    (datasets) => ({ datasets, detail: `${datasets} datasets in the catalog` }),
  );
  const live = async (): Promise<Grant[]> =>
    (await run<Grant[]>('grant', 'list', '--as', 'bank.steward')).filter(
      ({ state, consumer }) => state === 'live' && consumer === 'bank-changan',
    );
  await report.step(
    'access',
    'The bank requests access: three are granted by policy, one waits for a steward',
    async () => {
      const held = await live();
      const wanted = asked.filter(({ dataset }) => !held.some((grant) => grant.dataset === dataset));
      const requested: { dataset: string; grant?: string | null }[] = [];
      for (const { dataset } of wanted) {
        const result = await run<{ grant?: string | null }>(
          'grant',
          'request',
          '--as',
          'bank.steward',
          dataset,
          '--purposes',
          purpose,
          '--operations',
          'raw,score',
          '--days',
          '180',
        );
        requested.push({ dataset, grant: result.grant ?? null });
      }
      if (wanted.length === asked.length)
        must(requested.filter(({ grant }) => grant !== null).length === byPolicy, `granted by policy: ${JSON.stringify(requested)}`);
      return requested;
    },
    (requested) => ({ requested: requested.length }),
  );
  await report.step('grant', "The supply chain centre's steward grants access to the orders", async () => {
    const ungranted = async () => {
      const held = await live();
      return asked.filter(({ dataset }) => !held.some((grant) => grant.dataset === dataset)).map(({ dataset }) => dataset);
    };
    if ((await ungranted()).length > 0) {
      const open = await untilSome(async () =>
        (await run<AccessRequest[]>('grant', 'requests', '--as', 'chain.steward')).filter(({ state }) => state === 'open'),
      );
      for (const { id } of open) await run('grant', 'approve', '--as', 'chain.steward', id);
      await untilSome(async () => ((await ungranted()).length === 0 ? [true] : []));
    }
    const missing = await ungranted();
    must(missing.length === 0, `no live grant for ${missing.join(', ')}`);
  });
  const consent = await report.step(
    'consent',
    'The supplier consents: one grantee, four datasets, these fields, one purpose, 30 days, 3 uses',
    async () => {
      const scopes = asked.flatMap(({ dataset, fields, scored }) => ['--scope', `${dataset}:${[...fields, ...scored].join(',')}`]);
      const given = await run<{ consent: string; state: string }>(
        'consent',
        'give',
        '--subject',
        'supplier',
        '--to',
        'bank-changan',
        ...scopes,
        '--purpose',
        purpose,
        '--operations',
        'raw,score',
        '--days',
        '30',
        '--uses',
        '3',
        '--yes',
      );
      must(given.state === 'given', `the consent is ${given.state}`);
      return given.consent;
    },
    (id) => ({ consent: id }),
  );
  const review = await report.step('review', 'Loan and orders are of grade 3: another person at the bank reviews the request', async () => {
    const datasets = asked.filter(({ reviewed }) => reviewed).map(({ dataset }) => dataset);
    const opened = await run<{ review: string }>(
      'review',
      'open',
      '--as',
      'bank.requester',
      '--subject',
      code,
      '--datasets',
      datasets.join(','),
      '--purpose',
      purpose,
      '--consent',
      consent,
    );
    await run('review', 'approve', '--as', 'bank.reviewer', opened.review);
    return opened.review;
  });
  const query = (dataset: string, fields: readonly string[], reviewed: boolean): string[] => [
    'query',
    '--as',
    'bank.requester',
    '--subject',
    code,
    '--dataset',
    dataset,
    '--fields',
    fields.join(','),
    '--purpose',
    purpose,
    '--consent',
    consent,
    ...(reviewed ? ['--review', review] : []),
  ];
  for (const { dataset, fields, reviewed } of asked) {
    await report.step(
      `query.${dataset.split('.')[1]}`,
      `The bank queries ${dataset}`,
      async () => {
        const answer = await run<Answer>(...query(dataset, fields, reviewed));
        must(answer.outcome === 'ok' && answer.proof.verified, `outcome ${answer.outcome}`);
        must(answer.records.length > 0, 'no record');
        return answer;
      },
      ({ usage, records }) => ({
        usage,
        records: records.length,
        detail: `${records.length} records, checked against the commitment on chain`,
      }),
    );
  }
  const reviewed = asked.filter((one) => one.reviewed).map(({ dataset }) => dataset);
  const joint = await scoreStep(root, report, { run, attempt }, { code, purpose, consent, reviewed });
  const served = asked.length + (joint.again ? 0 : joint.providers);
  await report.step(
    'audit',
    'The auditor verifies every usage on both sides against the anchored roots',
    async () => {
      const audit = await auditUntilAnchored(run);
      must(audit.ok, `findings: ${JSON.stringify(audit.findings).slice(0, 1000)}`);
      const found = audit.logs.reduce((sum, log) => sum + log.served, 0);
      must(found >= served, `only ${found} usages were found`);
      return found;
    },
    (found) => ({ served: found, detail: `${found} served usages, no finding` }),
  );
  await report.step(
    'history',
    'The supplier reads who used its data',
    async () => {
      const history = await run<HistoryOf>('history', '--subject', 'supplier', '--consent', consent);
      must(history.findings.length === 0, `findings: ${JSON.stringify(history.findings).slice(0, 500)}`);
      const entries = history.consents.flatMap(({ usages }) => usages.flatMap(({ steps }) => steps));
      must(entries.filter(({ step }) => step === 'served').length === served, `entries: ${JSON.stringify(entries).slice(0, 500)}`);
      return entries.length;
    },
    (entries) => ({ entries }),
  );
  await report.step(
    'explain',
    'The supplier asks the providers what led to their points',
    async () => {
      const { scores, unread } = await run<{ scores: unknown[]; unread: unknown[] }>(
        'score',
        'explain',
        '--subject',
        'supplier',
        '--consent',
        consent,
      );
      must(
        unread.length === 0 && scores.length === (joint.again ? 0 : joint.providers),
        `explained: ${JSON.stringify({ scores, unread })}`,
      );
      return scores.length;
    },
    (explained) => ({ explained }),
  );
  await report.step('withdraw', 'The supplier withdraws its consent', () => run('withdraw', '--subject', 'supplier', '--consent', consent));
  await report.step('refused', 'The next query is refused, whichever provider it is for', async () => {
    for (const { dataset, fields, reviewed } of asked) {
      const { status, value, notes } = await attempt(...query(dataset, fields, reviewed));
      must(
        status === 1 && `${JSON.stringify(value)}${notes}`.includes('CONSENT_WITHDRAWN'),
        `${dataset}: status ${status}, ${JSON.stringify(value)} ${notes}`,
      );
    }
  });
};

type AccessRequest = { readonly id: string; readonly dataset: string; readonly state: string };

/** Each gateway follows the chain on its own: what one has just seen may take another a moment. Empty after 5 s. */
const untilSome = async <T>(look: () => Promise<readonly T[]>): Promise<readonly T[]> => {
  for (let attempt = 0; ; attempt += 1) {
    const found = await look();
    if (found.length > 0 || attempt >= 10) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

type HistoryOf = {
  readonly findings: readonly unknown[];
  readonly consents: readonly { readonly usages: readonly { readonly steps: readonly { readonly step: string }[] }[] }[];
};

/** Anchoring runs in the background every few seconds; the audit is asked again until it covers all that was there at the first look. */
const auditUntilAnchored = async (run: <T>(...args: string[]) => Promise<T>): Promise<Audit> => {
  for (let attempt = 0; ; attempt += 1) {
    const audit = await run<Audit>('audit');
    if (!audit.ok || attempt >= 20 || audit.logs.every(({ notAnchored }) => notAnchored === 0)) return audit;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};
