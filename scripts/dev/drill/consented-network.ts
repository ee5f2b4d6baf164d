import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaults, generateSampleData } from '../../generate/sample-data.ts';
import { shortName } from '../gateways.ts';
import { bringUp, type Network } from '../network.ts';
import type { Report } from '../report.ts';
import { readStories } from '../sample.ts';
import { xinshu } from '../xinshu.ts';

export type DrillSubject = {
  /** Name of the subject's key store. */
  readonly name: string;
  readonly subject: { readonly type: string; readonly code: string };
  readonly consent: string;
  readonly maxUses: number;
};
export type ConsentedNetwork = {
  readonly network: Network;
  readonly client: string;
  readonly token: string;
  readonly subjects: readonly DrillSubject[];
};

export const purpose = 'loan-approval';
/** Of low grade, so that no review is needed, from two sectors. */
export const asked = [
  { dataset: 'gov-credit.penalty', provider: 'gov-credit', fields: ['docNo', 'category', 'fineFen', 'decidedOn', 'severity'] },
  { dataset: 'grid-qinchuan.electricity', provider: 'grid-qinchuan', fields: ['period', 'kWh', 'billFen', 'overdueDays'] },
] as const;

const publish = async (root: string, subjects: number): Promise<void> => {
  const folder = join(root, 'sample');
  await generateSampleData({ ...defaults, subjects, folder });
  for (const { dataset, provider } of asked) {
    const [as, file] = [`${shortName(provider)}.steward`, (suffix: string) => join(folder, provider, `${dataset}.${suffix}`)];
    await xinshu(root, ['dataset', 'declare', '--as', as, file('schema.json'), '--policy', file('policy.json')]);
    await xinshu(root, ['dataset', 'import', '--as', as, dataset, file('csv')]);
    const terms = ['--purposes', purpose, '--operations', 'raw', '--days', '180'];
    await xinshu(root, ['grant', 'request', '--as', 'bank.steward', dataset, ...terms]);
  }
};

/** A subject's key, credential and consent for both datasets. The passphrase is that of $XINSHU_PASSPHRASE_FILE. */
export const consentOf = async (root: string, name: string, code: string, uses: number): Promise<string> => {
  const credential = join(root, `${name}.credential`);
  await xinshu(root, ['subject', 'new', name, '--code', code]);
  const issue = ['--subject', name, '--grade', '3', '--method', 'in-person', '--out', credential];
  await xinshu(root, ['credential', 'issue', '--as', 'gov.steward', ...issue]);
  await xinshu(root, ['credential', 'import', credential, '--subject', name]);
  const scopes = asked.flatMap(({ dataset, fields }) => ['--scope', `${dataset}:${fields.join(',')}`]);
  const terms = ['--purpose', purpose, '--days', '30', '--uses', String(uses), '--yes'];
  const { consent } = await xinshu<{ consent: string }>(root, [
    'consent',
    'give',
    '--subject',
    name,
    '--to',
    'bank-changan',
    ...scopes,
    ...terms,
  ]);
  return consent;
};

/** A network in an empty folder in which the bank may ask two providers about one subject for each of `uses`, that often; by the commands a user types. */
export const consentedNetwork = async (
  root: string,
  portBase: number,
  uses: readonly number[],
  report: Report,
): Promise<ConsentedNetwork> => {
  const passphrase = join(root, 'drill.passphrase');
  writeFileSync(passphrase, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  process.env.XINSHU_PASSPHRASE_FILE = passphrase;
  const network = await bringUp(root, portBase, report);
  try {
    await report.step('publish', `Publishing ${asked.length} datasets`, () => publish(root, Math.max(8, uses.length)));
    const subjects = await report.step('consents', `${uses.length} subjects consent`, async () => {
      const made: DrillSubject[] = [];
      for (const [index, { subject }] of readStories(root).slice(0, uses.length).entries()) {
        const [name, maxUses] = [`subject-${index}`, uses[index] as number];
        made.push({ name, subject, maxUses, consent: await consentOf(root, name, `${subject.type}:${subject.code}`, maxUses) });
      }
      return made;
    });
    const { ports, host } = network.manifest.members.find(({ id }) => id === 'bank-changan')!;
    const token = readFileSync(join(root, 'tokens', 'bank.requester'), 'utf8').trim();
    return { network, client: `http://${host}:${ports.client}`, token, subjects };
  } catch (error) {
    await network.stop();
    throw error;
  }
};
