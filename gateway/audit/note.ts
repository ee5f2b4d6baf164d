import { verify } from 'node:crypto';
import { equalBytes, fromBase64, sha256, toBase64 } from '../domain/hash.ts';
import { publicKeyFrom } from '../domain/okp.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';

/* Signed notes (C2SP signed-note) with Ed25519 keys, signature type 0x01. */

const ed25519Type = Uint8Array.of(0x01);
const mostSignatures = 64;

/** First four bytes of SHA-256(name || LF || 0x01 || public key). */
export const noteKeyId = (name: string, publicKey: Uint8Array): Uint8Array =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), ed25519Type, publicKey])).subarray(0, 4);

/** Key name: not empty, no Unicode space, no plus; and a note's text no control character but the line feed. */
const isName = (name: string): boolean => name !== '' && !/[\s+\u0085]/u.test(name);
const isText = (text: string): boolean =>
  text.endsWith('\n') && text.isWellFormed() && [...text].every((character) => character >= ' ' || character === '\n');

/** The verifier key in the form other tools take it: name+id+base64(0x01 || key). */
export const verifierKey = (name: string, publicKey: Uint8Array): string =>
  `${name}+${Buffer.from(noteKeyId(name, publicKey)).toString('hex')}+${toBase64(Buffer.concat([ed25519Type, publicKey]))}`;

/** A note out of its text and one signature over exactly these bytes of UTF-8. Throws RangeError for a text or name that no note can have. */
export const formatNote = (text: string, name: string, publicKey: Uint8Array, signature: Uint8Array): string => {
  if (!isText(text) || !isName(name)) throw new RangeError('not the text or the key name of a note');
  return `${text}\n— ${name} ${toBase64(Buffer.concat([noteKeyId(name, publicKey), signature]))}\n`;
};

const signatureLine = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

/**
 * Text of a note that this key has signed. Signatures of other keys are ignored, as the format demands; a line of this key that does not verify spoils the note.
 * Refuses with CHECKPOINT_MALFORMED or CHECKPOINT_SIGNATURE.
 */
export const openNote = (note: string, name: string, publicKey: Uint8Array): Result<string> => {
  const gap = note.lastIndexOf('\n\n');
  const text = note.slice(0, gap + 1);
  const lines = note.slice(gap + 2).split('\n');
  if (gap < 0 || lines.pop() !== '' || lines.length === 0 || lines.length > mostSignatures || !isText(text))
    return refuse('CHECKPOINT_MALFORMED');
  const id = noteKeyId(name, publicKey);
  let verified = false;
  for (const line of lines) {
    const [, by, encoded] = signatureLine.exec(line) ?? [];
    const bytes = encoded === undefined ? undefined : fromBase64(encoded);
    if (by === undefined || bytes === undefined || bytes.length < 5) return refuse('CHECKPOINT_MALFORMED');
    if (by !== name || !equalBytes(bytes.subarray(0, 4), id)) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), publicKeyFrom('Ed25519', publicKey), bytes.subarray(4)))
      return refuse('CHECKPOINT_SIGNATURE');
    verified = true;
  }
  return verified ? ok(text) : refuse('CHECKPOINT_SIGNATURE');
};

/** A signed checkpoint of the log with this origin, which is the key's name too. Refuses with the CHECKPOINT_ codes. */
export const openCheckpoint = (note: string, origin: string, publicKey: Uint8Array): Result<Checkpoint> => {
  const text = openNote(note, origin, publicKey);
  return text.ok ? parseCheckpoint(text.value, origin) : text;
};
