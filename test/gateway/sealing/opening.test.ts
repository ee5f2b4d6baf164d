import { expect } from 'chai';
import { Wallet } from 'ethers';
import { keyCertificateDomain, keyCertificateTypes } from '../../../gateway/domain/consent-typed-data.ts';
import { type ConsentOpening, type CredentialClaims, credentialType } from '../../../gateway/domain/credential.ts';
import { toHex } from '../../../gateway/domain/hash.ts';
import type { Address, ConsentId, CredentialId, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { privateKeyFrom, rawPublicKey } from '../../../gateway/domain/okp.ts';
import { bn254ScalarOrder } from '../../../gateway/domain/poseidon.ts';
import type { MemberKey } from '../../../gateway/domain/registry-state.ts';
import { commitSubject, saltToHex } from '../../../gateway/domain/subject-commitment.ts';
import { checkConsentOpening } from '../../../gateway/sealing/opening.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
import { bytes32, issuer, now } from '../../helpers/registry.ts';
import { signJws } from '../../helpers/sign-jws.ts';

const chainId = 619900;
const issuerKey = privateKeyFrom('Ed25519', new Uint8Array(32).fill(1));
const keys: readonly MemberKey[] = [
  { index: 0, purpose: 'sign', suite: 'ed25519', data: toHex(rawPublicKey(issuerKey)), fromBlock: 1, untilBlock: 0 },
];
const keysOf = (member: MemberId) => (member === issuer ? keys : []);
const subjectKey = new Wallet(bytes32(2));
const consentKey = new Wallet(bytes32(3));
const subject = { type: 'enterprise', code: '914403001922038216' } as const;
const claims: CredentialClaims = {
  v: 1,
  id: bytes32(0xd1) as CredentialId,
  iss: issuer,
  subject,
  key: subjectKey.address as Address,
  grade: 3,
  iat: now,
  nbf: now,
  exp: now + 100,
  method: 'in person',
};
const certify = async (by: Wallet, message: { subjectKey: Address; consentKey: Address; credential: CredentialId }, chain = chainId) => ({
  ...message,
  signature: (await by.signTypedData(keyCertificateDomain(chain), keyCertificateTypes, message)) as Hex,
});
const plain = { subjectKey: subjectKey.address as Address, consentKey: consentKey.address as Address, credential: claims.id };
const openingWith = async (change: Partial<ConsentOpening> = {}): Promise<ConsentOpening> => ({
  v: 1,
  consent: bytes32(0xc1) as ConsentId,
  subject,
  salt: saltToHex(99n),
  credential: signJws(issuerKey, credentialType, claims),
  certificate: await certify(subjectKey, plain),
  historyKey: bytes32(0xee),
  ...change,
});
const check = async (change: Partial<ConsentOpening> = {}) => checkConsentOpening(await openingWith(change), chainId, keysOf);
const issued = (change: Partial<CredentialClaims>) => ({ credential: signJws(issuerKey, credentialType, { ...claims, ...change }) });

describe('sealing/opening', () => {
  it('checks what can never change, and commits to the subject', async () => {
    const checked = valueIn(await check());
    expect(checked.commitment).to.equal(commitSubject(subject, 99n));
    expect(checked).to.deep.include({ subject, credential: claims, issuerKey: keys[0]!.data, historyKey: bytes32(0xee) });
  });

  it('needs no certificate where the credentialed key itself signs the consent', async () => {
    const certificate = { ...plain, consentKey: plain.subjectKey, signature: '0x' as Hex };
    expect((await check({ certificate })).ok).to.equal(true);
  });

  for (const [what, change] of [
    ['a salt outside the field', async () => ({ salt: saltToHex(bn254ScalarOrder) })],
    ['a code that is not normalised', async () => ({ subject: { ...subject, code: ` ${subject.code}` } })],
  ] as const) {
    it(`refuses ${what}`, async () => expect(codeOf(await check(await change()))).to.equal('CONSENT_OPENING_INVALID'));
  }

  it('refuses a code that fails its check (rule 38)', async () => {
    expect(codeOf(await check({ subject: { ...subject, code: '914403001922038217' } }))).to.equal('USCC_CHECK');
  });

  const stranger = new Wallet(bytes32(4));
  for (const [what, change] of [
    ['a credential that is none', async () => ({ credential: 'x' })],
    ['a credential of another form', async () => ({ credential: signJws(issuerKey, credentialType, { ...claims, more: 1 }) })],
    ['a credential signed as something else', async () => ({ credential: signJws(issuerKey, 'xinshu-usage-request+jws', claims) })],
    [
      'a credential of a key the issuer has not',
      async () => ({ credential: signJws(privateKeyFrom('Ed25519', new Uint8Array(32).fill(9)), credentialType, claims) }),
    ],
    ['a credential in another member’s name', async () => issued({ iss: 'bank-changan' as MemberId })],
    ['a credential about another subject', async () => issued({ subject: { ...subject, code: '91440300708461136T' } })],
    ['a credential about another type', async () => issued({ subject: { ...subject, type: 'cooperative' } })],
    ['a credential of another key', async () => issued({ key: stranger.address as Address })],
    [
      'a certificate for another credential',
      async () => ({ certificate: await certify(subjectKey, { ...plain, credential: bytes32(1) as CredentialId }) }),
    ],
    ['a certificate signed by another', async () => ({ certificate: await certify(stranger, plain) })],
    ['a certificate for another chain', async () => ({ certificate: await certify(subjectKey, plain, 1) })],
    [
      'a certificate for another consent key',
      async () => ({ certificate: { ...(await certify(subjectKey, plain)), consentKey: stranger.address as Address } }),
    ],
    ['an unsigned certificate', async () => ({ certificate: { ...plain, signature: '0x' as Hex } })],
  ] as const) {
    it(`refuses ${what}`, async () => expect(codeOf(await check(await change()))).to.equal('CREDENTIAL_INVALID'));
  }
});
