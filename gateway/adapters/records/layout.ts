import type { FieldValue } from '../../domain/field-value.ts';
import type { ImportHead, StagedFeatures, StagedSubject } from '../../ports/records-writer.ts';

/*
 * Rows of the records namespace; the first byte tells the kind and is never given to another.
 *   1, 2                                  rows of an earlier commitment, not read any more
 *   3 | import id (16)                    -> ImportRow, JSON
 *   4 | import id (16) | subject key (32) -> SubjectRow, binary
 *   5 | import id (16) | subject key (32) -> FeatureRow, binary
 * A feature row is u32be index, u8 number of codes, u8 levels of the path, the codes as u48be, the salt, then four hashes a level (32 bytes each).
 * A subject row is u32be leaf index, u8 length of the path, u8 number of fields, the secret, the path's hashes and the column hashes (32 bytes each), then the
 * records as JSON lists in the schema's order: names are kept once, in the import row.
 */
const kinds = { import: 3, subject: 4, features: 5 } as const;
const headLength = 6;
const hashLength = 32;

/** `staging` may be half there; `staged` is whole; `active` is readable as `version`; `leaving` is being removed. */
export type ImportRow =
  | { readonly state: 'staging' | 'staged' | 'leaving'; readonly head: ImportHead }
  | { readonly state: 'active'; readonly head: ImportHead; readonly version: number };

const raw = (hex: string): Buffer => Buffer.from(hex.startsWith('0x') ? hex.slice(2) : hex, 'hex');

export const importKey = (id: string): Uint8Array => Buffer.concat([Buffer.of(kinds.import), raw(id)]);
export const allImports = { gte: Buffer.of(kinds.import), lt: Buffer.of(kinds.import + 1) };
export const encodeImport = (row: ImportRow): Uint8Array => Buffer.from(JSON.stringify(row));
export const decodeImport = (bytes: Uint8Array): ImportRow => JSON.parse(Buffer.from(bytes).toString()) as ImportRow;

const rowKey = (kind: number, id: string, subjectKey: string): Uint8Array => Buffer.concat([Buffer.of(kind), raw(id), raw(subjectKey)]);
export const subjectRowKey = (id: string, subjectKey: string): Uint8Array => rowKey(kinds.subject, id, subjectKey);
export const featureRowKey = (id: string, subjectKey: string): Uint8Array => rowKey(kinds.features, id, subjectKey);

/** All rows of a kind of one import. The end is the prefix counted up by one, which exists: the prefix begins with a byte below 255. */
const rows = (kind: number, id: string) => {
  const gte = Buffer.concat([Buffer.of(kind), raw(id)]);
  const next = (BigInt(`0x${gte.toString('hex')}`) + 1n).toString(16).padStart(gte.length * 2, '0');
  return { gte, lt: Buffer.from(next, 'hex') };
};

export const subjectRows = (id: string) => rows(kinds.subject, id);
export const featureRows = (id: string) => rows(kinds.features, id);

export const encodeSubject = ({
  leafIndex,
  secret,
  path,
  columns,
  records,
}: Omit<StagedSubject, 'subjectKey' | 'features'>): Uint8Array => {
  const head = Buffer.alloc(headLength);
  const hashes = raw(columns);
  head.writeUInt32BE(leafIndex, 0);
  head.writeUInt8(path.length, 4);
  head.writeUInt8(hashes.length / hashLength, 5);
  return Buffer.concat([head, raw(secret), ...path.map(raw), hashes, Buffer.from(JSON.stringify(records))]);
};

export const decodeSubject = (bytes: Uint8Array): Omit<StagedSubject, 'subjectKey' | 'features'> => {
  const row = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (place: number): number => headLength + place * hashLength;
  const hashes = (from: number, count = 1) => `0x${row.toString('hex', at(from), at(from + count))}` as const;
  const [levels, fields] = [row.readUInt8(4), row.readUInt8(5)];
  return {
    leafIndex: row.readUInt32BE(0),
    secret: hashes(0),
    path: Array.from({ length: levels }, (_, level) => hashes(level + 1)),
    columns: hashes(levels + 1, fields),
    records: JSON.parse(row.toString('utf8', at(levels + 1 + fields))) as FieldValue[][],
  };
};

const codeLength = 6;
const children = 4;

export const encodeFeatures = ({ index, codes, salt, path }: StagedFeatures): Uint8Array => {
  const head = Buffer.alloc(headLength + codes.length * codeLength);
  head.writeUInt32BE(index, 0);
  head.writeUInt8(codes.length, 4);
  head.writeUInt8(path.length, 5);
  codes.forEach((code, place) => {
    head.writeUIntBE(code, headLength + place * codeLength, codeLength);
  });
  return Buffer.concat([head, raw(salt), ...path.flat().map(raw)]);
};

export const decodeFeatures = (bytes: Uint8Array): StagedFeatures => {
  const row = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, levels] = [row.readUInt8(4), row.readUInt8(5)];
  const from = headLength + count * codeLength;
  const hash = (place: number) => `0x${row.toString('hex', from + place * hashLength, from + (place + 1) * hashLength)}` as const;
  return {
    index: row.readUInt32BE(0),
    codes: Array.from({ length: count }, (_, place) => row.readUIntBE(headLength + place * codeLength, codeLength)),
    salt: hash(0),
    path: Array.from({ length: levels }, (_, level) => Array.from({ length: children }, (__, child) => hash(1 + level * children + child))),
  };
};
