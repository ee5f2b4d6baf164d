import { createHash, createHmac } from 'node:crypto';
import { concat, decodeBase64, Untrusted, utf8 } from './bytes.ts';

/* A second reading of docs/protocol/audit-log.md. */

export type ReadLeaf = {
  readonly time: number;
  readonly block: number;
  readonly step: string;
  readonly outcome: string;
  readonly tag: string | null;
  readonly commitments: ReadonlyMap<string, string>;
};

const names = 'consent counterparty dataset fields grant message operation period price purpose reviewer staff subject usage'.split(' ');
const steps = 'requested served refused received issued erased'.split(' ');
const number = '(0|[1-9][0-9]{0,15})';
const digest = '[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]';

/** A leaf holds only text that needs no escape, so its one spelling can be read from the left without a JSON parser. */
const form = new RegExp(
  `^\\{"b":${number},"c":\\{((?:"[a-z]+":"${digest}",?)+)\\},"g":(null|"0x[0-9a-f]{64}"),"o":"(ok|[A-Z][A-Z0-9_]{0,63})","s":"([a-z]+)","t":${number},"v":1\\}$`,
);

const exact = (text: string): number => {
  if (BigInt(text) > BigInt(Number.MAX_SAFE_INTEGER)) throw new Untrusted(`${text} is no exact number`);
  return Number(text);
};

export const readLeaf = (bytes: Uint8Array): ReadLeaf => {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const [, block = '', list = '', tag = '', outcome = '', step = '', time = ''] = form.exec(text) ?? [];
  if (block === '' || !steps.includes(step)) throw new Untrusted('not a leaf');
  const pairs = list.split(',').map((pair) => pair.slice(1, -1).split('":"') as [string, string]);
  const found = pairs.map(([name]) => name);
  const sorted = [...new Set(found)].sort();
  if (found.join() !== sorted.join() || !found.every((name) => names.includes(name)) || !found.includes('usage'))
    throw new Untrusted('not the commitments of a leaf');
  return {
    time: exact(time),
    block: exact(block),
    step,
    outcome,
    tag: tag === 'null' ? null : tag.slice(1, -1),
    commitments: new Map(pairs),
  };
};

const fromUrl = (text: string): Uint8Array =>
  decodeBase64(
    text
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .padEnd(Math.ceil(text.length / 4) * 4, '='),
  );
const toUrl = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** SHA-256(0x20 || salt || value). */
export const commitment = (salt: string, value: string): string =>
  toUrl(
    createHash('sha256')
      .update(concat(Uint8Array.of(0x20), fromUrl(salt), utf8(value)))
      .digest(),
  );

/** HMAC-SHA-256(historyKey, "xinshu-usage-tag/1/" || member || "/" || u32be(log) || u64be(n)). */
export const tagOf = (historyKey: string, member: string, log: number, n: number): string => {
  const place = new DataView(new ArrayBuffer(12));
  place.setUint32(0, log);
  place.setBigUint64(4, BigInt(n));
  const message = concat(utf8(`xinshu-usage-tag/1/${member}/`), new Uint8Array(place.buffer));
  return `0x${createHmac('sha256', Buffer.from(historyKey.slice(2), 'hex'))
    .update(message)
    .digest('hex')}`;
};
