import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Checkpoint, checkpointText, parseCheckpoint } from '../../../gateway/audit/checkpoint.ts';
import { formatNote, noteKeyId, openCheckpoint, openNote, signatureLine } from '../../../gateway/audit/note.ts';
import { rawPublicKey } from '../../../gateway/domain/okp.ts';
import type { Result } from '../../../gateway/domain/result.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const codes = ['CHECKPOINT_MALFORMED', 'CHECKPOINT_ORIGIN', 'CHECKPOINT_SIGNATURE'];
const origin = 'a.example/log';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = rawPublicKey(publicKey);
const signed = (text: string): string => formatNote(text, origin, raw, sign(null, Buffer.from(text), privateKey));
const checkpoint: Checkpoint = { origin, size: 20_852_163, root: new Uint8Array(32).fill(0xfb) };
const text = checkpointText(checkpoint);
const note = signed(text);
const open = (given: string): Result<Checkpoint> => openCheckpoint(given, origin, raw);
const seen = ({ size, root }: Checkpoint): unknown[] => [size, Buffer.from(root).toString('hex')];

/** Refused with a code of checkpoints, or, where `or` says so, read as the one that was signed. */
const harmless = (result: Result<Checkpoint>): void => {
  if (result.ok) expect(seen(result.value)).to.deep.equal(seen(checkpoint));
  else expect(codes).to.include(result.refusal.code);
};

describe('checkpoints from anywhere', () => {
  for (const [what, change] of Object.entries<(honest: string) => string>({
    'CR LF for line feeds': (honest) => honest.replaceAll('\n', '\r\n'),
    'CR for line feeds': (honest) => honest.replaceAll('\n', '\r'),
    'CR LF in the last line': (honest) => honest.replace(/\n$/, '\r\n'),
    'NEL for line feeds': (honest) => honest.replaceAll('\n', '\u0085'),
    'the line separator of Unicode': (honest) => honest.replaceAll('\n', '\u2028'),
    'a vertical tab': (honest) => honest.replace('\n', '\u000b\n'),
    'a zero byte at the end': (honest) => `${honest}\0`,
    'text after the signatures': (honest) => `${honest}more`,
    'a line after the signatures': (honest) => `${honest}more\n`,
    'an empty line after the signatures': (honest) => `${honest}\n`,
    'two notes': (honest) => honest + honest,
    nothing: () => '',
    'a line feed': () => '\n',
    'two line feeds': () => '\n\n',
    'a byte order mark': (honest) => `\ufeff${honest}`,
    'half a surrogate in a signature line': (honest) => `${honest}— b\ud800 AAAAAAAAAAA=\n`,
    'a control character in a signature line': (honest) => `${honest}— b\u0001 AAAAAAAAAAA=\n`,
    'a plus in the name of a key': (honest) => `${honest}— b+c AAAAAAAAAAA=\n`,
    'a no-break space in the name of a key': (honest) => `${honest}— b\u00a0c AAAAAAAAAAA=\n`,
    'base64 for URLs in a signature line': (honest) => `${honest}— b __________8=\n`,
    'base64 without padding': (honest) => `${honest}— b AAAAAAAAAAA\n`,
    'a signature line without a signature': (honest) => `${honest}— b \n`,
    'a key id and nothing after it': (honest) => `${honest}— b AAAAAA==\n`,
    'sixty-five signatures': (honest) => honest + '— b AAAAAAAAAAA=\n'.repeat(64),
  }))
    it(`refuses ${what}`, () => {
      const code = codeOf(open(change(note)));
      expect(codes).to.include(code);
    });

  for (const [what, lines] of Object.entries({
    'a size with a sign': [origin, '+1'],
    'a size in exponents': [origin, '1e3'],
    'a size in hex': [origin, '0x10'],
    'a size with a space': [origin, ' 1'],
    'a size with a fraction': [origin, '1.0'],
    'a size of other digits': [origin, '１２'],
    'the first size that is not exact': [origin, '9007199254740992'],
    'a size beyond 64 bits': [origin, '18446744073709551616'],
    'a size of ten thousand digits': [origin, '9'.repeat(10_000)],
    'no size': [origin, ''],
    'no origin': ['', '1'],
    'another origin': ['a.example/log2', '1'],
    'an origin that goes on': [`${origin} `, '1'],
    'an origin in other letters': [origin.toUpperCase(), '1'],
  }))
    it(`refuses, though it is signed, ${what}`, () => {
      const root = Buffer.alloc(32).toString('base64');
      expect(['CHECKPOINT_MALFORMED', 'CHECKPOINT_ORIGIN']).to.include(codeOf(open(signed(`${lines.join('\n')}\n${root}\n`))));
    });

  it('ignores up to 63 signatures that it does not know, whatever they are', () => {
    const strangers = Array.from({ length: 63 }, (_, n) =>
      signatureLine(`b.example/${n}`, Buffer.alloc(4, n), Buffer.alloc(1 + n * 40, n)),
    );
    expect(seen(valueIn(open(note + strangers.join(''))))).to.deep.equal(seen(checkpoint));
  });

  it('ignores a signature that shares only the name or only the id', () => {
    const [id, bytes] = [noteKeyId(origin, raw), Buffer.alloc(64)];
    const lines = signatureLine(origin, Uint8Array.of(1, 2, 3, 4), bytes) + signatureLine('b.example', id, bytes);
    expect(seen(valueIn(open(note + lines)))).to.deep.equal(seen(checkpoint));
  });

  it('refuses a signature of its own key of any length that does not verify, beside a good one too', () => {
    for (const length of [1, 63, 64, 65, 128, 5000]) {
      const line = signatureLine(origin, noteKeyId(origin, raw), Buffer.alloc(length, 7));
      expect(codeOf(open(note + line)), String(length)).to.equal('CHECKPOINT_SIGNATURE');
      expect(codeOf(open(`${text}\n${line}`)), String(length)).to.equal('CHECKPOINT_SIGNATURE');
    }
  });

  it('never throws on noise, and opens none of it', () => {
    const unit = fc.oneof(
      fc.constantFrom('\n', '\r', '— ', '—', ' ', '+', '=', 'A', '0', '9', '\0', '\ud800'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), (parts) => {
        const noise = parts.join('');
        expect(codes).to.include(codeOf(open(noise)));
        expect(codes).to.include(codeOf(open(`${text}\n${noise}`)));
        expect(['ok', ...codes]).to.include(codeOf(parseCheckpoint(noise, origin)));
        expect(codes).to.include(codeOf(openNote(noise, origin, raw)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is never read as another checkpoint than the one signed, wherever it was changed', () => {
    const edit = fc.record({
      at: fc.nat(note.length),
      remove: fc.nat(4),
      put: fc.oneof(fc.constantFrom('', '\n', '\n\n', '\r', '0', ' ', '='), fc.string({ maxLength: 4 }), fc.constant(note)),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const changed = edits.reduce((from, { at, remove, put }) => from.slice(0, at) + put + from.slice(at + remove), note);
        harmless(open(changed));
      }),
      { numRuns: 2000 },
    );
  });
});
