import { encodeLeaf, leafEntropyLength } from '../../../gateway/audit/leaf.ts';
import { usageTag } from '../../../gateway/audit/tag.ts';
import { toBase64url } from '../../../gateway/domain/hash.ts';
import { leafHash } from '../../../gateway/domain/merkle.ts';
import type { LeafDraft } from '../../../gateway/domain/usage-leaf.ts';
import { consent, historyKey } from './consent.ts';
import { bank, countedBytes, electricity, grid, hexOf, subject, time, usage } from './facts.ts';

const under = { id: consent, historyKey };

/** One leaf of each kind: with and without a consent, refused, with text beyond ASCII, with nothing but the usage id. */
const drafts: readonly { readonly what: string; readonly n: number; readonly draft: LeafDraft }[] = [
  {
    what: 'the first leaf under a consent, served',
    n: 0,
    draft: {
      step: 'served',
      usage,
      time: time * 1_000 + 250,
      block: 42,
      outcome: 'ok',
      consent: under,
      committed: {
        counterparty: bank,
        subject: JSON.stringify({ code: subject.code, type: subject.type }),
        staff: 'Li Na',
        dataset: electricity,
        fields: '["kWh","period"]',
        purpose: 'loan-approval',
        operation: 'raw',
        price: '50',
        message: hexOf(countedBytes(0x31, 32)),
      },
    },
  },
  {
    what: 'the fourth under the same, refused',
    n: 3,
    draft: {
      step: 'refused',
      usage,
      time: 0,
      block: 0,
      outcome: 'CONSENT_WITHDRAWN',
      consent: under,
      committed: { counterparty: bank, staff: '王 五' },
    },
  },
  {
    what: 'without a consent, of the largest time and block',
    n: 0,
    draft: {
      step: 'requested',
      usage,
      time: Number.MAX_SAFE_INTEGER,
      block: Number.MAX_SAFE_INTEGER,
      outcome: 'ok',
      consent: undefined,
      committed: { purpose: '' },
    },
  },
  {
    what: 'nothing committed to but the usage id',
    n: 0,
    draft: { step: 'issued', usage, time: 1, block: 1, outcome: 'ok', consent: undefined, committed: {} },
  },
];

/** Bytes that are no leaf, each one step away from the last of the leaves above. */
const refused = (leaf: string): readonly { readonly why: string; readonly text: string }[] => [
  { why: 'a space', text: leaf.replace('"c":', '"c": ') },
  { why: 'a line feed at the end', text: `${leaf}\n` },
  { why: 'another version', text: leaf.replace('"v":1', '"v":2') },
  { why: 'no version', text: leaf.replace(',"v":1', '') },
  { why: 'one member more', text: leaf.replace(',"v":1', ',"v":1,"x":1') },
  { why: 'a member twice', text: leaf.replace(',"v":1', ',"v":1,"v":1') },
  { why: 'members in another order', text: leaf.replace('"t":1,"v":1', '"v":1,"t":1') },
  { why: 'a time with a fraction', text: leaf.replace('"t":1', '"t":1.5') },
  { why: 'a time in exponents', text: leaf.replace('"t":1', '"t":1e0') },
  { why: 'a time below zero', text: leaf.replace('"t":1', '"t":-1') },
  { why: 'a block that is no exact number', text: leaf.replace('"b":1', '"b":9007199254740993') },
  { why: 'a block as text', text: leaf.replace('"b":1', '"b":"1"') },
  { why: 'a step that is none', text: leaf.replace('"issued"', '"sent"') },
  { why: 'an outcome in small letters', text: leaf.replace('"o":"ok"', '"o":"refused"') },
  { why: 'a tag in capitals', text: leaf.replace('"g":null', `"g":"0x${'AB'.repeat(32)}"`) },
  { why: 'a short tag', text: leaf.replace('"g":null', '"g":"0x00"') },
  { why: 'a commitment that is unknown', text: leaf.replace('"usage"', '"amount":"","usage"') },
  { why: 'no usage', text: leaf.replace('"usage"', '"staff"') },
  { why: 'a commitment of 31 bytes', text: leaf.replace(/"usage":"[^"]*"/, `"usage":"${toBase64url(new Uint8Array(31))}"`) },
  { why: 'base64 with padding', text: leaf.replace(/"usage":"([^"]*)"/, '"usage":"$1="') },
  { why: 'an escape that is not needed', text: leaf.replace('"o":"ok"', '"o":"\\u006fk"') },
  { why: 'a byte order mark', text: `\ufeff${leaf}` },
  { why: 'nothing', text: '' },
  { why: 'an array', text: '[]' },
];

export const leafVectors = () => {
  const leaves = drafts.map(({ what, n, draft }) => {
    const tag = draft.consent === undefined ? null : usageTag(historyKey, grid, 0, n);
    const { bytes, opening } = encodeLeaf(draft, countedBytes(0, leafEntropyLength(draft)), tag);
    const { step, time: milliseconds, block, outcome } = draft;
    const text = Buffer.from(bytes).toString('utf8');
    return { what, step, time: milliseconds, block, outcome, n: tag === null ? null : n, opening, text, hash: hexOf(leafHash(bytes)) };
  });
  return { member: grid, log: 0, historyKey, leaves, refused: refused(leaves.at(-1)?.text ?? '') };
};
