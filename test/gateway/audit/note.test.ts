import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { checkpointText, logOrigin } from '../../../gateway/audit/checkpoint.ts';
import { formatNote, noteKeyId, openCheckpoint, openNote, verifierKey } from '../../../gateway/audit/note.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { rawPublicKey } from '../../../gateway/domain/okp.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const rawOf = (key: string) => Buffer.from(key.split('+').slice(2).join('+'), 'base64').subarray(1);

describe('audit/note (C2SP signed-note)', () => {
  // The example in the documentation of Go's golang.org/x/mod/sumdb/note, where the format comes from.
  const name = 'PeterNeumann';
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

  it('opens the known note with its known key', () => {
    expect(Buffer.from(noteKeyId(name, rawOf(key))).toString('hex')).to.equal('c74f20a3');
    expect(verifierKey(name, rawOf(key))).to.equal(key);
    expect(valueIn(openNote(note, name, rawOf(key)))).to.equal(text);
  });

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = rawPublicKey(publicKey);
  const signed = (body: string, by = 'a.example/log') => formatNote(body, by, raw, sign(null, Buffer.from(body), privateKey));

  it('opens what it formats, empty lines and other signers included', () => {
    const body = 'one\n\ntwo 信\n';
    const other = note.slice(note.lastIndexOf('—'));
    expect(valueIn(openNote(signed(body) + other, 'a.example/log', raw))).to.equal(body);
  });

  it('needs a signature of the known key, and refuses the note when that does not verify', () => {
    expect(codeOf(openNote(note, name, raw))).to.equal('CHECKPOINT_SIGNATURE');
    expect(codeOf(openNote(signed('x\n').replace('x', 'y'), 'a.example/log', raw))).to.equal('CHECKPOINT_SIGNATURE');
    const bad = formatNote('x\n', 'a.example/log', raw, new Uint8Array(64)).split('\n\n')[1];
    expect(codeOf(openNote(signed('x\n') + bad, 'a.example/log', raw))).to.equal('CHECKPOINT_SIGNATURE');
  });

  for (const [what, malformed] of Object.entries({
    'no signatures': 'text\n',
    'no blank line': `text\n— a.example/log AAAA\n`,
    'no last newline': signed('x\n').slice(0, -1),
    'a hyphen for the dash': signed('x\n').replace('—', '-'),
    'bad base64': 'x\n\n— a.example/log ****\n',
    'a short signature': 'x\n\n— a.example/log AAAA\n',
    'a control character': `x\u0001\n\n${signed('x\n').split('\n\n')[1]}`,
    'too many signatures': `x\n\n${'— b.example AAAAAAAAAAA=\n'.repeat(65)}`,
  })) {
    it(`refuses ${what}`, () => expect(codeOf(openNote(malformed, 'a.example/log', raw))).to.equal('CHECKPOINT_MALFORMED'));
  }

  it('throws for a text or name no note can have', () => {
    for (const [body, by] of [
      ['no newline', 'a'],
      ['x\n', ''],
      ['x\n', 'a b'],
      ['x\n', 'a+b'],
      ['\u0007\n', 'a'],
      ['\ud800\n', 'a'],
    ] as const)
      expect(() => formatNote(body, by, raw, new Uint8Array(64))).to.throw(RangeError);
  });

  it('signs and opens checkpoints of one log only', () => {
    const origin = logOrigin(619900, 'bank-changan' as MemberId, 0);
    const body = checkpointText({ origin, size: 7, root: new Uint8Array(32).fill(9) });
    const checkpoint = formatNote(body, origin, raw, sign(null, Buffer.from(body), privateKey));
    expect(valueIn(openCheckpoint(checkpoint, origin, raw)).size).to.equal(7);
    expect(codeOf(openCheckpoint(checkpoint, logOrigin(619900, 'bank-changan' as MemberId, 1), raw))).to.equal('CHECKPOINT_SIGNATURE');
  });
});
