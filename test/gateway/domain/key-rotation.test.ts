import { expect } from 'chai';
import type { Address, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { keyInUse, type RotationFacts, type RotationStep, rotationStep } from '../../../gateway/domain/key-rotation.ts';
import type { Member, MemberKey } from '../../../gateway/domain/registry-state.ts';
import type { Role } from '../../../gateway/domain/vocabulary.ts';

const hex = (byte: string): Hex => `0x${byte.repeat(32)}`;
const [a, b] = [`0x${'aa'.repeat(20)}`, `0x${'bb'.repeat(20)}`] as [Address, Address];
const key = (index: number, data: Hex, more: Partial<MemberKey> = {}): MemberKey => ({
  index,
  purpose: 'sign',
  suite: 'ed25519',
  data,
  fromBlock: index + 1,
  untilBlock: 0,
  ...more,
});
const member = (keys: readonly MemberKey[], more: Partial<Member> = {}): Member => ({
  id: 'grid' as MemberId,
  sector: 'utilities',
  roles: ['provider'] as Role[],
  status: 'active',
  account: a,
  formerAccounts: [],
  name: 'grid',
  endpoint: '',
  keys,
  forks: 0,
  ...more,
});
/** One Sign key of the founding, one that a rotation made. `seconds`: how long each key of the registry has been in force. */
const facts = (of: Member, seconds: readonly number[], more: Partial<RotationFacts['held']> = {}): RotationFacts => ({
  member: of,
  block: 100,
  held: {
    keys: [
      { purpose: 'sign', suite: 'ed25519', data: hex('01'), rolled: false },
      { purpose: 'sign', suite: 'ed25519', data: hex('02'), rolled: true },
    ],
    accounts: [a],
    retire: [],
    ...more,
  },
  age: ({ index }) => seconds[index] ?? 0,
  settleSeconds: 60,
  underWaySeconds: 720,
});
const said = (step: RotationStep | undefined): string =>
  step === undefined ? 'nothing' : `${step.kind} ${step.kind === 'account' ? step.next : step.key.data}`;

describe('rolling keys', () => {
  const both = [key(0, hex('01')), key(1, hex('02'))];

  it('adds what a rotation made, and uses it only when everyone has seen it', () => {
    const before = facts(member([key(0, hex('01'))]), [9_999]);
    expect([said(rotationStep(before)), keyInUse(before, 'sign')]).to.deep.equal([`add ${hex('02')}`, hex('01')]);
    const fresh = facts(member(both), [9_999, 59]);
    expect([said(rotationStep(fresh)), keyInUse(fresh, 'sign')]).to.deep.equal(['nothing', hex('01')]);
    expect(keyInUse(facts(member(both), [9_999, 60]), 'sign')).to.equal(hex('02'));
  });

  it('retires what it replaced once nothing signed with it is under way', () => {
    expect(said(rotationStep(facts(member(both), [9_999, 779])))).to.equal('nothing');
    expect(said(rotationStep(facts(member(both), [9_999, 780])))).to.equal(`retire ${hex('01')}`);
    const done = [key(0, hex('01'), { untilBlock: 90 }), key(1, hex('02'))];
    expect(said(rotationStep(facts(member(done), [9_999, 9_999])))).to.equal('nothing');
  });

  it("keeps an issuer's Sign key until it is told, and a lost one not a moment", () => {
    const issuer = member(both, { roles: ['issuer'] });
    expect(said(rotationStep(facts(issuer, [9_999, 9_999])))).to.equal('nothing');
    expect(said(rotationStep(facts(issuer, [9_999, 0], { retire: [hex('01')] })))).to.equal(`retire ${hex('01')}`);
    // Never the newest: a member without a key is cut off.
    expect(said(rotationStep(facts(issuer, [9_999, 0], { retire: [hex('02')] })))).to.equal('nothing');
  });

  it('lets a new account take over after the keys, once', () => {
    const two = { accounts: [a, b] };
    expect(said(rotationStep(facts(member([key(0, hex('01'))]), [9_999], two)))).to.equal(`add ${hex('02')}`);
    expect(said(rotationStep(facts(member(both), [9_999, 0], two)))).to.equal(`account ${b}`);
    expect(said(rotationStep(facts(member(both, { account: b }), [9_999, 0], two)))).to.equal('nothing');
    // An account of a keystore elsewhere: nothing here can act for it.
    expect(said(rotationStep(facts(member(both, { account: b }), [9_999, 0])))).to.equal('nothing');
  });

  it('leaves a key of another suite alone', () => {
    const enode = key(0, hex('0e'), { suite: 'enode' });
    const keys = [enode, key(1, hex('01')), key(2, hex('02'))];
    expect(said(rotationStep(facts(member(keys), [9_999, 9_999, 9_999])))).to.equal(`retire ${hex('01')}`);
    const done = [enode, key(1, hex('01'), { untilBlock: 90 }), key(2, hex('02'))];
    expect(said(rotationStep(facts(member(done), [9_999, 9_999, 9_999])))).to.equal('nothing');
  });

  it('leaves keys alone that no rotation made, and those of others', () => {
    const founded = { keys: [{ purpose: 'sign' as const, suite: 'ed25519', data: hex('09'), rolled: false }] };
    expect(said(rotationStep(facts(member(both), [9_999, 9_999], founded)))).to.equal('nothing');
    expect(keyInUse(facts(member(both), [9_999, 9_999], founded), 'sign')).to.equal(undefined);
  });
});
