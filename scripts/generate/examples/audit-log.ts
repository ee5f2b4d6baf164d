import { TypedDataEncoder } from 'ethers';
import { checkpointDomain, checkpointMessage, checkpointTypes, logOrigin } from '../../../gateway/audit/checkpoint.ts';
import { encodeLeaf, leafEntropyLength } from '../../../gateway/audit/leaf.ts';
import { noteKeyId, verifierKey } from '../../../gateway/audit/note.ts';
import { usageTag } from '../../../gateway/audit/tag.ts';
import { entryBundle } from '../../../gateway/audit/tile.ts';
import { sha256 } from '../../../gateway/domain/hash.ts';
import { leafHash, rootOf } from '../../../gateway/domain/merkle.ts';
import { privateKeyFrom, rawPublicKey } from '../../../gateway/domain/okp.ts';
import { leafValues } from '../../../gateway/flows/leaf-values.ts';
import { consent, historyKey } from './consent.ts';
import { auditAnchor, bank, block, chainId, countedBytes, electricity, grid, hexOf, lines, subject, time, usage } from './facts.ts';
import { exampleCosignature, exampleNote } from './log-vectors.ts';

const commitmentPreimage = (salt = '', value = ''): Uint8Array =>
  Buffer.concat([Uint8Array.of(0x20), Buffer.from(salt, 'base64url'), Buffer.from(value, 'utf8')]);

const meanings: Readonly<Record<string, string>> = {
  b: 'deciding block',
  c: 'commitments begin',
  '}': 'commitments end',
  g: 'tag',
  o: 'outcome',
  s: 'step',
  t: 'time in milliseconds',
  v: 'version; the leaf ends',
};

/** The leaf cut into its members, with the place of each: every byte is in one row. */
const bytesOf = (leaf: string): string => {
  const pieces = leaf.match(/[{,]"[bgostv]":(?:"[^"]*"|[0-9]+)\}?|,"c":\{|,?"[a-z]+":"[^"]*"|\}/g) ?? [];
  let at = 0;
  const rows = pieces.map((piece) => {
    const name = /"([a-z]+)":/.exec(piece)?.[1] ?? piece;
    const row = `| ${at} | ${piece.length} | \`${piece}\` | ${meanings[name] ?? `commitment to ${name}`} |`;
    at += piece.length;
    return row;
  });
  if (pieces.join('') !== leaf) throw new RangeError('the pieces are not the leaf');
  return ['| from | bytes | ASCII | what |', '|---|---|---|---|', ...rows].join('\n');
};

/** The provider's `served` leaf of one usage, its tag, and a checkpoint over a log of that leaf alone. */
export const auditLogExample = async (): Promise<string> => {
  const tag = usageTag(historyKey, grid, 0, 0);
  const draft = {
    step: 'served' as const,
    usage,
    time: time * 1_000 + 250,
    block: 42,
    outcome: 'ok',
    consent: { id: consent, historyKey },
    committed: leafValues({
      counterparty: bank,
      subject,
      staff: 'Li Na',
      reviewer: null,
      grant: hexOf(countedBytes(0x21, 32)) as never,
      consent,
      dataset: electricity,
      fields: ['period', 'kWh'],
      purpose: 'loan-approval',
      operation: 'raw',
      priceFen: 50n,
      message: hexOf(countedBytes(0x31, 32)),
    }),
  };
  const { bytes, opening } = encodeLeaf(draft, countedBytes(0, leafEntropyLength(draft)), tag);
  const hash = leafHash(bytes);
  const root = rootOf([hash]);
  const origin = logOrigin(chainId, grid, 0);
  const noteKey = privateKeyFrom('Ed25519', countedBytes(0x51, 32));
  const publicKey = rawPublicKey(noteKey);
  const checkpoint = checkpointMessage(grid, 0, 1, root);
  const cosigned = exampleCosignature(1, root);
  return [
    '## Tag',
    '',
    lines([
      ['history key', historyKey],
      ['preimage for grid-qinchuan, log 0, n = 0', hexOf(Buffer.concat([Buffer.from(`xinshu-usage-tag/1/${grid}/`), Buffer.alloc(12)]))],
      ['tag, n = 0', tag],
      ['tag, n = 1', usageTag(historyKey, grid, 0, 1)],
    ]),
    '',
    '## Leaf',
    '',
    'The provider served the usage; salts are the bytes 00, 01, 02 … in the alphabetic order of the names. The values, as both sides write them:',
    '',
    block('json', JSON.stringify(opening.values, null, 2)),
    '',
    'The bytes of the leaf:',
    '',
    block('json', Buffer.from(bytes).toString('utf8')),
    '',
    bytesOf(Buffer.from(bytes).toString('utf8')),
    '',
    lines([
      ['length', String(bytes.length)],
      ['preimage of the commitment to purpose', hexOf(commitmentPreimage(opening.salts.purpose, opening.values.purpose))],
      ['its SHA-256, which stands above in base64url', hexOf(sha256(commitmentPreimage(opening.salts.purpose, opening.values.purpose)))],
      ['leaf hash: SHA-256 of 00 and the bytes', hexOf(hash)],
      ['entry bundle of a log of this leaf alone begins with its length', hexOf(entryBundle([bytes]).subarray(0, 8))],
    ]),
    '',
    '## Checkpoint',
    '',
    `A log of this one leaf: its root is the leaf hash. The note key has the seed \`${hexOf(countedBytes(0x51, 32))}\`, the account the private key \`${hexOf(countedBytes(0x71, 32))}\`. The second signature is for the chain.`,
    '',
    block('', (await exampleNote(1, root)).trimEnd()),
    '',
    lines([
      ['verifier key', verifierKey(origin, publicKey)],
      ['key id', hexOf(noteKeyId(origin, publicKey))],
      ['Checkpoint.member, suite', `${checkpoint.member}, ${checkpoint.suite}`],
      [
        `EIP-712 digest for the AuditAnchor at ${auditAnchor}`,
        TypedDataEncoder.hash(checkpointDomain(chainId, auditAnchor), checkpointTypes, checkpoint),
      ],
    ]),
    '',
    '## Cosignature',
    '',
    `bank-changan cosigns that checkpoint one second after the time above. Its note key has the seed \`${hexOf(countedBytes(0x52, 32))}\`. What it signs, to the last line feed:`,
    '',
    block('', cosigned.signed.trimEnd()),
    '',
    "The line that it adds to the note's:",
    '',
    block('', cosigned.line.trimEnd()),
    '',
    lines([['verifier key', cosigned.verifierKey]]),
  ].join('\n');
};
