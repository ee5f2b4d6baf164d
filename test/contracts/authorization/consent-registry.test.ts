import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { digest, sign } from '../helpers/signatures.ts';
import {
  code,
  DATASET,
  DAY,
  ethers,
  FIELDS,
  idOf,
  latestBlock,
  NOTHING,
  networkHelpers,
  nextTime,
  now,
  OPERATION,
  pauseFor,
  ROLE,
  registration,
  send,
  suspend,
  view,
  type World,
  world,
} from '../helpers/world.ts';

const STATE = { none: 0, live: 1, notYet: 2, expired: 3, withdrawn: 4, renewed: 5, barred: 6 } as const;
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const [DATE, AMOUNT] = [FIELDS[0][0], FIELDS[1][0]];
const OTHER = code('bank.loans');
const subject = (value: bigint): string => ethers.toBeHex(value, 32);

const message = (start: bigint, key: string, change: Record<string, unknown> = {}) => ({
  subject: subject(12345n),
  key,
  grantee: 'bank-changan',
  scopes: [{ dataset: 'gov.penalty', fields: ['penaltyDate', 'amountFen'] }],
  purpose: 'P01',
  operations: ['raw', 'score'],
  notBefore: start - DAY,
  notAfter: start + 10n * DAY,
  maxUses: 7,
  renews: NOTHING,
  nonce: 1n,
  deadline: start + DAY,
  ...change,
});
const SCOPES = [[DATASET, [DATE, AMOUNT]]];

/** A world with its clock, and the message of a consent signed by the stranger, who is the subject here. */
const prepared = async () => {
  const w = await world();
  return { w, to: w.contracts.consents, start: await now(), subjectKey: w.stranger };
};
type Prepared = Awaited<ReturnType<typeof prepared>>;

const signed = async ({ w, to, start, subjectKey }: Prepared, change: Record<string, unknown> = {}) => {
  const consent = message(start, subjectKey.address, change);
  const signature = await sign(subjectKey, 'consent', to, consent);
  return { consent, id: await digest('consent', to, consent), call: ['give', consent, signature] as const, w };
};

/** A world with one live consent. */
const given = async (change: Record<string, unknown> = {}) => {
  const found = await prepared();
  const { consent, id, call } = await signed(found, change);
  await send(found.to, found.w.spare, ...call);
  return { ...found, consent, id };
};
type Given = Awaited<ReturnType<typeof given>>;

const withdrawal = async ({ to, subjectKey }: Pick<Prepared, 'to' | 'subjectKey'>, id: string, signer = subjectKey) =>
  ['withdraw', id, signer.address, await sign(signer, 'withdrawal', to, { consent: id })] as const;

const amendment = async (found: Given, change: Record<string, unknown> = {}) => {
  const { scopes, operations, notAfter, maxUses, deadline } = found.consent;
  const words = { consent: found.id, revision: 1, scopes, operations, notAfter, maxUses, deadline, ...change };
  return ['amend', words, await sign(found.subjectKey, 'amendment', found.to, words)] as const;
};

const stateOf = ({ to }: { to: World['authority'] }, id: string): Promise<bigint> => view(to, 'stateOf', id);

describe('ConsentRegistry: giving', () => {
  it('records what the key signed, under the digest, whoever relays it', async () => {
    const found = await prepared();
    const { w, to } = found;
    const { consent, id, call } = await signed(found);
    const { notBefore, notAfter } = consent;
    const key = consent.key;
    const both = OPERATION.raw | OPERATION.score;
    const bank = idOf('bank');
    expect(await view(to, 'hashConsent', consent)).to.equal(id);
    const event = ['ConsentGiven', id, consent.subject, key, bank, SCOPES, code('P01'), both, notBefore, notAfter, 7, NOTHING] as const;
    await expectEvent(w, { to, by: w.spare, call, event });
    expect(await view(to, 'consent', id)).to.deep.equal([
      consent.subject,
      key,
      bank,
      SCOPES,
      code('P01'),
      BigInt(both),
      notBefore,
      notAfter,
      7n,
      0n,
      BigInt(STATE.live),
      NOTHING,
      NOTHING,
      BigInt(await latestBlock()),
    ]);
    expect(await view(to, 'isNonceUsed', key, 1)).to.equal(true);
    expect(await view(to, 'isNonceUsed', key, 2)).to.equal(false);
    expect(await view(to, 'stateFor', id, key)).to.equal(STATE.live);
  });

  it('knows every operation, and several datasets', async () => {
    const found = await prepared();
    const { w, to } = found;
    await send(w.contracts.catalog, w.by.bank, 'register', OTHER, registration());
    const scopes = [
      { dataset: 'gov.penalty', fields: ['amountFen'] },
      { dataset: 'bank.loans', fields: ['penaltyDate'] },
    ];
    const { id, call } = await signed(found, { scopes, operations: ['sandbox', 'verify', 'score', 'raw'] });
    await send(to, w.spare, ...call);
    const kept = await view(to, 'consent', id);
    expect([kept.operations, kept.scopes]).to.deep.equal([
      15n,
      [
        [DATASET, [AMOUNT]],
        [OTHER, [DATE]],
      ],
    ]);
  });

  it('refuses malformed consents', async () => {
    const found = await prepared();
    const { w, to, start } = found;
    const fields = Array.from({ length: 129 }, (_, i) => `f${i}`);
    const scope = { dataset: 'gov.penalty', fields: ['amountFen'] };
    const long = 'x'.repeat(32);
    const cases: [Record<string, unknown>, [string, ...unknown[]]][] = [
      [{ subject: NOTHING }, ['ConsentRegistryInvalidSubject', NOTHING]],
      [{ subject: subject(SCALAR_FIELD) }, ['ConsentRegistryInvalidSubject', subject(SCALAR_FIELD)]],
      [{ notBefore: 5n, notAfter: 5n }, ['ConsentRegistryInvalidValidity', 5, 5]],
      [{ notBefore: 5n, notAfter: start }, ['ConsentRegistryInvalidValidity', 5, start]],
      [{ notBefore: start + DAY, notAfter: start + DAY }, ['ConsentRegistryInvalidValidity', start + DAY, start + DAY]],
      [{ maxUses: 0 }, ['ConsentRegistryInvalidUses']],
      [{ grantee: '' }, ['ConsentRegistryInvalidCode', '']],
      [{ grantee: long }, ['ConsentRegistryInvalidCode', long]],
      [{ purpose: 'P 1' }, ['ConsentRegistryInvalidCode', 'P 1']],
      [{ purpose: 'P01\0' }, ['ConsentRegistryInvalidCode', 'P01\0']],
      [{ purpose: 'P\x001' }, ['ConsentRegistryInvalidCode', 'P\x001']],
      [{ scopes: [] }, ['ConsentRegistryInvalidScopes', 0]],
      [{ scopes: Array.from({ length: 129 }, () => scope) }, ['ConsentRegistryInvalidScopes', 129]],
      [{ scopes: [scope, scope] }, ['ConsentRegistryDuplicate', DATASET]],
      [{ scopes: [{ ...scope, fields: [] }] }, ['ConsentRegistryInvalidFields', DATASET, 0]],
      [{ scopes: [{ ...scope, fields }] }, ['ConsentRegistryInvalidFields', DATASET, 129]],
      [{ scopes: [{ ...scope, fields: ['a', 'a'] }] }, ['ConsentRegistryDuplicate', code('a')]],
      [{ scopes: [{ ...scope, fields: ['金额'] }] }, ['ConsentRegistryInvalidCode', '金额']],
      [{ operations: [] }, ['ConsentRegistryInvalidOperations', 0]],
      [{ operations: ['raw', 'raw'] }, ['ConsentRegistryDuplicate', code('raw')]],
      [{ operations: ['Raw'] }, ['ConsentRegistryInvalidOperation', 'Raw']],
    ];
    for (const [change, error] of cases) {
      await expectRefused(w, { to, by: w.spare, call: (await signed(found, change)).call, error });
    }
    const largest = await signed(found, { subject: subject(SCALAR_FIELD - 1n) });
    await expectEvent(w, { to, by: w.spare, call: largest.call, event: ['ConsentGiven'] });
  });

  it('refuses after its deadline, and takes it in the last second', async () => {
    const found = await prepared();
    const { w, to } = found;
    const { call, consent } = await signed(found);
    await networkHelpers.time.setNextBlockTimestamp(consent.deadline + 1n);
    const error = ['ConsentRegistryDeadlinePassed', consent.deadline, consent.deadline + 1n] as const;
    await expectRefused(w, { to, by: w.spare, call, error });
    const later = await signed(found, { deadline: await nextTime() });
    await expectEvent(w, { to, by: w.spare, call: later.call, event: ['ConsentGiven'] });
  });

  it('refuses a grantee that is no active consumer, and data that is not on offer', async () => {
    const found = await prepared();
    const { w, to } = found;
    const { members, catalog } = w.contracts;
    const refused = async (change: Record<string, unknown>, error: readonly [string, ...unknown[]], of = to): Promise<void> =>
      expectRefused(w, { to, by: w.spare, call: (await signed(found, change)).call, error, of });
    await refused({ grantee: 'nobody' }, ['MemberRegistryNotActive', code('nobody')], members);
    await refused({ grantee: 'grid-east' }, ['MemberRegistryMissingRole', idOf('grid'), ROLE.consumer], members);
    await refused({ scopes: [{ dataset: 'nowhere', fields: ['a'] }] }, ['ConsentRegistryUnknownDataset', code('nowhere')]);
    await refused({ scopes: [{ dataset: 'gov.penalty', fields: ['a'] }] }, ['ConsentRegistryUnknownField', DATASET, code('a')]);
    await suspend(w, 'bank');
    await refused({}, ['MemberRegistryNotActive', idOf('bank')], members);
    await send(members, w.admin, 'resume', idOf('bank'));
    await send(catalog, w.by.registry, 'retire', DATASET);
    await refused({}, ['ConsentRegistryDatasetRetired', DATASET]);
  });

  it('uses a nonce once, in any order', async () => {
    const found = await given({ nonce: 9n });
    const { w, to, subjectKey } = found;
    const replay = await signed(found, { nonce: 9n });
    const error = ['ConsentRegistryNonceUsed', subjectKey.address, 9] as const;
    await expectRefused(w, { to, by: w.spare, call: replay.call, error });
    await expectRefused(w, { to, by: w.spare, call: (await signed(found, { nonce: 9n, maxUses: 1 })).call, error });
    await expectEvent(w, { to, by: w.spare, call: (await signed(found, { nonce: 3n })).call, event: ['ConsentGiven'] });
  });

  it('accepts nothing but the signature of its key over exactly these words, here', async () => {
    const found = await prepared();
    const { w, to, subjectKey } = found;
    const { consent, id } = await signed(found);
    const error = ['ConsentRegistryInvalidSignature', id, subjectKey.address] as const;
    const good = ethers.Signature.from(await sign(subjectKey, 'consent', to, consent));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = ethers.concat([good.r, ethers.toBeHex(order - BigInt(good.s), 32), good.v === 27 ? '0x1c' : '0x1b']);
    const signatures = [
      await sign(w.spare, 'consent', to, consent),
      await sign(subjectKey, 'consent', to, { ...consent, maxUses: 8 }),
      await sign(subjectKey, 'consent', to, consent, { chainId: 1 }),
      await sign(subjectKey, 'consent', to, consent, { verifyingContract: await w.contracts.grants.getAddress() }),
      await sign(subjectKey, 'consent', to, consent, { name: 'Xinshu' }),
      await sign(subjectKey, 'consent', to, consent, { version: '2' }),
      good.compactSerialized,
      highS,
      '0x',
    ];
    for (const signature of signatures) await expectRefused(w, { to, by: w.spare, call: ['give', consent, signature], error });
    const zero = message(found.start, ethers.ZeroAddress);
    const nobody = ['ConsentRegistryInvalidSignature', await digest('consent', to, zero), ethers.ZeroAddress] as const;
    await expectRefused(w, { to, by: w.spare, call: ['give', zero, '0x'], error: nobody });
  });

  it('is refused by a second registry, as its domain differs', async () => {
    const found = await prepared();
    const { w, subjectKey } = found;
    const { call, consent } = await signed(found);
    const second = await ethers.deployContract('ConsentRegistry', [w.contracts.directory]);
    const id = await digest('consent', second, consent);
    const error = ['ConsentRegistryInvalidSignature', id, subjectKey.address] as const;
    await expectRefused(w, { to: second, by: w.spare, call, error });
  });

  it('is stopped by a pause', async () => {
    const found = await prepared();
    const { w, to } = found;
    const { pause: of } = w.contracts;
    const { call } = await signed(found);
    await pauseFor(w);
    await expectRefused(w, { to, by: w.spare, call, of, error: ['EmergencyPauseActive', await view(of, 'pausedUntil')] });
  });
});

describe('ConsentRegistry: the state', () => {
  it('follows block time', async () => {
    const found = await prepared();
    const { w, to, start } = found;
    const { id, call, consent } = await signed(found, { notBefore: start + DAY });
    expect(await stateOf(found, id)).to.equal(STATE.none);
    expect(await view(to, 'stateFor', id, consent.key)).to.equal(STATE.none);
    await send(to, w.spare, ...call);
    for (const [time, state] of [
      [start + DAY - 1n, STATE.notYet],
      [start + DAY, STATE.live],
      [consent.notAfter - 1n, STATE.live],
      [consent.notAfter, STATE.expired],
    ] as const) {
      await networkHelpers.time.increaseTo(time);
      expect(await stateOf(found, id)).to.equal(state);
      expect((await view(to, 'consent', id)).state).to.equal(state);
    }
  });

  it('answers nothing for the unknown', async () => {
    const { to } = await prepared();
    const none = await view(to, 'consent', NOTHING);
    expect([none.key, none.state, none.givenBlock]).to.deep.equal([ethers.ZeroAddress, 0n, 0n]);
  });
});

describe('ConsentRegistry: withdrawing', () => {
  it('ends a consent for ever, relayed by anyone, also while paused', async () => {
    const found = await given();
    const { w, to, id, subjectKey } = found;
    const call = await withdrawal(found, id);
    expect(await view(to, 'hashWithdrawal', id)).to.equal(await digest('withdrawal', to, { consent: id }));
    await pauseFor(w);
    await suspend(w, 'bank');
    await expectEvent(w, { to, by: w.spare, call, event: ['ConsentWithdrawn', id, subjectKey.address] });
    expect(await stateOf(found, id)).to.equal(STATE.withdrawn);
    await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryAlreadyWithdrawn', id] });
    await networkHelpers.time.increase(20n * DAY);
    expect(await stateOf(found, id)).to.equal(STATE.withdrawn);
  });

  it("takes the consent's own key only", async () => {
    const found = await given();
    const { w, to, id, subjectKey } = found;
    const call = await withdrawal(found, id, w.spare);
    await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryWrongKey', id, w.spare.address] });
    const [method, , , foreign] = call;
    const error = ['ConsentRegistryInvalidSignature', id, subjectKey.address] as const;
    const elsewhere = await sign(subjectKey, 'withdrawal', to, { consent: id }, { chainId: 1 });
    for (const signature of [foreign, elsewhere, '0x']) {
      await expectRefused(w, { to, by: w.spare, call: [method, id, subjectKey.address, signature], error });
    }
    expect(await stateOf(found, id)).to.equal(STATE.live);
  });

  it('bars what was not recorded yet, for this key alone', async () => {
    const found = await prepared();
    const { w, to, subjectKey } = found;
    const { id, call } = await signed(found);
    // Someone else bars the same id: that is no concern of the subject's.
    await send(to, w.spare, ...(await withdrawal(found, id, w.spare)));
    const bar = await withdrawal(found, id);
    await expectEvent(w, { to, by: w.spare, call: bar, event: ['ConsentBarred', id, subjectKey.address] });
    expect(await view(to, 'isBarred', id, subjectKey.address)).to.equal(true);
    expect(await view(to, 'stateFor', id, subjectKey.address)).to.equal(STATE.barred);
    expect(await stateOf(found, id)).to.equal(STATE.none);
    await expectRefused(w, { to, by: w.spare, call: bar, error: ['ConsentRegistryAlreadyWithdrawn', id] });
    await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryBarred', id, subjectKey.address] });
  });

  it('is not hindered by a bar of another key', async () => {
    const found = await prepared();
    const { w, to } = found;
    const { id, call } = await signed(found);
    await send(to, w.spare, ...(await withdrawal(found, id, w.spare)));
    await expectEvent(w, { to, by: w.spare, call, event: ['ConsentGiven'] });
    expect(await stateOf(found, id)).to.equal(STATE.live);
  });
});

describe('ConsentRegistry: amending', () => {
  it('narrows scopes, operations, time and uses', async () => {
    const found = await given();
    const { w, to, id, consent } = found;
    const notAfter = consent.notAfter - 1n;
    const less = { scopes: [{ dataset: 'gov.penalty', fields: ['amountFen'] }], operations: ['score'], notAfter, maxUses: 3 };
    const call = await amendment(found, less);
    expect(await view(to, 'hashAmendment', call[1])).to.equal(await digest('amendment', to, call[1]));
    const kept = [[DATASET, [AMOUNT]]];
    const event = ['ConsentAmended', id, 1, kept, OPERATION.score, notAfter, 3] as const;
    await expectEvent(w, { to, by: w.spare, call, event });
    const record = await view(to, 'consent', id);
    expect([record.scopes, record.operations, record.notAfter, record.maxUses, record.revision]).to.deep.equal([
      kept,
      BigInt(OPERATION.score),
      notAfter,
      3n,
      1n,
    ]);
  });

  it('needs one thing narrower, and nothing wider', async () => {
    const found = await given({ scopes: [{ dataset: 'gov.penalty', fields: ['amountFen'] }] });
    const { w, to, id, consent } = found;
    await send(w.contracts.catalog, w.by.bank, 'register', OTHER, registration());
    // Each but the first is narrower in one thing, and wider in another.
    const wider: Record<string, unknown>[] = [
      {},
      { maxUses: 0 },
      { maxUses: 8, operations: ['raw'] },
      { notAfter: consent.notAfter + 1n, maxUses: 6 },
      { notAfter: consent.notBefore },
      { operations: ['raw', 'verify'], maxUses: 6 },
      { scopes: [{ dataset: 'gov.penalty', fields: ['penaltyDate'] }], maxUses: 6 },
      { scopes: [...consent.scopes, { dataset: 'bank.loans', fields: ['amountFen'] }], maxUses: 1 },
    ];
    for (const change of wider) {
      const call = await amendment(found, change);
      await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryNotNarrower', id] });
    }
    const one: Record<string, unknown>[] = [{ maxUses: 6 }, { notAfter: consent.notAfter - 1n, maxUses: 6 }];
    one.push({ operations: ['raw'], notAfter: consent.notAfter - 1n, maxUses: 6 });
    for (const [index, change] of one.entries()) {
      const call = await amendment(found, { ...change, revision: index + 1 });
      await expectEvent(w, { to, by: w.spare, call, event: ['ConsentAmended'] });
    }
  });

  it('narrows by dropping a dataset, and before the consent begins', async () => {
    const found = await prepared();
    const { w, to, start } = found;
    await send(w.contracts.catalog, w.by.bank, 'register', OTHER, registration());
    const scopes = [
      { dataset: 'gov.penalty', fields: ['amountFen'] },
      { dataset: 'bank.loans', fields: ['amountFen'] },
    ];
    const { id, call, consent } = await signed(found, { scopes, notBefore: start + 5n * DAY });
    await send(to, w.spare, ...call);
    const amended = await amendment({ ...found, id, consent }, { scopes: scopes.slice(1) });
    await expectEvent(w, { to, by: w.spare, call: amended, event: ['ConsentAmended'] });
    expect((await view(to, 'consent', id)).scopes).to.deep.equal([[OTHER, [AMOUNT]]]);
  });

  it('takes the next revision only, in time, with the signature of the key', async () => {
    const found = await given();
    const { w, to, id, subjectKey } = found;
    for (const revision of [0, 2]) {
      const call = await amendment(found, { revision, maxUses: 1 });
      await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryWrongRevision', id, 1, revision] });
    }
    const time = await nextTime();
    const late = await amendment(found, { maxUses: 1, deadline: time - 1n });
    await expectRefused(w, { to, by: w.spare, call: late, error: ['ConsentRegistryDeadlinePassed', time - 1n, time] });
    const [method, words] = await amendment(found, { maxUses: 1 });
    const foreign = await sign(w.spare, 'amendment', to, words);
    const error = ['ConsentRegistryInvalidSignature', id, subjectKey.address] as const;
    await expectRefused(w, { to, by: w.spare, call: [method, words, foreign], error });
    const duplicate = await amendment(found, { operations: ['raw', 'raw'] });
    await expectRefused(w, { to, by: w.spare, call: duplicate, error: ['ConsentRegistryDuplicate', code('raw')] });
  });

  it('is refused for a consent that is not alive, and while paused', async () => {
    const found = await given();
    const { w, to, id } = found;
    const { pause: of } = w.contracts;
    const call = await amendment(found, { maxUses: 1, deadline: found.consent.notAfter + DAY });
    const unknown = await amendment(found, { consent: NOTHING, maxUses: 1 });
    await expectRefused(w, { to, by: w.spare, call: unknown, error: ['ConsentRegistryWrongState', NOTHING, STATE.none] });
    await pauseFor(w);
    await expectRefused(w, { to, by: w.spare, call, of, error: ['EmergencyPauseActive', await view(of, 'pausedUntil')] });
    await networkHelpers.time.increaseTo(found.consent.notAfter);
    await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryWrongState', id, STATE.expired] });
    await send(to, w.spare, ...(await withdrawal(found, id)));
    await expectRefused(w, { to, by: w.spare, call, error: ['ConsentRegistryWrongState', id, STATE.withdrawn] });
  });
});

describe('ConsentRegistry: renewing', () => {
  it('replaces a consent, also an expired one', async () => {
    for (const wait of [0n, 11n * DAY]) {
      const found = await given();
      const { w, to, id: old } = found;
      await networkHelpers.time.increase(wait + 1n);
      const start = await now();
      const { id, call } = await signed({ ...found, start }, { renews: old, nonce: 2n });
      await expectEvent(w, { to, by: w.spare, call, event: ['ConsentRenewed', old, id] });
      expect(await stateOf(found, old)).to.equal(STATE.renewed);
      expect(await stateOf(found, id)).to.equal(STATE.live);
      expect((await view(to, 'consent', old)).renewedBy).to.equal(id);
      expect((await view(to, 'consent', id)).renews).to.equal(old);
    }
  });

  it('refuses one unknown, of another key, withdrawn, or renewed already', async () => {
    const found = await given();
    const { w, to, id: old } = found;
    const refused = async (renews: string, error: readonly [string, ...unknown[]], by: Prepared = found): Promise<void> =>
      expectRefused(w, { to, by: w.spare, call: (await signed(by, { renews, nonce: 5n })).call, error });
    await refused(ethers.id('none'), ['ConsentRegistryUnknown', ethers.id('none')]);
    await refused(old, ['ConsentRegistryWrongKey', old, w.spare.address], { ...found, subjectKey: w.spare });
    await send(to, w.spare, ...(await signed(found, { renews: old, nonce: 2n })).call);
    await refused(old, ['ConsentRegistryWrongState', old, STATE.renewed]);
    await send(to, w.spare, ...(await withdrawal(found, old)));
    await refused(old, ['ConsentRegistryWrongState', old, STATE.withdrawn]);
  });

  it('leaves the old one withdrawable, and the new one alive then', async () => {
    const found = await given();
    const { w, to, id: old } = found;
    const { id, call } = await signed(found, { renews: old, nonce: 2n });
    await send(to, w.spare, ...call);
    await send(to, w.spare, ...(await withdrawal(found, old)));
    expect([await stateOf(found, old), await stateOf(found, id)]).to.deep.equal([BigInt(STATE.withdrawn), BigInt(STATE.live)]);
  });
});

describe('ConsentRegistry: credentials', () => {
  const CREDENTIAL = ethers.id('random');

  it('are revoked by their issuer, also suspended and while paused, once', async () => {
    const w = await world();
    const { consents: to } = w.contracts;
    await pauseFor(w);
    await suspend(w, 'registry');
    const call = ['revokeCredential', CREDENTIAL] as const;
    await expectEvent(w, { to, by: w.by.registry, call, event: ['CredentialRevoked', idOf('registry'), CREDENTIAL] });
    expect(await view(to, 'credentialRevoked', idOf('registry'), CREDENTIAL)).to.equal(await latestBlock());
    expect(await view(to, 'credentialRevoked', idOf('bank'), CREDENTIAL)).to.equal(0);
    const error = ['ConsentRegistryCredentialAlreadyRevoked', idOf('registry'), CREDENTIAL] as const;
    await expectRefused(w, { to, by: w.by.registry, call, error });
  });

  it('are no concern of others', async () => {
    const w = await world();
    const { consents: to, members: of } = w.contracts;
    const call = ['revokeCredential', CREDENTIAL] as const;
    const role = ['MemberRegistryMissingRole', idOf('bank'), ROLE.issuer] as const;
    await expectRefused(w, { to, by: w.by.bank, call, of, error: role });
    await expectRefused(w, { to, by: w.stranger, call, of, error: ['MemberRegistryUnknownAccount', w.stranger.address] });
    await expectRefused(w, { to, by: w.by.registry, call: ['revokeCredential', NOTHING], error: ['ConsentRegistryInvalidCredential'] });
  });
});

describe('ConsentRegistry: contract accounts (EIP-1271)', () => {
  const MANNER = { honest: 0, wrong: 1, long: 2, reverts: 3, burns: 4 } as const;

  it('give, amend and withdraw like others, with the signature of their owner', async () => {
    const found = await prepared();
    const { w, to, start } = found;
    const owner = w.stranger;
    const wallet = await ethers.deployContract('WalletMock', [owner.address]);
    const consent = message(start, await wallet.getAddress());
    const id = await digest('consent', to, consent);
    const foreign = await sign(w.spare, 'consent', to, consent);
    const error = ['ConsentRegistryInvalidSignature', id, consent.key] as const;
    await expectRefused(w, { to, by: w.spare, call: ['give', consent, foreign], error });
    const signature = await sign(owner, 'consent', to, consent);
    for (const manner of [MANNER.wrong, MANNER.long, MANNER.reverts, MANNER.burns]) {
      await send(wallet, owner, 'setManner', manner);
      await expectRefused(w, { to, by: w.spare, call: ['give', consent, signature], error });
    }
    await send(wallet, owner, 'setManner', MANNER.honest);
    await expectEvent(w, { to, by: w.spare, call: ['give', consent, signature], event: ['ConsentGiven'] });
    await send(to, w.spare, ...(await amendment({ ...found, consent, id }, { maxUses: 1 })));
    const withdrawn = await sign(owner, 'withdrawal', to, { consent: id });
    const call = ['withdraw', id, consent.key, withdrawn] as const;
    await expectEvent(w, { to, by: w.spare, call, event: ['ConsentWithdrawn', id, consent.key] });
    expect(await stateOf(found, id)).to.equal(STATE.withdrawn);
  });

  it('are told the domain by ERC-5267', async () => {
    const { to } = await prepared();
    const { chainId } = await ethers.provider.getNetwork();
    const domain = await view(to, 'eip712Domain');
    expect(domain).to.deep.equal(['0x0f', 'Xinshu Consent', '1', chainId, await to.getAddress(), NOTHING, []]);
  });
});
