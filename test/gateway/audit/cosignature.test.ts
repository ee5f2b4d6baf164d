import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect } from 'chai';
import { checkpointText, logOrigin, parseLogOrigin } from '../../../gateway/audit/checkpoint.ts';
import {
  cosignatureLine,
  cosignaturesIn,
  cosignedBytes,
  type Witness,
  witnessName,
  witnessVerifierKey,
} from '../../../gateway/audit/cosignature.ts';
import { formatNote, openNote, readNote } from '../../../gateway/audit/note.ts';
import { formatWitnessRequest, parseWitnessRequest } from '../../../gateway/audit/witness-request.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { rawPublicKey } from '../../../gateway/domain/okp.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

const [bank, grid, hub] = ['bank-changan', 'grid-qinchuan', 'chain-hub'] as MemberId[] as [MemberId, MemberId, MemberId];
const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey, privateKey, raw: rawPublicKey(publicKey) };
};

describe('audit/cosignature (C2SP tlog-cosignature, cosignature/v1)', () => {
  const origin = logOrigin(619900, bank, 0);
  const text = checkpointText({ origin, size: 20852163, root: new Uint8Array(32).fill(9) });
  const log = pair();
  const plain = formatNote(text, origin, log.raw, sign(null, Buffer.from(text), log.privateKey));
  const [first, second] = [pair(), pair()];
  const name = witnessName(619900, grid);
  const witness: Witness = { member: grid, name, keys: [first.raw] };
  const line = (time: number, by = first, over = text, as = name) =>
    cosignatureLine(as, by.raw, time, sign(null, cosignedBytes(over, time), by.privateKey));
  const found = (note: string, witnesses = [witness]) => cosignaturesIn(valueIn(readNote(note)), witnesses);

  it('is, byte for byte, what the specification says', () => {
    const time = 1679315147;
    const [dash, by, encoded] = line(time).trimEnd().split(' ');
    expect([dash, by]).to.deep.equal(['\u2014', 'xinshu.example/619900/grid-qinchuan/witness']);
    const bytes = Buffer.from(encoded!, 'base64');
    expect(bytes.length).to.equal(4 + 8 + 64);
    const id = createHash('sha256')
      .update(`${by}\n`)
      .update(Uint8Array.of(4))
      .update(first.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
      .digest();
    expect(bytes.subarray(0, 4)).to.deep.equal(id.subarray(0, 4));
    expect(bytes.subarray(4, 12).toString('hex')).to.equal('00000000641850cb');
    const root = Buffer.alloc(32, 9).toString('base64');
    const message = `cosignature/v1\ntime 1679315147\nxinshu.example/619900/bank-changan/0\n20852163\n${root}\n`;
    expect(verify(null, Buffer.from(message), first.publicKey, bytes.subarray(12))).to.equal(true);
    const vkey = witnessVerifierKey(name, first.raw).split('+');
    expect(vkey.slice(0, 2)).to.deep.equal([name, id.subarray(0, 4).toString('hex')]);
    expect(Buffer.from(vkey.slice(2).join('+'), 'base64')).to.deep.equal(Buffer.concat([Uint8Array.of(4), first.raw]));
  });

  it('is found with its time, the latest of a witness once, and readers of the log pass over it', () => {
    const note = plain + line(100) + line(300) + line(200);
    expect(valueIn(found(note))).to.deep.equal([{ member: grid, time: 300, line: line(300) }]);
    expect(valueIn(openNote(note, origin, log.raw))).to.equal(text);
    const both = { ...witness, keys: [first.raw, second.raw] };
    expect(valueIn(found(plain + line(100) + line(200, second), [both])).map(({ time }) => time)).to.deep.equal([200]);
  });

  it('counts nobody else', () => {
    const other: Witness = { member: hub, name: witnessName(619900, hub), keys: [second.raw] };
    expect(valueIn(found(plain + line(1), [other]))).to.deep.equal([]);
    expect(valueIn(found(plain + line(1, second)))).to.deep.equal([]);
    expect(valueIn(found(plain + line(1, second, text, other.name), [witness, other])).map(({ member }) => member)).to.deep.equal([hub]);
    // A note signature by the same key is no cosignature.
    expect(valueIn(found(formatNote(text, name, first.raw, sign(null, Buffer.from(text), first.privateKey))))).to.deep.equal([]);
  });

  it('CHECKPOINT_SIGNATURE: one of a known witness that does not verify spoils the note', () => {
    const moved = Buffer.from(line(100).split(' ')[2]!, 'base64');
    moved.writeBigUInt64BE(101n, 4);
    const huge = Buffer.from(moved);
    huge.writeBigUInt64BE(2n ** 63n, 4);
    for (const bad of [
      line(100, first, text.replace('2', '3')),
      `— ${name} ${moved.toString('base64')}\n`,
      `— ${name} ${huge.toString('base64')}\n`,
      `— ${name} ${moved.subarray(0, 70).toString('base64')}\n`,
      `— ${name} ${Buffer.concat([moved, moved]).toString('base64')}\n`,
    ])
      expect(codeOf(found(plain + line(100) + bad))).to.equal('CHECKPOINT_SIGNATURE');
  });
});

describe('audit/witness-request (C2SP tlog-witness add-checkpoint)', () => {
  const hash = (fill: number) => Buffer.alloc(32, fill);
  const note = 'a.example/log\n7\nAAAA\n\n— a.example/log AAAAAAAAAAA=\n';
  const read = (text: string) => parseWitnessRequest(Buffer.from(text));

  it('has the form of the specification, both ways', () => {
    const text = `old 3\n${hash(1).toString('base64')}\n${hash(2).toString('base64')}\n\n${note}`;
    const parsed = valueIn(read(text));
    expect(parsed).to.deep.equal({ oldSize: 3, proof: [hash(1), hash(2)], note });
    expect(formatWitnessRequest(parsed)).to.equal(text);
    expect(valueIn(read(`old 0\n\n${note}`))).to.deep.equal({ oldSize: 0, proof: [], note });
    expect(valueIn(read(`old 1\n${`${hash(1).toString('base64')}\n`.repeat(63)}\n${note}`)).proof.length).to.equal(63);
  });

  for (const [what, text] of Object.entries({
    nothing: '',
    'no empty line': 'old 3\n',
    'no old size': `${hash(1).toString('base64')}\n\n${note}`,
    'an old size with leading zeroes': `old 03\n\n${note}`,
    'a negative old size': `old -1\n\n${note}`,
    'an old size beyond safe integers': `old 9007199254740993\n\n${note}`,
    'two spaces': `old  3\n\n${note}`,
    'carriage returns': `old 3\r\n\r\n\n${note}`,
    'a byte order mark': `\ufeffold 3\n\n${note}`,
    'a short hash': `old 3\nAAAA\n\n${note}`,
    'base64 that is not canonical': `old 3\n${hash(1).toString('base64').replace('E=', 'F=')}\n\n${note}`,
    '64 hashes': `old 1\n${`${hash(1).toString('base64')}\n`.repeat(64)}\n${note}`,
  }))
    it(`refuses ${what}`, () => expect(codeOf(read(text))).to.equal('WITNESS_REQUEST_MALFORMED'));

  it('refuses what is not UTF-8', () =>
    expect(codeOf(parseWitnessRequest(Buffer.from([0x6f, 0x6c, 0x64, 0xff])))).to.equal('WITNESS_REQUEST_MALFORMED'));

  it('reads origins of this chain only, in one spelling', () => {
    expect(parseLogOrigin(logOrigin(619900, bank, 7), 619900)).to.deep.equal({ member: bank, log: 7 });
    for (const origin of [
      logOrigin(1, bank, 0),
      'xinshu.example/619900/bank-changan/00',
      'xinshu.example/619900/bank-changan/4294967296',
      'xinshu.example/619900/bank-changan/0/',
      'xinshu.example/619900/Bank/0',
      'xinshu.example/0619900/bank-changan/0',
      'example.com/log',
    ])
      expect(parseLogOrigin(origin, 619900), origin).to.equal(undefined);
  });
});
