import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { Wallet } from 'ethers';
import { chainSignatureIn, chainSignatureLine } from '../../../gateway/audit/chain-signature.ts';
import {
  checkpointDomain,
  checkpointMessage,
  checkpointText,
  checkpointTypes,
  logOrigin,
  parseCheckpoint,
} from '../../../gateway/audit/checkpoint.ts';
import { formatNote, openNote, readNote } from '../../../gateway/audit/note.ts';
import { sha256, toHex } from '../../../gateway/domain/hash.ts';
import type { Address, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { rawPublicKey } from '../../../gateway/domain/okp.ts';
import { valueIn } from '../../helpers/refusal.ts';

describe('audit/chain-signature (a signature line of type 0xff)', () => {
  const [member, root] = ['bank-changan' as MemberId, new Uint8Array(32).fill(9)];
  const origin = logOrigin(619900, member, 0);
  const text = checkpointText({ origin, size: 7, root });
  const domain = checkpointDomain(619900, '0x00000000000000000000000000000000000000aa' as Address);
  const message = checkpointMessage(member, 0, 7, root);
  const wallet = new Wallet(`0x${'01'.repeat(32)}`);
  const account = wallet.address as Address;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const plain = formatNote(text, origin, rawPublicKey(publicKey), sign(null, Buffer.from(text), privateKey));
  let signature: Hex;
  before(async () => {
    signature = (await wallet.signTypedData(domain, checkpointTypes, message)) as Hex;
  });
  const found = (note: string, by = account, over = message) => chainSignatureIn(valueIn(readNote(note)), origin, by, domain, over);

  it('is a line whose key id is SHA-256(name, LF, 0xff, identifier, account)[:4]', () => {
    const line = chainSignatureLine(origin, account, signature);
    const [dash, name, encoded] = line.trimEnd().split(' ');
    expect([dash, name]).to.deep.equal(['—', origin]);
    const bytes = Buffer.from(encoded!, 'base64');
    const preimage = Buffer.concat([
      Buffer.from(`${origin}\n`),
      Buffer.from([0xff]),
      Buffer.from('xinshu-checkpoint-eip712/1'),
      Buffer.from(account.slice(2), 'hex'),
    ]);
    expect(bytes.subarray(0, 4)).to.deep.equal(Buffer.from(sha256(preimage)).subarray(0, 4));
    expect(toHex(bytes.subarray(4))).to.equal(signature);
  });

  it('is found in the note, and readers of notes pass over it', () => {
    const note = plain + chainSignatureLine(origin, account, signature);
    expect(found(note)).to.equal(signature);
    const opened = valueIn(openNote(note, origin, rawPublicKey(publicKey)));
    expect(valueIn(parseCheckpoint(opened, origin)).size).to.equal(7);
  });

  it('is not found for another account, another tree head, or when it is no signature', () => {
    const note = plain + chainSignatureLine(origin, account, signature);
    expect(found(plain)).to.equal(undefined);
    expect(found(note, new Wallet(`0x${'02'.repeat(32)}`).address as Address)).to.equal(undefined);
    expect(found(note, account, { ...message, size: 8 })).to.equal(undefined);
    expect(found(plain + chainSignatureLine(origin, account, '0x01'))).to.equal(undefined);
    expect(found(plain + chainSignatureLine(origin, account, `0x${'ff'.repeat(65)}`))).to.equal(undefined);
  });
});
