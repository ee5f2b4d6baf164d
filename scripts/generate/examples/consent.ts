import { TypedDataEncoder, Wallet } from 'ethers';
import {
  type ConsentMessage,
  consentDigest,
  consentDomain,
  consentTypes,
  historyRequestDomain,
  historyRequestTypes,
  keyCertificateDomain,
  keyCertificateTypes,
  withdrawalTypes,
} from '../../../gateway/domain/consent-typed-data.ts';
import type { Address, Hex } from '../../../gateway/domain/ids.ts';
import { commitSubject, saltFromBytes, saltToHex, subjectScalar } from '../../../gateway/domain/subject-commitment.ts';
import { bank, block, chainId, consentRegistry, countedBytes, electricity, grid, hexOf, lines, subject, time } from './facts.ts';

const salt = saltFromBytes(countedBytes(1, 48));
const subjectKey = new Wallet(hexOf(countedBytes(0x41, 32)));
const consentKey = new Wallet(hexOf(countedBytes(0x61, 32)));
const domain = consentDomain(chainId, consentRegistry);
const message: ConsentMessage = {
  subject: commitSubject(subject, salt),
  key: consentKey.address as Address,
  grantee: bank,
  scopes: [{ dataset: electricity, fields: ['period', 'kWh'] }],
  purpose: 'loan-approval',
  operations: ['raw'],
  notBefore: time,
  notAfter: time + 30 * 86_400,
  maxUses: 3,
  renews: `0x${'0'.repeat(64)}`,
  nonce: hexOf(countedBytes(0x81, 32)),
  deadline: time + 3_600,
};

/** The consent that all examples stand under. */
export const consent = consentDigest(domain, message);
export const historyKey = hexOf(countedBytes(0xa1, 32));

export const consentExample = async (): Promise<string> => {
  const certificate = { subjectKey: subjectKey.address, consentKey: consentKey.address, credential: hexOf(countedBytes(0xc1, 32)) as Hex };
  const history = {
    consent,
    member: grid,
    log: 0,
    from: 0,
    count: 50,
    report: hexOf(countedBytes(0xd1, 32)),
    since: 0,
    deadline: time + 300,
  };
  return [
    '## Subject and commitment',
    '',
    lines([
      ['type and its number', `${subject.type}, 1`],
      ['code', subject.code],
      ['code as an integer', hexOf(Buffer.from(subject.code, 'ascii'))],
      ['s = Poseidon(1, code)', `0x${subjectScalar(subject).toString(16).padStart(64, '0')}`],
      ['salt (bytes 01 … 30 as an integer, mod p)', saltToHex(salt)],
      ['commitment = Poseidon(s, salt)', message.subject],
    ]),
    '',
    '## Consent',
    '',
    `Domain: name \`${domain.name}\`, version \`${domain.version}\`, chain id ${chainId}, contract \`${consentRegistry}\`. The consent key is the secp256k1 key \`${consentKey.privateKey}\`.`,
    '',
    block('json', JSON.stringify(message, null, 2)),
    '',
    lines([
      ['domain separator', TypedDataEncoder.hashDomain(domain)],
      ['type of Consent', TypedDataEncoder.from(consentTypes).encodeType('Consent')],
      ['struct hash', TypedDataEncoder.from(consentTypes).hash(message)],
      ['digest = consent id', consent],
      ['signature (RFC 6979)', await consentKey.signTypedData(domain, consentTypes, message)],
    ]),
    '',
    '## Key certificate, withdrawal, history request',
    '',
    lines([
      ['subject key', `${subjectKey.privateKey}, address ${subjectKey.address}`],
      ['credential id', certificate.credential],
      ['KeyCertificate digest', TypedDataEncoder.hash(keyCertificateDomain(chainId), keyCertificateTypes, certificate)],
      [
        'KeyCertificate signature by the subject key',
        await subjectKey.signTypedData(keyCertificateDomain(chainId), keyCertificateTypes, certificate),
      ],
      ['Withdrawal digest', TypedDataEncoder.hash(domain, withdrawalTypes, { consent })],
      ['Withdrawal signature by the consent key', await consentKey.signTypedData(domain, withdrawalTypes, { consent })],
      ['HistoryRequest (member grid-qinchuan, log 0, from 0, count 50, report D1 … F0, since 0)', `deadline ${history.deadline}`],
      ['HistoryRequest digest', TypedDataEncoder.hash(historyRequestDomain(chainId), historyRequestTypes, history)],
    ]),
  ].join('\n');
};
