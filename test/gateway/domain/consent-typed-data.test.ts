import { expect } from 'chai';
import { verifyTypedData, Wallet } from 'ethers';
import {
  amendmentTypes,
  type ConsentMessage,
  consentDigest,
  consentDomain,
  consentTypes,
  historyRequestDomain,
  historyRequestTypes,
  keyCertificateDomain,
  keyCertificateTypes,
  recoverCertificateSigner,
  recoverHistorySigner,
  recoverWithdrawalSigner,
  withdrawalTypes,
} from '../../../gateway/domain/consent-typed-data.ts';
import type { Address, ConsentId, CredentialId, Hex, MemberId, SubjectCommitment } from '../../../gateway/domain/ids.ts';
import { bytes32 } from '../../helpers/registry.ts';

const wallet = new Wallet(bytes32(1));
const domain = consentDomain(619900, `0x${'ab'.repeat(20)}` as Address);
const message: ConsentMessage = {
  subject: bytes32(0x11) as SubjectCommitment,
  key: wallet.address as Address,
  grantee: 'bank-changan' as MemberId,
  scopes: [{ dataset: 'fin-weihe.loan', fields: ['balanceFen', 'overdueDays'] }],
  purpose: 'loan-approval',
  operations: ['raw'],
  notBefore: 1,
  notAfter: 2,
  maxUses: 3,
  renews: bytes32(0),
  nonce: bytes32(9),
  deadline: 4,
};

describe('domain/consent-typed-data (EIP-712)', () => {
  it('names the types as the contract does', () => {
    const encode = (name: string, fields: { name: string; type: string }[]) =>
      `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`;
    const consentSource =
      'Consent(bytes32 subject,address key,string grantee,DatasetScope[] scopes,string purpose,string[] operations,uint64 notBefore,uint64 notAfter,uint32 maxUses,bytes32 renews,uint256 nonce,uint64 deadline)';
    expect(encode('Consent', consentTypes.Consent!)).to.equal(consentSource);
    expect(encode('DatasetScope', consentTypes.DatasetScope!)).to.equal('DatasetScope(string dataset,string[] fields)');
    expect(encode('Amendment', amendmentTypes.Amendment!)).to.equal(
      'Amendment(bytes32 consent,uint32 revision,DatasetScope[] scopes,string[] operations,uint64 notAfter,uint32 maxUses,uint64 deadline)',
    );
    expect(encode('Withdrawal', withdrawalTypes.Withdrawal!)).to.equal('Withdrawal(bytes32 consent)');
  });

  it('gives another id for every change, chain and contract', () => {
    const ids = [
      consentDigest(domain, message),
      consentDigest({ ...domain, chainId: 1 }, message),
      consentDigest({ ...domain, verifyingContract: `0x${'ac'.repeat(20)}` as Address }, message),
      consentDigest(domain, { ...message, nonce: bytes32(8) }),
      consentDigest(domain, { ...message, operations: ['raw', 'score'] }),
      consentDigest(domain, { ...message, scopes: [{ dataset: 'fin-weihe.loan', fields: ['overdueDays', 'balanceFen'] }] }),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('survives JSON: the digest is the same after a round trip', () => {
    expect(consentDigest(domain, JSON.parse(JSON.stringify(message)) as ConsentMessage)).to.equal(consentDigest(domain, message));
  });

  it('recovers who signed each of them, and nobody from what is no signature', async () => {
    const consent = consentDigest(domain, message) as ConsentId;
    const amendment = {
      consent,
      revision: 1,
      scopes: message.scopes,
      operations: message.operations,
      notAfter: 2,
      maxUses: 1,
      deadline: 4,
    };
    const withdrawal = { consent };
    const certificate = { subjectKey: wallet.address as Address, consentKey: message.key, credential: bytes32(5) as CredentialId };
    const history = { consent, member: 'bank-changan' as MemberId, log: 0, from: 0, count: 10, report: consent, since: 0, deadline: 4 };
    const sign = async (of: object, types: Record<string, { name: string; type: string }[]>, value: object) =>
      (await wallet.signTypedData(of, types, value)) as Hex;
    expect(verifyTypedData(domain, consentTypes, message, await sign(domain, consentTypes, message))).to.equal(wallet.address);
    expect(verifyTypedData(domain, amendmentTypes, amendment, await sign(domain, amendmentTypes, amendment))).to.equal(wallet.address);
    expect(recoverWithdrawalSigner(domain, withdrawal, await sign(domain, withdrawalTypes, withdrawal))).to.equal(wallet.address);
    const certified = await sign(keyCertificateDomain(619900), keyCertificateTypes, certificate);
    expect(recoverCertificateSigner(619900, certificate, certified)).to.equal(wallet.address);
    expect(recoverCertificateSigner(1, certificate, certified)).not.to.equal(wallet.address);
    const asked = await sign(historyRequestDomain(619900), historyRequestTypes, history);
    expect(recoverHistorySigner(619900, history, asked)).to.equal(wallet.address);
    expect(recoverHistorySigner(619900, { ...history, from: 1 }, asked)).not.to.equal(wallet.address);
    for (const bad of ['', '0x', '0x1234', `0x${'00'.repeat(65)}`])
      expect(recoverWithdrawalSigner(domain, withdrawal, bad)).to.equal(undefined);
  });
});
