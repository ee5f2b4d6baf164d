import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shortName } from '../../gateways.ts';
import { readStories, type StorySubject } from '../../sample.ts';
import { tryXinshu, xinshu } from '../../xinshu.ts';
import { asked, consentOf, purpose } from '../consented-network.ts';
import type { Metrics } from './search.ts';

type NetworkFile = { readonly members: readonly { readonly id: string; readonly client: string }[] };

/** On a network that has its journey behind it: the bank asks about these subjects too, answered and refused, and reads its history. Gives their codes. */
export const askAbout = async (root: string, stories: readonly string[]): Promise<readonly string[]> => {
  process.env.XINSHU_PASSPHRASE_FILE = join(root, 'supplier.passphrase');
  const chosen: StorySubject[] = readStories(root).filter(({ id }) => stories.includes(id));
  for (const { id, subject } of chosen) {
    const code = `${subject.type}:${subject.code}`;
    const consent = await consentOf(root, id, code, 2);
    const query = (dataset: string, fields: readonly string[]): string[] => [
      ...['query', '--as', 'bank.requester', '--subject', code, '--dataset', dataset],
      ...['--fields', fields.join(','), '--purpose', purpose, '--consent', consent],
    ];
    for (const { dataset, fields } of asked) await xinshu(root, query(dataset, fields));
    await xinshu(root, ['history', '--subject', id, '--consent', consent]);
    await xinshu(root, ['withdraw', '--subject', id, '--consent', consent]);
    const [{ dataset, fields }] = asked;
    const { status } = await tryXinshu(root, query(dataset, fields));
    if (status === 0) throw new Error(`${dataset} was served after the withdrawal`);
  }
  return chosen.map(({ subject }) => subject.code);
};

/** What each running gateway shows its operator. */
export const readMetrics = async (root: string): Promise<Metrics> => {
  const { members } = JSON.parse(readFileSync(join(root, 'network.json'), 'utf8')) as NetworkFile;
  const metrics = new Map<string, string>();
  for (const { id, client } of members) {
    const token = readFileSync(join(root, 'tokens', `${shortName(id)}.operator`), 'utf8').trim();
    const answer = await fetch(`${client}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${id} showed no metrics: ${answer.status}`);
    metrics.set(id, await answer.text());
  }
  return metrics;
};
