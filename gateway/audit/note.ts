import { verify } from 'node:crypto';
import { equalBytes, fromBase64, sha256, toBase64 } from '../domain/hash.ts';
import { publicKeyFrom } from '../domain/okp.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';

/* Signed notes (C2SP signed-note) with Ed25519 keys, signature type 0x01. */

const ed25519Type = Uint8Array.of(0x01);
const mostSignatures = 64;

/** First four bytes of SHA-256(name || LF || type || public key), the type a byte, or 0xff and a longer identifier. */
export const signatureKeyId = (name: string, type: Uint8Array, publicKey: Uint8Array): Uint8Array =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), type, publicKey])).subarray(0, 4);

/** The id of an Ed25519 key for notes. */
export const noteKeyId = (name: string, publicKey: Uint8Array): Uint8Array => signatureKeyId(name, ed25519Type, publicKey);

/** Key name: not empty, no Unicode space, no plus; and nothing in a note a control character but the line feed. */
const isName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\s+\u0085]/u.test(name) && [...name].every((character) => character > ' ');
const isText = (text: string): boolean =>
  text.endsWith('\n') && text.isWellFormed() && [...text].every((character) => character >= ' ' || character === '\n');

/** The verifier key in the form other tools take it: name+id+base64(0x01 || key). */
export const verifierKey = (name: string, publicKey: Uint8Array): string =>
  `${name}+${Buffer.from(noteKeyId(name, publicKey)).toString('hex')}+${toBase64(Buffer.concat([ed25519Type, publicKey]))}`;

/** One signature line. Throws RangeError for a name that no key can have. */
export const signatureLine = (name: string, keyId: Uint8Array, signature: Uint8Array): string => {
  if (!isName(name)) throw new RangeError('not the key name of a note');
  return `— ${name} ${toBase64(Buffer.concat([keyId, signature]))}\n`;
};

/** A note out of its text and one signature over exactly these bytes of UTF-8. Throws RangeError for a text or name that no note can have. */
export const formatNote = (text: string, name: string, publicKey: Uint8Array, signature: Uint8Array): string => {
  if (!isText(text)) throw new RangeError('not the text of a note');
  return `${text}\n${signatureLine(name, noteKeyId(name, publicKey), signature)}`;
};

/** A signature as it stands in a note: nothing about it is verified. `line` is its whole line, `signature` what follows the key id. */
export type NoteSignature = { readonly name: string; readonly keyId: Uint8Array; readonly signature: Uint8Array; readonly line: string };
export type ReadNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

const signatureForm = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

/** Reads signature lines, each ended by a line feed. Undefined when one of them is none, or there are none or too many. */
export const readSignatures = (lines: string): readonly NoteSignature[] | undefined => {
  const split = lines.split('\n');
  if (split.pop() !== '' || split.length === 0 || split.length > mostSignatures) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of split) {
    const [, name, encoded] = signatureForm.exec(line) ?? [];
    const bytes = encoded === undefined ? undefined : fromBase64(encoded);
    if (name === undefined || !isName(name) || bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({ name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4), line: `${line}\n` });
  }
  return signatures;
};

/** Takes a note apart; verifies nothing. Refuses with CHECKPOINT_MALFORMED. */
export const readNote = (note: string): Result<ReadNote> => {
  const gap = note.lastIndexOf('\n\n');
  const text = note.slice(0, gap + 1);
  const signatures = readSignatures(note.slice(gap + 2));
  return gap < 0 || signatures === undefined || !isText(text) ? refuse('CHECKPOINT_MALFORMED') : ok({ text, signatures });
};

/** Whether this signature line is of this key: by name and id, which is all a line says. */
export const isOfKey = ({ name, keyId }: NoteSignature, keyName: string, id: Uint8Array): boolean =>
  name === keyName && equalBytes(keyId, id);

/**
 * Text of a note that this key has signed. Signatures of other keys are ignored, as the format demands; a line of this key that does not verify spoils the note.
 * Refuses with CHECKPOINT_MALFORMED or CHECKPOINT_SIGNATURE.
 */
export const openNote = (note: string, name: string, publicKey: Uint8Array): Result<string> => {
  const read = readNote(note);
  if (!read.ok) return read;
  const { text, signatures } = read.value;
  const id = noteKeyId(name, publicKey);
  const own = signatures.filter((signature) => isOfKey(signature, name, id));
  const key = publicKeyFrom('Ed25519', publicKey);
  const verified = own.length > 0 && own.every(({ signature }) => verify(null, Buffer.from(text, 'utf8'), key, signature));
  return verified ? ok(text) : refuse('CHECKPOINT_SIGNATURE');
};

/** A signed checkpoint of the log with this origin, which is the key's name too. Refuses with the CHECKPOINT_ codes. */
export const openCheckpoint = (note: string, origin: string, publicKey: Uint8Array): Result<Checkpoint> => {
  const text = openNote(note, origin, publicKey);
  return text.ok ? parseCheckpoint(text.value, origin) : text;
};
