import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesIn, decoded, type Stretch } from './bytes-in.ts';
import { Matcher } from './matcher.ts';
import type { Secret } from './secrets.ts';

export type Hit = { readonly place: string; readonly where: string; readonly what: string; readonly form: string };
export type Searched = {
  readonly place: string;
  readonly secrets: number;
  readonly patterns: number;
  readonly stretches: number;
  readonly bytes: number;
};
export type Findings = { readonly searched: readonly Searched[]; readonly hits: readonly Hit[] };

type Place = { readonly name: string; readonly secrets: readonly Secret[]; bytes(): AsyncIterable<Stretch> };

const search = async ({ name, secrets, bytes }: Place): Promise<{ searched: Searched; hits: Hit[] }> => {
  const patterns = secrets.flatMap(({ what, forms }) => forms.map(({ form, ...pattern }) => ({ ...pattern, label: { what, form } })));
  const matcher = new Matcher(patterns);
  const hits: Hit[] = [];
  let [stretches, size] = [0, 0];
  for await (const whole of bytes())
    for (const stretch of decoded(whole)) {
      stretches += 1;
      size += stretch.bytes.length;
      for (const { what, form } of matcher.find(stretch.bytes)) hits.push({ place: name, where: stretch.where, what, form });
    }
  return { searched: { place: name, secrets: secrets.length, patterns: patterns.length, stretches, bytes: size }, hits };
};

/** The text of a gateway's metrics, by member. */
export type Metrics = ReadonlyMap<string, string>;

async function* texts(metrics: Metrics): AsyncGenerator<Stretch> {
  for (const [member, text] of metrics) yield { where: member, bytes: Buffer.from(text, 'utf8') };
}

/**
 * Looks for secrets where nothing of them may be: in the ledger's data, in what each gateway keeps (but for what that member holds by right), in all logs and
 * metrics, and in the captured bodies between gateways. The network must be down.
 */
export const searchNetwork = async (root: string, captured: string, metrics: Metrics, secrets: readonly Secret[]): Promise<Findings> => {
  const members = readdirSync(join(root, 'gateways'));
  const places: Place[] = [
    { name: 'ledger', secrets, bytes: () => bytesIn(join(root, 'network')) },
    { name: 'logs', secrets, bytes: () => bytesIn(join(root, 'logs')) },
    { name: 'metrics', secrets, bytes: () => texts(metrics) },
    { name: 'bodies between gateways', secrets, bytes: () => bytesIn(captured) },
    ...members.map((member) => ({
      name: `gateway of ${member}`,
      secrets: secrets.filter(({ holders }) => !holders.has(member)),
      bytes: () => bytesIn(join(root, 'gateways', member)),
    })),
  ];
  const found = [];
  for (const place of places) found.push(await search(place));
  return { searched: found.map(({ searched }) => searched), hits: found.flatMap(({ hits }) => hits) };
};
