import { expect } from 'chai';
import fc from 'fast-check';
import type { Ask } from '../../../gateway/domain/ask.ts';
import { authorize } from '../../../gateway/domain/authorize.ts';
import type { CheckedOpening } from '../../../gateway/domain/credential.ts';
import type { ErrorCode } from '../../../gateway/domain/errors.ts';
import type { Address, ConsentId, CredentialId, DatasetId, GrantId, MemberId, SubjectCommitment } from '../../../gateway/domain/ids.ts';
import { codeOf, valueIn } from '../../helpers/refusal.ts';
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
  now,
  opening,
  provider,
  signKey,
  viewOf,
  type World,
  world,
} from '../../helpers/registry.ts';

const decide = (change: Partial<World> = {}, asked: Partial<Ask> = {}) => authorize(viewOf({ ...world, ...change }), { ...ask, ...asked });
const opened = (change: Partial<CheckedOpening>): Partial<Ask> => ({ opening: { ...opening, ...change } });
const credential = (change: Partial<CheckedOpening['credential']>) => opened({ credential: { ...opening.credential, ...change } });
const other = 'grid-qinchuan' as MemberId;

/** Every way to break the one authorized usage, in the order of the checks. */
const breaks: readonly (readonly [string, ErrorCode, Partial<World>, Partial<Ask>])[] = [
  ['the consumer is unknown', 'MEMBER_UNKNOWN', {}, { consumer: other }],
  ['the consumer is suspended', 'MEMBER_SUSPENDED', changeMember(bank, { status: 'suspended' }), {}],
  ['the consumer has left', 'MEMBER_SUSPENDED', changeMember(bank, { status: 'left' }), {}],
  ['the consumer is no consumer', 'MEMBER_ROLE_MISSING', changeMember(bank, { roles: ['provider'] }), {}],
  ['the consumer forked its log', 'MEMBER_FORKED', changeMember(bank, { forks: 1 }), {}],
  ['the dataset is unknown', 'DATASET_UNKNOWN', {}, { dataset: 'x' as DatasetId }],
  ['the dataset is retired', 'DATASET_RETIRED', changeDataset({ retired: true }), {}],
  ['the provider is unknown', 'MEMBER_UNKNOWN', { members: world.members.filter(({ id }) => id !== provider) }, {}],
  ['the provider is suspended', 'MEMBER_SUSPENDED', changeMember(provider, { status: 'suspended' }), {}],
  ['the provider forked its log', 'MEMBER_FORKED', changeMember(provider, { forks: 2 }), {}],
  ['the owner is no provider any more', 'MEMBER_ROLE_MISSING', changeMember(provider, { roles: [] }), {}],
  ['the dataset is withheld', 'DATASET_WITHHELD', changeDataset({ shareClass: 'withheld' }), {}],
  ['nothing is published', 'DATASET_UNPUBLISHED', changeDataset({ version: 0 }), {}],
  ['the version is not there', 'DATASET_UNPUBLISHED', { versions: [] }, {}],
  ['the purpose is empty (rule 14)', 'PURPOSE_UNKNOWN', {}, { purpose: '' }],
  ['the purpose is not listed (rule 14)', 'PURPOSE_UNKNOWN', {}, { purpose: 'curiosity' }],
  ['the purpose is not in force yet (rule 50)', 'PURPOSE_UNKNOWN', { time: 1_600_000_000 }, {}],
  ['the dataset does not allow the operation', 'OPERATION_NOT_ALLOWED', {}, { operation: 'sandbox' }],
  ['a field does not exist', 'FIELD_UNKNOWN', {}, { fields: ['balanceFen', 'salary'] }],
  ['no field is asked for', 'FIELD_UNKNOWN', {}, { fields: [] }],
  ['the named grant does not exist', 'GRANT_MISSING', {}, { grant: bytes32(1) as GrantId }],
  ['there is no grant at all (rule 1)', 'GRANT_MISSING', { grants: [] }, { grant: undefined }],
  ['the grant is another consumer’s', 'GRANT_MISMATCH', changeGrant({ consumer: other }), {}],
  ['the grant is for another dataset', 'GRANT_MISMATCH', changeGrant({ dataset: 'fin-weihe.bill' as DatasetId }), {}],
  ['the grant is not the owner’s', 'GRANT_MISMATCH', changeGrant({ provider: other }), {}],
  ['the grant is revoked', 'GRANT_REVOKED', changeGrant({ state: 'revoked' }), {}],
  ['the grant has just expired', 'GRANT_EXPIRED', changeGrant({ scope: { notAfter: now } }), {}],
  ['the grant is not valid yet', 'GRANT_NOT_YET_VALID', changeGrant({ scope: { notBefore: now + 1 } }), {}],
  ['a field is not granted', 'GRANT_FIELD_MISMATCH', {}, { fields: ['balanceFen', 'product'] }],
  ['the purpose is not granted', 'GRANT_PURPOSE_MISMATCH', {}, { purpose: 'guarantee-review' }],
  ['the operation is not granted', 'GRANT_OPERATION_MISMATCH', changeGrant({ scope: { operations: [] } }), {}],
  ['no consent is named (rule 1)', 'CONSENT_MISSING', {}, { consent: undefined }],
  ['the consent is not on chain', 'CONSENT_UNKNOWN', { consents: [] }, {}],
  ['the consent was barred before it came', 'CONSENT_WITHDRAWN', { consents: [], barred: [`${consent.id}/${consent.key}`] }, {}],
  ['the consent is withdrawn', 'CONSENT_WITHDRAWN', changeConsent({ state: 'withdrawn' }), {}],
  ['the consent is renewed', 'CONSENT_RENEWED', changeConsent({ state: 'renewed', renewedBy: bytes32(7) as ConsentId }), {}],
  ['the consent has just expired (rule 8)', 'CONSENT_EXPIRED', changeConsent({ notAfter: now }), {}],
  ['the consent is not valid yet', 'CONSENT_NOT_YET_VALID', changeConsent({ notBefore: now + 1 }), {}],
  ['the consent names another grantee (rule 5)', 'CONSENT_GRANTEE_MISMATCH', changeConsent({ grantee: other }), {}],
  [
    'the consent names another dataset',
    'CONSENT_DATASET_MISMATCH',
    changeConsent({ scopes: [{ dataset: 'x' as DatasetId, fields: ['balanceFen'] }] }),
    {},
  ],
  ['a field is not consented', 'CONSENT_FIELD_MISMATCH', changeConsent({ scopes: [{ dataset: loan, fields: ['overdueDays'] }] }), {}],
  ['the consent is for another purpose (rule 4)', 'CONSENT_PURPOSE_MISMATCH', {}, { purpose: 'loan-monitoring' }],
  ['the consent is for another operation', 'CONSENT_OPERATION_MISMATCH', {}, { operation: 'score' }],
  ['the opening has not come', 'CONSENT_OPENING_MISSING', {}, { opening: undefined }],
  ['the opening is of another consent', 'CONSENT_OPENING_INVALID', {}, opened({ consent: bytes32(7) as ConsentId })],
  ['the opening commits to something else', 'CONSENT_OPENING_INVALID', {}, opened({ commitment: bytes32(0x12) as SubjectCommitment })],
  ['the certificate is for another consent key', 'CONSENT_OPENING_INVALID', changeConsent({ key: `0x${'77'.repeat(20)}` as Address }), {}],
  ['the credential is about another subject', 'CONSENT_OPENING_INVALID', {}, credential({ subject: { type: 'enterprise', code: 'x' } })],
  ['the ask is about another subject', 'CONSENT_SUBJECT_MISMATCH', {}, { subject: { type: 'enterprise', code: 'x' } }],
  ['the ask is about another type of subject', 'CONSENT_SUBJECT_MISMATCH', {}, { subject: { ...opening.subject, type: 'cooperative' } }],
  ['the credential is of another subject key', 'CREDENTIAL_INVALID', {}, credential({ key: `0x${'77'.repeat(20)}` as Address })],
  ['the certificate names another credential', 'CREDENTIAL_INVALID', {}, credential({ id: bytes32(7) as CredentialId })],
  [
    'the issuer is the grantee (rule 2)',
    'CREDENTIAL_ISSUER_IS_GRANTEE',
    changeMember(bank, { roles: ['consumer', 'issuer'], keys: [signKey] }),
    credential({ iss: bank }),
  ],
  ['the issuer is unknown', 'MEMBER_UNKNOWN', {}, credential({ iss: other })],
  ['the issuer is suspended', 'MEMBER_SUSPENDED', changeMember(issuer, { status: 'suspended' }), {}],
  ['the issuer forked its log', 'MEMBER_FORKED', changeMember(issuer, { forks: 1 }), {}],
  ['the issuer may not issue', 'MEMBER_ROLE_MISSING', changeMember(issuer, { roles: ['provider'] }), {}],
  ['the issuer’s key is retired', 'CREDENTIAL_INVALID', changeMember(issuer, { keys: [{ ...signKey, untilBlock: 10 }] }), {}],
  ['the issuer’s key comes later', 'CREDENTIAL_INVALID', changeMember(issuer, { keys: [{ ...signKey, fromBlock: 11 }] }), {}],
  ['the issuer’s key is another', 'CREDENTIAL_INVALID', {}, opened({ issuerKey: bytes32(0x52) })],
  ['the credential is not valid yet', 'CREDENTIAL_INVALID', {}, credential({ nbf: now + 1 })],
  ['the credential has just expired', 'CREDENTIAL_EXPIRED', {}, credential({ exp: now })],
  ['the credential is revoked', 'CREDENTIAL_REVOKED', { revokedCredentials: [`${issuer}/${opening.credential.id}`] }, {}],
  ['the provider accepts no issuer', 'CREDENTIAL_ISSUER_NOT_ACCEPTED', {}, { issuersAccepted: [] }],
  [
    'the provider accepts the issuer for lower grades',
    'CREDENTIAL_ISSUER_NOT_ACCEPTED',
    {},
    { issuersAccepted: [{ issuer, maxGrade: 2 }] },
  ],
  ['nobody reviewed (rule 15)', 'REVIEW_REQUIRED', {}, { reviewer: null }],
  ['the reviewer has no name', 'REVIEW_REQUIRED', {}, { reviewer: ' ' }],
  ['the reviewer is the requester', 'REVIEW_SAME_PERSON', {}, { requester: 'Wang Fang', reviewer: ' wang  FANG' }],
];

describe('domain/authorize', () => {
  it('allows the one usage that everything covers', () => {
    const authorization = valueIn(decide());
    expect(authorization).to.deep.include({ basis: 'consent', provider, grade: 3, priceFen: 200n, grant, consent });
    expect(authorization.block).to.deep.equal({ number: 10, hash: bytes32(0xbb), time: now });
    expect(authorization.version.version).to.equal(2);
  });

  it('takes members that forked their logs where the network has not agreed to refuse them', () => {
    const members = world.members.map((member) => ({ ...member, forks: 1 }));
    expect(codeOf(decide({ members }))).to.equal('MEMBER_FORKED');
    expect(valueIn(decide({ members, refuseForked: 0 })).basis).to.equal('consent');
  });

  for (const [what, code, change, asked] of breaks) {
    it(`refuses when ${what}: ${code}`, () => expect(codeOf(decide(change, asked))).to.equal(code));
  }

  it('keeps its order: of any two faults the earlier one is named', () => {
    const touched = ([, , change, asked]: (typeof breaks)[number]) => [...Object.keys(change), ...Object.keys(asked)];
    let pairs = 0;
    breaks.forEach((first, place) => {
      for (const second of breaks.slice(place + 1)) {
        // Left out: pairs that break the same thing, and second breaks that reach back (an earlier time, no consent at all, no opening that names a key).
        const reaches = 'time' in second[2] || 'consents' in second[2] || ('barred' in first[2] && 'opening' in second[3]);
        if (reaches || touched(first).some((key) => touched(second).includes(key))) continue;
        pairs += 1;
        const found = codeOf(decide({ ...first[2], ...second[2] }, { ...first[3], ...second[3] }));
        expect(found, `${first[0]}, and ${second[0]}`).to.equal(first[1]);
      }
    });
    expect(pairs).to.be.greaterThan(1000);
  });

  it('allows at the first second and refuses at the last (notAfter is exclusive)', () => {
    expect(decide(changeConsent({ notBefore: now, notAfter: now + 1 })).ok).to.equal(true);
    expect(decide(changeGrant({ scope: { notBefore: now, notAfter: now + 1 } })).ok).to.equal(true);
  });

  it('leaves the acceptance of issuers to the provider', () => {
    expect(decide({}, { issuersAccepted: null }).ok).to.equal(true);
  });

  it('compares addresses whatever their case', () => {
    const upper = opening.certificate.consentKey.toUpperCase().replace('0X', '0x') as Address;
    expect(decide({}, opened({ certificate: { ...opening.certificate, consentKey: upper } })).ok).to.equal(true);
  });

  it('joins the scopes of one dataset in a consent', () => {
    const scopes = [
      { dataset: loan, fields: ['balanceFen'] },
      { dataset: loan, fields: ['overdueDays'] },
    ];
    expect(decide(changeConsent({ scopes }), { fields: ['balanceFen', 'overdueDays'] }).ok).to.equal(true);
  });

  it('needs no review below grade 3', () => {
    expect(decide(changeDataset({ grade: 2 }), { reviewer: null }).ok).to.equal(true);
  });

  describe('an open dataset of grade 1', () => {
    const open = changeDataset({ shareClass: 'open', grade: 1 });
    const bare: Partial<Ask> = { grant: undefined, consent: undefined, opening: undefined, reviewer: null };
    it('needs neither grant nor consent, and costs what the catalog says', () => {
      expect(valueIn(decide({ ...open, grants: [], consents: [] }, bare))).to.deep.include({ basis: 'open', priceFen: 250n, grade: 1 });
    });
    it('still needs members, purpose, operation and fields', () => {
      for (const [, code, change, asked] of breaks.slice(0, 18)) {
        if ('datasets' in change) continue;
        expect(codeOf(decide({ ...open, ...change }, { ...bare, ...asked }))).to.equal(code);
      }
    });
    it('is not open above grade 1, nor without its owner’s word', () => {
      expect(codeOf(decide({ ...changeDataset({ shareClass: 'open', grade: 2 }), grants: [] }, bare))).to.equal('GRANT_MISSING');
      expect(codeOf(decide({ ...changeDataset({ grade: 1 }), grants: [] }, bare))).to.equal('GRANT_MISSING');
    });
  });

  describe('when no grant is named', () => {
    const of = (byte: number, change: Parameters<typeof changeGrant>[0] = {}) =>
      changeGrant({ ...change, id: bytes32(byte) as GrantId }).grants![0]!;
    const chosen = (...grants: (typeof grant)[]) => {
      const found = valueIn(decide({ grants }, { grant: undefined }));
      return found.basis === 'consent' ? found.grant.id : undefined;
    };
    it('takes the cheapest that fits, then the longest, then by id', () => {
      expect(chosen(of(1), of(2, { priceFen: 100n }), of(3, { priceFen: 50n, state: 'revoked' }))).to.equal(bytes32(2));
      expect(chosen(of(1), of(2, { scope: { notAfter: now + 500 } }))).to.equal(bytes32(2));
      expect(chosen(of(2), of(1))).to.equal(bytes32(1));
    });
    it('names the fault of the one that came nearest', () => {
      const grants = [of(1, { state: 'revoked' }), of(2, { scope: { fields: ['product'] } }), of(3, { scope: { notAfter: 1 } })];
      expect(codeOf(decide({ grants }, { grant: undefined }))).to.equal('GRANT_FIELD_MISMATCH');
    });
  });

  describe('default deny (rules 1 and 3)', () => {
    // Mostly what fits, so that a good part of all cases is allowed.
    const mostly = <T>(fitting: T, any: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 4, arbitrary: fc.constant(fitting) }, { weight: 1, arbitrary: any });
    const subset = <T>(list: readonly T[]) => mostly([...list], fc.subarray([...list]));
    const times = mostly(
      { notBefore: now, notAfter: now + 1 },
      fc.record({ notBefore: fc.integer({ min: now - 2, max: now + 2 }), notAfter: fc.integer({ min: now - 2, max: now + 2 }) }),
    );
    const scopes = fc.record({
      fields: subset(['balanceFen', 'overdueDays', 'product']),
      purposes: subset(['loan-approval', 'loan-monitoring']),
      operations: subset(['raw', 'score'] as const),
      validity: times,
      state: mostly<'live' | 'revoked'>('live', fc.constant('revoked')),
    });
    const consents = fc.record({
      fields: subset(['balanceFen', 'overdueDays', 'product']),
      purpose: fc.constantFrom('loan-approval', 'loan-monitoring'),
      operations: subset(['raw', 'score'] as const),
      validity: times,
      state: mostly<'given' | 'withdrawn' | 'renewed'>('given', fc.constantFrom('withdrawn', 'renewed')),
      grantee: mostly(bank, fc.constant(other)),
    });
    const asks = fc.record({
      fields: fc.subarray(['balanceFen', 'overdueDays', 'product'], { minLength: 1 }),
      purpose: fc.constantFrom('loan-approval', 'loan-monitoring'),
      operation: fc.constantFrom('raw', 'score') as fc.Arbitrary<'raw' | 'score'>,
    });
    type Scope = typeof scopes extends fc.Arbitrary<infer T> ? T : never;
    type Given = typeof consents extends fc.Arbitrary<infer T> ? T : never;
    const worldOf = (scope: Scope, given: Given): Partial<World> => ({
      ...changeGrant({
        state: scope.state,
        scope: { fields: scope.fields, purposes: scope.purposes, operations: scope.operations, ...scope.validity },
      }),
      ...changeConsent({
        scopes: [{ dataset: loan, fields: given.fields }],
        purpose: given.purpose,
        operations: given.operations,
        state: given.state,
        grantee: given.grantee,
        ...given.validity,
      }),
    });

    it('allows exactly what both grant and consent cover', () => {
      let allowed = 0;
      fc.assert(
        fc.property(scopes, consents, asks, (scope, given, asked) => {
          const within = ({ notBefore, notAfter }: { notBefore: number; notAfter: number }) => notBefore <= now && now < notAfter;
          const model =
            scope.state === 'live' &&
            within(scope.validity) &&
            asked.fields.every((field) => scope.fields.includes(field)) &&
            scope.purposes.includes(asked.purpose) &&
            scope.operations.includes(asked.operation) &&
            given.state === 'given' &&
            within(given.validity) &&
            given.grantee === bank &&
            asked.fields.every((field) => given.fields.includes(field)) &&
            given.purpose === asked.purpose &&
            given.operations.includes(asked.operation);
          expect(decide(worldOf(scope, given), asked).ok).to.equal(model);
          if (model) allowed += 1;
        }),
        { numRuns: 20_000 },
      );
      expect(allowed).to.be.within(200, 15_000);
    });

    it('never allows more when anything is narrowed', () => {
      fc.assert(
        fc.property(scopes, consents, asks, fc.gen(), (scope, given, asked, draw) => {
          const fewer = <T>(list: readonly T[]): T[] => draw(fc.subarray<T>, [...list]);
          const shorter = ({ notBefore, notAfter }: { notBefore: number; notAfter: number }) => ({
            notBefore: notBefore + draw(fc.nat, 2),
            notAfter: notAfter - draw(fc.nat, 2),
          });
          const narrowScope = {
            ...scope,
            fields: fewer(scope.fields),
            purposes: fewer(scope.purposes),
            operations: fewer(scope.operations),
            validity: shorter(scope.validity),
          };
          const narrowConsent = {
            ...given,
            fields: fewer(given.fields),
            operations: fewer(given.operations),
            validity: shorter(given.validity),
          };
          const issuersAccepted = fewer(ask.issuersAccepted!);
          if (decide(worldOf(narrowScope, narrowConsent), { ...asked, issuersAccepted }).ok) {
            expect(decide(worldOf(scope, given), asked).ok).to.equal(true);
          }
          const lessAsked = { ...asked, fields: fewer(asked.fields) };
          if (lessAsked.fields.length > 0 && decide(worldOf(scope, given), asked).ok) {
            expect(decide(worldOf(scope, given), lessAsked).ok).to.equal(true);
          }
        }),
        { numRuns: 3_000 },
      );
    });
  });

  it('is silent on the subject: no refusal repeats its code', () => {
    for (const [, , change, asked] of breaks) expect(JSON.stringify(decide(change, asked))).not.to.contain(opening.subject.code);
  });
});
