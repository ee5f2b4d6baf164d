import { expect } from 'chai';
import { toBase64url } from '../../../gateway/domain/hash.ts';
import { checkEnvelope, clockSkewSeconds, type Envelope, longestLifeSeconds } from '../../../gateway/sealing/envelope.ts';
import {
  parseAcknowledgement,
  parseConsentOpening,
  parseCredentialClaims,
  parseOpeningMessage,
  parseSealedJson,
  parseUsageParties,
  parseUsageRequest,
  parseUsageResponse,
  parseWithdrawalNotice,
} from '../../../gateway/sealing/messages.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
import { bank, bytes32, now, opening, provider } from '../../helpers/registry.ts';

const envelope = { v: 1, chain: 619900, iss: bank, aud: provider, iat: now, exp: now + 60 };
const usage = '0f8fad5b-d9cb-469f-a165-70867728950e';
const leaf = { log: 0, index: 7, leafHash: bytes32(1) };
const block = { number: 10, hash: bytes32(2) };
const request = {
  ...envelope,
  usage,
  block,
  dataset: 'fin-weihe.loan',
  fields: ['balanceFen'],
  purpose: 'loan-approval',
  operation: 'raw',
  grant: null,
  consent: bytes32(3),
  oneTimeKey: { kty: 'OKP', crv: 'X25519', x: toBase64url(new Uint8Array(32)) },
  leaf,
  sealed: 'a.b.c.d.e',
};
const response = {
  ...envelope,
  usage,
  request: bytes32(4),
  outcome: 'ok',
  detail: { field: 'x', limit: 3 },
  block,
  leaf,
  dataset: 'fin-weihe.loan',
  version: 2,
  priceFen: '200',
  payload: 'a.b.c.d.e',
};
const { certificate, ...rest } = opening;
const good = [
  ['usage request', parseUsageRequest, request],
  ['usage parties', parseUsageParties, { subject: opening.subject, requester: '王芳', reviewer: null, review: null }],
  ['usage response', parseUsageResponse, response],
  [
    'acknowledgement',
    parseAcknowledgement,
    { ...envelope, receipts: [{ usage, response: bytes32(5), verdict: 'RECORD_PROOF_MISMATCH', leaf }] },
  ],
  ['opening', parseOpeningMessage, { ...envelope, consent: bytes32(3), sealed: 'a' }],
  [
    'withdrawal',
    parseWithdrawalNotice,
    { ...envelope, consent: bytes32(3), key: certificate.consentKey, signature: `0x${'ab'.repeat(65)}` },
  ],
  ['credential', parseCredentialClaims, opening.credential],
  [
    'consent opening',
    parseConsentOpening,
    { v: 1, consent: rest.consent, subject: rest.subject, salt: bytes32(1), credential: 'a.b.c', certificate, historyKey: rest.historyKey },
  ],
] as const;

describe('sealing/messages', () => {
  for (const [name, parse, message] of good) {
    it(`reads a ${name}, and refuses it with a name more, a name less or another version`, () => {
      expect(valueIn<unknown>(parse(message))).to.equal(message);
      expect(codeOf(parse({ ...message, more: 1 }))).to.equal('MESSAGE_MALFORMED');
      for (const missing of Object.keys(message)) {
        expect(codeOf(parse(Object.fromEntries(Object.entries(message).filter(([one]) => one !== missing)))), missing).to.equal(
          'MESSAGE_MALFORMED',
        );
      }
      if ('v' in message) expect(codeOf(parse({ ...message, v: 2 }))).to.equal('MESSAGE_MALFORMED');
      for (const bad of [null, [], 'x', 7, undefined]) expect(codeOf(parse(bad))).to.equal('MESSAGE_MALFORMED');
    });
  }

  for (const [what, change] of [
    ['an unknown operation', { operation: 'copy' }],
    ['no fields', { fields: [] }],
    ['a field twice', { fields: ['a', 'a'] }],
    ['a usage that is no UUID', { usage: 'x' }],
    ['a block before the first', { block: { ...block, number: -1 } }],
    ['a hash with capitals', { consent: bytes32(0xab).toUpperCase().replace('0X', '0x') }],
    ['a key on another curve', { oneTimeKey: { kty: 'EC', crv: 'P-256', x: 'a' } }],
    ['a short key', { oneTimeKey: { ...request.oneTimeKey, x: 'AAAA' } }],
    ['a private key', { oneTimeKey: { ...request.oneTimeKey, d: 'AAAA' } }],
    ['a member id with a slash', { iss: '../x' }],
    ['a time in text', { exp: '1' }],
  ] as const) {
    it(`refuses a usage request with ${what}`, () =>
      expect(codeOf(parseUsageRequest({ ...request, ...change }))).to.equal('MESSAGE_MALFORMED'));
  }
  for (const [what, change] of [
    ['a price that is no whole number of 分', { priceFen: '1.5' }],
    ['a price with leading zeroes', { priceFen: '007' }],
    ['an outcome that is no code', { outcome: 'fine' }],
    ['nested detail', { detail: { a: { b: 1 } } }],
  ] as const) {
    it(`refuses a usage response with ${what}`, () =>
      expect(codeOf(parseUsageResponse({ ...response, ...change }))).to.equal('MESSAGE_MALFORMED'));
  }

  it('says where the fault is, never what stands there', () => {
    const refused = parseUsageParties({
      subject: { type: 'enterprise', code: 'x'.repeat(40) },
      requester: 'a',
      reviewer: null,
      review: null,
    });
    expect(refused.ok ? {} : refused.refusal.detail).to.include({ path: '/subject/code' });
    expect(JSON.stringify(refused)).not.to.contain('xxxx');
  });

  it('reads sealed JSON, and refuses what is none', () => {
    expect(valueIn(parseSealedJson(Buffer.from(JSON.stringify(good[1][2])), parseUsageParties)).requester).to.equal('王芳');
    for (const bad of [Buffer.from('{'), Buffer.of(0xff), Buffer.alloc(0)])
      expect(codeOf(parseSealedJson(bad, parseUsageParties))).to.equal('MESSAGE_MALFORMED');
  });
});

describe('sealing/envelope', () => {
  const expected = { chain: 619900, iss: bank, aud: provider, nowSeconds: now };
  const check = (change: Partial<Envelope>) => checkEnvelope({ ...envelope, ...change } as Envelope, expected);
  it('accepts until just before the expiry, and a clock a little ahead', () => {
    expect(check({}).ok).to.equal(true);
    expect(check({ exp: now + 1 }).ok).to.equal(true);
    expect(check({ iat: now + clockSkewSeconds, exp: now + clockSkewSeconds + 1 }).ok).to.equal(true);
  });
  for (const [what, change, code] of [
    ['another chain', { chain: 1 }, 'MESSAGE_CHAIN'],
    ['another sender', { iss: provider }, 'MESSAGE_ISSUER'],
    ['another audience', { aud: bank }, 'MESSAGE_AUDIENCE'],
    ['its expiry', { exp: now }, 'MESSAGE_EXPIRED'],
    ['a time in the future', { iat: now + clockSkewSeconds + 1 }, 'MESSAGE_EXPIRED'],
    ['too long a life', { exp: now + longestLifeSeconds + 1 }, 'MESSAGE_EXPIRED'],
  ] as const) {
    it(`refuses ${what}`, () => expect(codeOf(check(change as Partial<Envelope>))).to.equal(code));
  }
});
