import { expect } from 'chai';
import type { OpenedLeaf } from '../../../gateway/audit/leaf.ts';
import { overrun, recheckServed } from '../../../gateway/audit/recheck.ts';
import { canonicalJson } from '../../../gateway/domain/canonical.ts';
import type { CheckedShown } from '../../../gateway/domain/credential.ts';
import type { ConsentId, UsageId } from '../../../gateway/domain/ids.ts';
import { ok, type Result, refuse } from '../../../gateway/domain/result.ts';
import {
  ask,
  bank,
  bytes32,
  changeConsent,
  changeDataset,
  changeGrant,
  changeMember,
  consent,
  grant,
  issuer,
  loan,
  opening,
  provider,
  viewOf,
  type World,
  world,
} from '../../helpers/registry.ts';

const usage = '00000000-0000-4000-8000-000000000001' as UsageId;
const good = {
  usage,
  counterparty: bank,
  subject: canonicalJson(ask.subject),
  staff: ask.requester,
  reviewer: ask.reviewer as string,
  grant: grant.id,
  consent: consent.id,
  dataset: loan,
  fields: '["balanceFen"]',
  purpose: 'loan-approval',
  operation: 'raw',
  price: '200',
};
const entry = (values: Readonly<Record<string, string | undefined>> = {}): OpenedLeaf => ({
  index: 4,
  leaf: { time: 1, block: 10, step: 'served', outcome: 'ok', tag: null, commitments: {} },
  usage,
  values: Object.fromEntries(Object.entries({ ...good, ...values }).filter((one): one is [string, string] => one[1] !== undefined)),
});
const recheck = (change: Partial<World> = {}, values: Readonly<Record<string, string | undefined>> = {}, shown = true) => {
  const { findings, counts } = recheckServed(viewOf({ ...world, ...change }), provider, entry(values), shown ? ok(opening) : undefined);
  return { found: findings.map(({ kind, what }) => `${kind} ${what}`), counts };
};

describe('audit/recheck', () => {
  it('finds nothing in a use that was authorized, with and without the opening, and counts it', () => {
    for (const shown of [true, false]) {
      const { found, counts } = recheck({}, {}, shown);
      expect(found).to.deep.equal([]);
      expect(counts).to.deep.equal([
        { kind: 'over-use', key: `consent/${consent.id}/${loan}`, limit: 3 },
        { kind: 'over-quota', key: `grant/${grant.id}`, limit: undefined },
      ]);
    }
  });

  it('names a use at a block at which the consent was withdrawn (rule 6)', () => {
    for (const shown of [true, false])
      expect(recheck(changeConsent({ state: 'withdrawn' }), {}, shown).found).to.deep.equal([
        'after-withdrawal CONSENT_WITHDRAWN at block 10',
      ]);
  });

  const unauthorized: readonly (readonly [string, Partial<World>, string])[] = [
    ['a consumer suspended', changeMember(bank, { status: 'suspended' }), 'MEMBER_SUSPENDED'],
    ['a provider that left', changeMember(provider, { status: 'left' }), 'MEMBER_SUSPENDED'],
    ['a dataset retired', changeDataset({ retired: true }), 'DATASET_RETIRED'],
    ['a dataset of another member', changeDataset({ owner: issuer }), 'DATASET_UNKNOWN'],
    ['no version published', changeDataset({ version: 0 }), 'DATASET_UNPUBLISHED'],
    ['a grant revoked', changeGrant({ state: 'revoked' }), 'GRANT_REVOKED'],
    ['a field outside the grant', changeGrant({ scope: { fields: ['overdueDays'] } }), 'GRANT_FIELD_MISMATCH'],
    ['a consent expired', changeConsent({ notAfter: world.time }), 'CONSENT_EXPIRED'],
    ['a consent for another purpose', changeConsent({ purpose: 'loan-monitoring' }), 'CONSENT_PURPOSE_MISMATCH'],
    ['no consent on chain', { consents: [] }, 'CONSENT_UNKNOWN'],
  ];
  for (const [what, change, code] of unauthorized)
    it(`names ${what}`, () => {
      expect(recheck(change, {}, false).found).to.deep.equal([`unauthorized ${code} at block 10`]);
      expect(recheck(change, {}, true).found).to.deep.equal([`unauthorized ${code} at block 10`]);
    });

  it('names a purpose that is not listed, a missing review, and one of the requester himself', () => {
    expect(recheck({}, { purpose: 'curiosity' }).found).to.deep.equal(['unauthorized PURPOSE_UNKNOWN at block 10']);
    for (const shown of [true, false]) {
      expect(recheck({}, { reviewer: undefined }, shown).found).to.deep.equal(['unauthorized REVIEW_REQUIRED at block 10']);
      expect(recheck({}, { reviewer: ask.requester }, shown).found).to.deep.equal(['unauthorized REVIEW_SAME_PERSON at block 10']);
    }
  });

  const broken: readonly (readonly [string, Partial<World>, Result<CheckedShown>, string])[] = [
    ['a credential revoked', { revokedCredentials: [`${issuer}/${opening.credential.id}`] }, ok(opening), 'CREDENTIAL_REVOKED'],
    ['a credential expired', {}, ok({ ...opening, credential: { ...opening.credential, exp: world.time } }), 'CREDENTIAL_EXPIRED'],
    [
      'a credential of the grantee',
      {},
      ok({ ...opening, credential: { ...opening.credential, iss: bank } }),
      'CREDENTIAL_ISSUER_IS_GRANTEE',
    ],
    ['a key that its issuer had not', {}, ok({ ...opening, issuerKey: `0x${'77'.repeat(32)}` }), 'CREDENTIAL_INVALID'],
    ['the opening of another consent', {}, ok({ ...opening, consent: bytes32(0x55) as ConsentId }), 'CONSENT_OPENING_INVALID'],
    ['an opening that does not hold by itself', {}, refuse('CREDENTIAL_INVALID'), 'CREDENTIAL_INVALID'],
  ];
  for (const [what, change, shown, code] of broken)
    it(`names ${what}, where the opening is shown, and without it the consent that says more`, () => {
      const view = viewOf({ ...world, ...change });
      const { findings } = recheckServed(view, provider, entry(), shown);
      expect(findings.map(({ kind, what: found }) => `${kind} ${found}`)).to.deep.equal([`credential-invalid ${code} at block 10`]);
      expect(recheckServed(view, provider, entry(), undefined)).to.deep.include({ findings: [], closed: consent.id });
    });

  it('names a price that the chain did not say', () => {
    for (const shown of [true, false]) expect(recheck({}, { price: '1' }, shown).found).to.deep.equal(['differs price at block 10']);
  });

  it('names values that no gateway writes so, and goes on', () => {
    const bad: readonly (readonly [string, string | undefined])[] = [
      ['counterparty', 'Bank!'],
      ['dataset', ''],
      ['fields', 'balanceFen'],
      ['fields', '{"a":1}'],
      ['purpose', undefined],
      ['operation', 'look'],
      ['subject', '{"type":"enterprise","code":"1"}'],
      ['subject', '7'],
      ['staff', undefined],
      ['grant', '{"id":7}'],
      ['consent', `${consent.id}0`],
    ];
    for (const [name, value] of bad) expect(recheck({}, { [name]: value }).found, `${name} ${value}`).to.deep.equal([`malformed ${name}`]);
    expect(recheck({}, { grant: undefined }, false).found).to.deep.equal(['malformed grant']);
  });

  it('counts what it would not have served, and nothing under what the chain does not know', () => {
    const other = bytes32(0xc2);
    expect(recheck({}, { consent: other, grant: other }).counts.map(({ limit }) => limit)).to.deep.equal([0, 0]);
    expect(recheck(changeConsent({ state: 'withdrawn' })).counts).to.have.length(2);
    const open = recheck(changeDataset({ shareClass: 'open', grade: 1, priceFen: 0n }), {
      consent: undefined,
      grant: undefined,
      price: '0',
    });
    expect(open).to.deep.equal({ found: [], counts: [] });
  });

  it('names the use that is one too many (rule 9)', () => {
    const [uses, quota] = recheck(changeGrant({ scope: { quota: 2 } })).counts;
    expect(overrun(provider, entry(), uses!, 3)).to.equal(undefined);
    expect(overrun(provider, entry(), uses!, 4)).to.deep.include({ kind: 'over-use', usage, what: '4 of 3' });
    expect(overrun(provider, entry(), quota!, 3)).to.deep.include({ kind: 'over-quota', usage, what: '3 of 2' });
    expect(overrun(provider, entry(), { ...quota!, limit: undefined }, 1_000)).to.equal(undefined);
  });
});
