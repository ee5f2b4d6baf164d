import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import {
  code,
  DATASET,
  DAY,
  ethers,
  FIELDS,
  idOf,
  NOTHING,
  networkHelpers,
  now,
  OPERATION,
  pauseFor,
  ROLE,
  registration,
  SECTOR,
  SHARE,
  send,
  suspend,
  view,
  type World,
  world,
} from '../helpers/world.ts';

const REQUEST = { none: 0, open: 1, granted: 2, declined: 3, cancelled: 4 } as const;
const GRANT = { none: 0, live: 1, revoked: 2 } as const;
const [DATE, AMOUNT] = [FIELDS[0][0], FIELDS[1][0]];
const [CREDIT, REVIEW] = [code('P01'), code('P02')];
const TERMS = ethers.id('terms of this grant');
const REASON = code('enough');
/** A whole scope over both fields, valid around `start`. */
type Scope = { fields: string[]; purposes: string[]; operations: number; notBefore: bigint; notAfter: bigint; quota: number };

const scopeAt = (start: bigint, change: Partial<Scope> = {}): Scope => ({
  fields: [DATE, AMOUNT],
  purposes: [CREDIT, REVIEW],
  operations: OPERATION.raw | OPERATION.score,
  notBefore: start - DAY,
  notAfter: start + 10n * DAY,
  quota: 100,
  ...change,
});
const asArray = (scope: Scope): unknown[] => Object.values(scope).map((value) => (typeof value === 'number' ? BigInt(value) : value));
const idFor = async ({ contracts }: World, kind: 'request' | 'grant', sequence: number): Promise<string> => {
  const address = await contracts.grants.getAddress();
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['address', 'string', 'uint256'], [address, kind, sequence]));
};

/** A world with one open request of the bank. */
const asked = async (change: Partial<Scope> = {}) => {
  const w = await world();
  const scope = scopeAt(await now(), change);
  await send(w.contracts.grants, w.by.bank, 'request', DATASET, scope);
  return { w, to: w.contracts.grants, scope, request: await idFor(w, 'request', 1) };
};

/** A world in which it was approved as asked. */
const granted = async () => {
  const found = await asked();
  await send(found.to, found.w.by.registry, 'approve', found.request, found.scope, 250, TERMS);
  return { ...found, grant: await idFor(found.w, 'grant', 1) };
};

describe('GrantRegistry: asking', () => {
  it('records the request of an active consumer', async () => {
    const w = await world();
    const { grants: to } = w.contracts;
    const scope = scopeAt(await now());
    const id = await idFor(w, 'request', 1);
    const event = ['AccessRequested', id, DATASET, idOf('bank'), asArray(scope)] as const;
    await expectEvent(w, { to, by: w.by.bank, call: ['request', DATASET, scope], event });
    expect(await view(to, 'accessRequest', id)).to.deep.equal([DATASET, idOf('bank'), asArray(scope), BigInt(REQUEST.open), NOTHING]);
    expect(await to.queryFilter('Granted')).to.have.length(0);
    expect((await view(to, 'accessRequest', NOTHING)).state).to.equal(REQUEST.none);
  });

  it('refuses scopes that are malformed or more than is offered', async () => {
    const w = await world();
    const { grants: to } = w.contracts;
    const start = await now();
    const many = Array.from({ length: 129 }, (_, i) => code(`f${i}`));
    const both = OPERATION.raw | OPERATION.score;
    const cases: [Partial<Scope>, [string, ...unknown[]]][] = [
      [{ fields: [] }, ['GrantRegistryInvalidFields', 0]],
      [{ fields: many }, ['GrantRegistryInvalidFields', 129]],
      [{ fields: [DATE, AMOUNT, DATE] }, ['GrantRegistryDuplicate', DATE]],
      [{ fields: [DATE, code('height')] }, ['GrantRegistryUnknownField', DATASET, code('height')]],
      [{ purposes: [] }, ['GrantRegistryInvalidPurposes', 0]],
      [{ purposes: many }, ['GrantRegistryInvalidPurposes', 129]],
      [{ purposes: [CREDIT, CREDIT] }, ['GrantRegistryDuplicate', CREDIT]],
      [{ purposes: [NOTHING, NOTHING] }, ['GrantRegistryDuplicate', NOTHING]],
      [{ purposes: [code('a_b')] }, ['GrantRegistryInvalidCode', code('a_b')]],
      [{ operations: 0 }, ['GrantRegistryInvalidOperations', 0, both]],
      [{ operations: OPERATION.verify }, ['GrantRegistryInvalidOperations', OPERATION.verify, both]],
      [{ notBefore: 5n, notAfter: 5n }, ['GrantRegistryInvalidValidity', 5, 5]],
      [{ notBefore: 5n, notAfter: start }, ['GrantRegistryInvalidValidity', 5, start]],
      [{ notBefore: start + DAY, notAfter: start + DAY }, ['GrantRegistryInvalidValidity', start + DAY, start + DAY]],
    ];
    for (const [change, error] of cases) {
      await expectRefused(w, { to, by: w.by.bank, call: ['request', DATASET, scopeAt(start, change)], error });
    }
  });

  it('is for active consumers, of a dataset of another active member that is on offer', async () => {
    const w = await world();
    const { grants: to, members, catalog, pause } = w.contracts;
    const scope = scopeAt(await now());
    const call = ['request', DATASET, scope] as const;
    const own = code('bank.loans');
    await send(catalog, w.by.bank, 'register', own, registration());
    await expectRefused(w, { to, by: w.by.bank, call: ['request', own, scope], error: ['GrantRegistryOwnDataset', own, idOf('bank')] });
    const nowhere = code('nowhere');
    await expectRefused(w, { to, by: w.by.bank, call: ['request', nowhere, scope], error: ['GrantRegistryUnknownDataset', nowhere] });
    const { address } = w.stranger;
    await expectRefused(w, { to, by: w.stranger, call, of: members, error: ['MemberRegistryUnknownAccount', address] });
    const role = ['MemberRegistryMissingRole', idOf('grid'), ROLE.consumer] as const;
    await expectRefused(w, { to, by: w.by.grid, call, of: members, error: role });
    await suspend(w, 'trader');
    await expectRefused(w, { to, by: w.by.trader, call, of: members, error: ['MemberRegistryNotActive', idOf('trader')] });
    await suspend(w, 'registry');
    await expectRefused(w, { to, by: w.by.bank, call, of: members, error: ['MemberRegistryNotActive', idOf('registry')] });
    await send(members, w.admin, 'resume', idOf('registry'));
    await send(catalog, w.by.registry, 'setTerms', DATASET, SHARE.withheld, OPERATION.raw, TERMS);
    await expectRefused(w, { to, by: w.by.bank, call, error: ['GrantRegistryWithheld', DATASET] });
    await send(catalog, w.by.registry, 'retire', DATASET);
    await expectRefused(w, { to, by: w.by.bank, call, error: ['GrantRegistryDatasetRetired', DATASET] });
    await pauseFor(w);
    const error = ['EmergencyPauseActive', await view(pause, 'pausedUntil')] as const;
    await expectRefused(w, { to, by: w.by.bank, call, of: pause, error });
  });
});

describe('GrantRegistry: the policy', () => {
  const policy = (change: Record<string, unknown> = {}) => ({
    active: true,
    sectors: (1 << SECTOR.finance) | (1 << SECTOR.government),
    purposes: [CREDIT, REVIEW],
    operations: OPERATION.raw | OPERATION.score,
    maxDuration: 11n * DAY,
    quota: 50,
    ...change,
  });

  it('grants by itself what it covers, at the price and terms of the catalog', async () => {
    const w = await world();
    const { grants: to, catalog } = w.contracts;
    await send(catalog, w.by.registry, 'setPrice', DATASET, 120);
    await send(catalog, w.by.registry, 'setPolicy', DATASET, policy());
    const scope = scopeAt(await now());
    const [request, grant] = [await idFor(w, 'request', 1), await idFor(w, 'grant', 1)];
    const given = asArray({ ...scope, quota: 50 });
    const terms = ethers.id('terms 1');
    const event = ['Granted', grant, request, DATASET, idOf('registry'), idOf('bank'), given, 120, terms, true] as const;
    await expectEvent(w, { to, by: w.by.bank, call: ['request', DATASET, scope], event });
    expect(await view(to, 'grant', grant)).to.deep.equal([
      DATASET,
      idOf('registry'),
      idOf('bank'),
      given,
      120n,
      terms,
      1n,
      BigInt(GRANT.live),
    ]);
    const kept = await view(to, 'accessRequest', request);
    expect([kept.state, kept.grant, kept.scope]).to.deep.equal([BigInt(REQUEST.granted), grant, asArray(scope)]);
    expect(await view(to, 'isLive', grant)).to.equal(true);
  });

  it('gives the smaller quota; zero is unlimited', async () => {
    const w = await world();
    const { grants: to, catalog } = w.contracts;
    const cases = [
      [0, 0, 0],
      [0, 7, 7],
      [7, 0, 7],
      [7, 9, 7],
      [9, 7, 7],
    ] as const;
    for (const [index, [offered, wanted, expected]] of cases.entries()) {
      await send(catalog, w.by.registry, 'setPolicy', DATASET, policy({ quota: offered }));
      await send(to, w.by.bank, 'request', DATASET, scopeAt(await now(), { quota: wanted }));
      const grant = await view(to, 'grant', await idFor(w, 'grant', index + 1));
      expect(grant.scope.quota).to.equal(expected);
    }
  });

  it('leaves open what it does not cover', async () => {
    const w = await world();
    const { grants: to, catalog } = w.contracts;
    const narrow: Record<string, unknown>[] = [{ active: false }, { sectors: 1 << SECTOR.government }, { operations: OPERATION.raw }];
    narrow.push({ purposes: [CREDIT] }, { maxDuration: 11n * DAY - 1n });
    for (const [index, change] of narrow.entries()) {
      await send(catalog, w.by.registry, 'setPolicy', DATASET, policy(change));
      await send(to, w.by.bank, 'request', DATASET, scopeAt(await now()));
      expect((await view(to, 'accessRequest', await idFor(w, 'request', index + 1))).state).to.equal(REQUEST.open);
    }
    expect(await to.queryFilter('Granted')).to.have.length(0);
  });
});

describe('GrantRegistry: answering a request', () => {
  it('approves within what was asked', async () => {
    const { w, to, scope, request } = await asked();
    const grant = await idFor(w, 'grant', 1);
    const less = { ...scope, fields: [AMOUNT], purposes: [REVIEW], operations: OPERATION.score, notAfter: scope.notAfter - 1n, quota: 9 };
    const event = ['Granted', grant, request, DATASET, idOf('registry'), idOf('bank'), asArray(less), 250, TERMS, false] as const;
    await expectEvent(w, { to, by: w.by.registry, call: ['approve', request, less, 250, TERMS], event });
    expect(await view(to, 'grantsOf', DATASET, idOf('bank'))).to.deep.equal([grant]);
    expect((await view(to, 'accessRequest', request)).state).to.equal(REQUEST.granted);
    expect((await view(to, 'grant', grant)).priceFen).to.equal(250);
    expect(await view(to, 'isLive', grant)).to.equal(true);
  });

  it('does not approve more than was asked', async () => {
    const { w, to, scope, request } = await asked({ fields: [DATE], purposes: [CREDIT], operations: OPERATION.raw });
    const wider: Partial<Scope>[] = [{ fields: [DATE, AMOUNT] }, { purposes: [REVIEW] }, { operations: 3 }, { quota: 101 }, { quota: 0 }];
    wider.push({ notBefore: scope.notBefore - 1n }, { notAfter: scope.notAfter + 1n });
    for (const change of wider) {
      const call = ['approve', request, { ...scope, ...change }, 0, TERMS] as const;
      await expectRefused(w, { to, by: w.by.registry, call, error: ['GrantRegistryBeyondRequest', request] });
    }
    const empty = ['approve', request, { ...scope, fields: [] }, 0, TERMS] as const;
    await expectRefused(w, { to, by: w.by.registry, call: empty, error: ['GrantRegistryInvalidFields', 0] });
  });

  it('approves any quota if none was asked for', async () => {
    const { w, to, scope, request } = await asked({ quota: 0 });
    await send(to, w.by.registry, 'approve', request, { ...scope, quota: 5 }, 0, TERMS);
    expect((await view(to, 'grant', await idFor(w, 'grant', 1))).scope.quota).to.equal(5);
  });

  it('declines', async () => {
    const { w, to, request } = await asked();
    await expectEvent(w, { to, by: w.by.registry, call: ['decline', request, REASON], event: ['AccessDeclined', request, REASON] });
    expect((await view(to, 'accessRequest', request)).state).to.equal(REQUEST.declined);
  });

  it('lets the consumer cancel, also suspended and while paused', async () => {
    const { w, to, request } = await asked();
    await suspend(w, 'trader');
    const other = ['GrantRegistryNotConsumer', request, idOf('trader')] as const;
    await expectRefused(w, { to, by: w.by.trader, call: ['cancel', request], error: other });
    await pauseFor(w);
    await suspend(w, 'bank');
    await expectEvent(w, { to, by: w.by.bank, call: ['cancel', request], event: ['AccessCancelled', request] });
    expect((await view(to, 'accessRequest', request)).state).to.equal(REQUEST.cancelled);
  });

  it('answers each request once', async () => {
    const { w, to, scope, request } = await asked();
    const answers = (id: string) =>
      [
        [w.by.registry, ['approve', id, scope, 0, TERMS]],
        [w.by.registry, ['decline', id, REASON]],
        [w.by.bank, ['cancel', id]],
      ] as const;
    for (const [by, call] of answers(NOTHING)) await expectRefused(w, { to, by, call, error: ['GrantRegistryUnknownRequest', NOTHING] });
    await send(to, w.by.registry, 'decline', request, REASON);
    const error = ['GrantRegistryRequestNotOpen', request, REQUEST.declined] as const;
    for (const [by, call] of answers(request)) await expectRefused(w, { to, by, call, error });
  });

  it('is the provider alone, active, and to approve not paused', async () => {
    const { w, to, scope, request } = await asked();
    const { members, catalog, pause } = w.contracts;
    const calls = [
      ['approve', request, scope, 0, TERMS],
      ['decline', request, REASON],
    ] as const;
    const [approve] = calls;
    for (const call of calls) {
      await expectRefused(w, { to, by: w.by.grid, call, error: ['GrantRegistryNotProvider', DATASET, idOf('grid')] });
      await expectRefused(w, { to, by: w.by.bank, call, error: ['GrantRegistryNotProvider', DATASET, idOf('bank')] });
      const { address } = w.stranger;
      await expectRefused(w, { to, by: w.stranger, call, of: members, error: ['MemberRegistryUnknownAccount', address] });
    }
    await suspend(w, 'registry');
    const inactive = ['MemberRegistryNotActive', idOf('registry')] as const;
    for (const call of calls) await expectRefused(w, { to, by: w.by.registry, call, of: members, error: inactive });
    await send(members, w.admin, 'resume', idOf('registry'));
    await suspend(w, 'bank');
    await expectRefused(w, { to, by: w.by.registry, call: approve, of: members, error: ['MemberRegistryNotActive', idOf('bank')] });
    await send(members, w.admin, 'resume', idOf('bank'));
    await pauseFor(w);
    const paused = ['EmergencyPauseActive', await view(pause, 'pausedUntil')] as const;
    await expectRefused(w, { to, by: w.by.registry, call: approve, of: pause, error: paused });
    await send(pause, w.admin, 'end');
    await send(catalog, w.by.registry, 'retire', DATASET);
    await expectRefused(w, { to, by: w.by.registry, call: approve, error: ['GrantRegistryDatasetRetired', DATASET] });
    await send(to, w.by.registry, 'decline', request, REASON);
  });
});

describe('GrantRegistry: a grant', () => {
  it('is amended by its provider', async () => {
    const { w, to, scope, grant } = await granted();
    const next = { ...scope, fields: [DATE], notAfter: scope.notAfter + DAY, quota: 0 };
    const terms = ethers.id('amended');
    const event = ['GrantAmended', grant, 2, asArray(next), 99, terms] as const;
    await expectEvent(w, { to, by: w.by.registry, call: ['amend', grant, next, 99, terms], event });
    const kept = await view(to, 'grant', grant);
    expect([kept.scope, kept.priceFen, kept.termsHash, kept.version]).to.deep.equal([asArray(next), 99n, terms, 2n]);
    const call = ['amend', grant, { ...scope, purposes: [] }, 0, terms] as const;
    await expectRefused(w, { to, by: w.by.registry, call, error: ['GrantRegistryInvalidPurposes', 0] });
  });

  it('is amended by nobody else, nor while suspended or paused', async () => {
    const { w, to, scope, grant } = await granted();
    const { members, pause } = w.contracts;
    const call = ['amend', grant, scope, 0, TERMS] as const;
    for (const name of ['bank', 'grid'] as const) {
      await expectRefused(w, { to, by: w.by[name], call, error: ['GrantRegistryNotProvider', DATASET, idOf(name)] });
    }
    await suspend(w, 'registry');
    await expectRefused(w, { to, by: w.by.registry, call, of: members, error: ['MemberRegistryNotActive', idOf('registry')] });
    await send(members, w.admin, 'resume', idOf('registry'));
    await pauseFor(w);
    const error = ['EmergencyPauseActive', await view(pause, 'pausedUntil')] as const;
    await expectRefused(w, { to, by: w.by.registry, call, of: pause, error });
  });

  it('is revoked by its provider, also suspended and while paused, for good', async () => {
    const { w, to, scope, grant } = await granted();
    const { members, pause } = w.contracts;
    await pauseFor(w);
    await suspend(w, 'registry');
    const event = ['GrantRevoked', grant, REASON] as const;
    await expectEvent(w, { to, by: w.by.registry, call: ['revoke', grant, REASON], event });
    expect((await view(to, 'grant', grant)).state).to.equal(GRANT.revoked);
    expect(await view(to, 'isLive', grant)).to.equal(false);
    await send(pause, w.admin, 'end');
    await send(members, w.admin, 'resume', idOf('registry'));
    const error = ['GrantRegistryRevoked', grant] as const;
    await expectRefused(w, { to, by: w.by.registry, call: ['revoke', grant, REASON], error });
    await expectRefused(w, { to, by: w.by.registry, call: ['amend', grant, scope, 0, TERMS], error });
  });

  it('is revoked by nobody else', async () => {
    const { w, to, scope, grant } = await granted();
    for (const name of ['bank', 'grid'] as const) {
      const error = ['GrantRegistryNotProvider', DATASET, idOf(name)] as const;
      await expectRefused(w, { to, by: w.by[name], call: ['revoke', grant, REASON], error });
    }
    const unknown = ['GrantRegistryUnknownGrant', NOTHING] as const;
    await expectRefused(w, { to, by: w.by.registry, call: ['revoke', NOTHING, REASON], error: unknown });
    await expectRefused(w, { to, by: w.by.registry, call: ['amend', NOTHING, scope, 0, TERMS], error: unknown });
  });

  it('is live within its time, while both members are active and the dataset is not retired', async () => {
    const { w, to, scope, grant } = await granted();
    const { members, catalog } = w.contracts;
    const live = (): Promise<boolean> => view(to, 'isLive', grant);
    expect(await view(to, 'isLive', NOTHING)).to.equal(false);
    for (const name of ['registry', 'bank'] as const) {
      await suspend(w, name);
      expect(await live()).to.equal(false);
      await send(members, w.admin, 'resume', idOf(name));
      expect(await live()).to.equal(true);
    }
    const start = scope.notBefore + 2n * DAY;
    await send(to, w.by.registry, 'amend', grant, { ...scope, notBefore: start }, 0, TERMS);
    for (const [time, expected] of [
      [start - 1n, false],
      [start, true],
      [scope.notAfter - 1n, true],
      [scope.notAfter, false],
    ] as const) {
      await networkHelpers.time.increaseTo(time);
      expect(await live()).to.equal(expected);
    }
    await send(to, w.by.registry, 'amend', grant, { ...scope, notAfter: scope.notAfter + DAY }, 0, TERMS);
    expect(await live()).to.equal(true);
    await send(catalog, w.by.registry, 'retire', DATASET);
    expect(await live()).to.equal(false);
  });
});
