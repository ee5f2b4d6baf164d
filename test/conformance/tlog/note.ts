import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, decodeBase64, same, Untrusted, utf8 } from './bytes.ts';

/* C2SP signed-note and tlog-checkpoint. */

export type VerifierKey = { readonly name: string; readonly id: Uint8Array; readonly type: number; readonly key: Uint8Array };
export type Head = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

const ed25519Type = 0x01;

const keyId = (name: string, type: number, key: Uint8Array): Uint8Array =>
  createHash('sha256')
    .update(concat(utf8(name), Uint8Array.of(0x0a, type), key))
    .digest()
    .subarray(0, 4);

/** `<name>+<key id in hex>+<base64 of type and key>`; the id must be the one of name and key. */
export const readVerifierKey = (text: string): VerifierKey => {
  const [name = '', id = '', ...rest] = text.split('+');
  const material = decodeBase64(rest.join('+'));
  const [type = 0, key] = [material[0], material.subarray(1)];
  if (name === '' || !/^[0-9a-f]{8}$/.test(id)) throw new Untrusted('not a verifier key');
  if (type !== ed25519Type || key.length !== 32) throw new Untrusted(`a key of type ${type} is unknown here`);
  const expected = keyId(name, type, key);
  if (id !== [...expected].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
    throw new Untrusted('the key id is not that of the key');
  return { name, id: expected, type, key };
};

/** The text of a note that this key signed. */
export const verifiedText = (note: Uint8Array, verifier: VerifierKey): string => {
  const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(note);
  for (const character of whole) if (character < ' ' && character !== '\n') throw new Untrusted('a control character');
  const gap = whole.lastIndexOf('\n\n');
  if (gap < 0 || !whole.endsWith('\n')) throw new Untrusted('no signatures');
  const text = whole.slice(0, gap + 1);
  let found = false;
  for (const line of whole.slice(gap + 2, -1).split('\n')) {
    const [dash, name, encoded, ...more] = line.split(' ');
    if (dash !== '\u2014' || name === undefined || name === '' || encoded === undefined || more.length > 0)
      throw new Untrusted(`not a signature line: ${line}`);
    const signature = decodeBase64(encoded);
    if (name !== verifier.name || !same(signature.subarray(0, 4), verifier.id)) continue;
    if (!ed25519.verify(signature.subarray(4), utf8(text), verifier.key, { zip215: false })) throw new Untrusted('a false signature');
    found = true;
  }
  if (!found) throw new Untrusted(`no signature of ${verifier.name}`);
  return text;
};

/** Size and root that the log of this origin stands by. */
export const readCheckpoint = (note: Uint8Array, origin: string, verifier: VerifierKey): Head => {
  const [first, size = '', root = '', ...rest] = verifiedText(note, verifier).split('\n');
  if (first !== origin) throw new Untrusted(`a checkpoint of ${first}`);
  if (!/^(?:0|[1-9][0-9]*)$/.test(size) || BigInt(size) > BigInt(Number.MAX_SAFE_INTEGER)) throw new Untrusted(`not a size: ${size}`);
  // After the last newline there is one more, empty, part.
  if (rest.length === 0 || rest.slice(0, -1).includes('')) throw new Untrusted('not the lines of a checkpoint');
  const hash = decodeBase64(root);
  if (hash.length !== 32) throw new Untrusted('not a root');
  return { origin, size: Number(size), root: hash };
};
