import { expect } from 'chai';
import { verifyTypedData, Wallet } from 'ethers';
import {
  checkpointDomain,
  checkpointMessage,
  checkpointText,
  checkpointTypes,
  parseCheckpoint,
} from '../../../gateway/audit/checkpoint.ts';
import type { Address, MemberId } from '../../../gateway/domain/ids.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';

describe('audit/checkpoint (C2SP tlog-checkpoint)', () => {
  const origin = 'example.com/behind-the-sofa';
  const example = `${origin}\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n`;
  it('reads and writes the example of the specification', () => {
    const checkpoint = valueIn(parseCheckpoint(example, origin));
    expect(checkpoint.size).to.equal(20852163);
    expect(checkpointText(checkpoint)).to.equal(example);
    expect(valueIn(parseCheckpoint(`${example}an extension\n`, origin)).size).to.equal(20852163);
  });
  it('refuses another origin', () => expect(codeOf(parseCheckpoint(example, 'example.com/other'))).to.equal('CHECKPOINT_ORIGIN'));
  for (const [what, text] of Object.entries({
    'leading zeroes': example.replace('20852163', '020852163'),
    'a negative size': example.replace('20852163', '-1'),
    'a size beyond safe integers': example.replace('20852163', '9007199254740993'),
    'a short root': example.replace('CsUY', ''),
    'base64 that is not canonical': example.replace('q2I=', 'q2J='),
    'an empty extension line': `${example}\nx\n`,
    'no last newline': example.slice(0, -1),
    'two lines': `${origin}\n1\n`,
  })) {
    it(`refuses ${what}`, () => expect(codeOf(parseCheckpoint(text, origin))).to.equal('CHECKPOINT_MALFORMED'));
  }
  it('throws for an origin of two lines', () =>
    expect(() => checkpointText({ origin: 'a\nb', size: 0, root: new Uint8Array(32) })).to.throw(RangeError));

  it('makes the same statement for the chain, for one chain and contract only', async () => {
    const wallet = new Wallet(`0x${'01'.repeat(32)}`);
    const domain = checkpointDomain(619900, '0x00000000000000000000000000000000000000aa' as Address);
    const message = checkpointMessage('bank-changan' as MemberId, 0, 7, new Uint8Array(32).fill(9));
    const signature = await wallet.signTypedData(domain, checkpointTypes, message);
    expect(verifyTypedData(domain, checkpointTypes, message, signature)).to.equal(wallet.address);
    expect(verifyTypedData({ ...domain, chainId: 1 }, checkpointTypes, message, signature)).not.to.equal(wallet.address);
    expect(verifyTypedData(domain, checkpointTypes, { ...message, size: 8 }, signature)).not.to.equal(wallet.address);
  });
});
