import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { APPROVED_BY, MIN_CONTRIBUTORS, MODEL, modelRegistration, OUTPUT, parts, SCORED, scoringWorld } from '../helpers/scoring.ts';
import {
  code,
  DAY,
  registration as datasetRegistration,
  ethers,
  idOf,
  latestBlock,
  NOTHING,
  networkHelpers,
  now,
  OPERATION,
  pauseFor,
  ROLE,
  send,
  suspend,
  view,
} from '../helpers/world.ts';

const REPORT = ethers.id('the leakage report');
const asArray = ({ parts: list, ...rest }: ReturnType<typeof modelRegistration>): unknown[] => [
  ...Object.values(rest).map((value) => (typeof value === 'number' ? BigInt(value) : value)),
  list.map((part) => Object.values(part)),
];

/** A world in which the trader registered a model. */
const registered = async () => {
  const w = await scoringWorld();
  const given = modelRegistration(await now());
  await send(w.contracts.models, w.by.trader, 'register', MODEL, 1, given);
  return { w, to: w.contracts.models, given };
};
const reported = async () => {
  const found = await registered();
  await send(found.to, found.w.by.regulator, 'reportLeakage', MODEL, 1, 3, 400, REPORT);
  return found;
};

describe('ModelRegistry: registering', () => {
  it('keeps each version of a model as its owner registered it', async () => {
    const w = await scoringWorld();
    const { models: to } = w.contracts;
    const given = modelRegistration(await now());
    expect(await view(to, 'ownerOf', MODEL)).to.equal(NOTHING);
    const event = ['ModelRegistered', MODEL, 1, idOf('trader'), asArray(given)] as const;
    await expectEvent(w, { to, by: w.by.trader, call: ['register', MODEL, 1, given], event });
    const first = await latestBlock();
    const second = modelRegistration(await now(), { output: OUTPUT.band, reasonsToConsumer: true });
    await send(to, w.by.trader, 'register', MODEL, 2, second);
    expect(await view(to, 'version', MODEL, 1)).to.deep.equal([asArray(given), BigInt(first), false, false]);
    expect((await view(to, 'version', MODEL, 2)).registration).to.deep.equal(asArray(second));
    expect(await view(to, 'ownerOf', MODEL)).to.equal(idOf('trader'));
    expect(await view(to, 'latestVersion', MODEL)).to.equal(2);
    expect((await view(to, 'version', MODEL, 3)).blockNumber).to.equal(0);
  });

  it('is for active members, of their own models, one version after the other, not while paused', async () => {
    const { w, to, given } = await registered();
    const { members, pause } = w.contracts;
    const other = code('other');
    await expectRefused(w, {
      to,
      by: w.by.bank,
      call: ['register', MODEL, 2, given],
      error: ['ModelRegistryNotOwner', MODEL, idOf('bank')],
    });
    for (const wrong of [0, 1, 3])
      await expectRefused(w, {
        to,
        by: w.by.trader,
        call: ['register', MODEL, wrong, given],
        error: ['ModelRegistryWrongVersion', MODEL, 2, wrong],
      });
    const bad = code('Upper');
    await expectRefused(w, { to, by: w.by.trader, call: ['register', bad, 1, given], error: ['ModelRegistryInvalidCode', bad] });
    const call = ['register', other, 1, given] as const;
    const { address } = w.stranger;
    await expectRefused(w, { to, by: w.stranger, call, of: members, error: ['MemberRegistryUnknownAccount', address] });
    await suspend(w, 'trader');
    await expectRefused(w, { to, by: w.by.trader, call, of: members, error: ['MemberRegistryNotActive', idOf('trader')] });
    await pauseFor(w);
    const error = ['EmergencyPauseActive', await view(pause, 'pausedUntil')] as const;
    await expectRefused(w, { to, by: w.by.bank, call, of: pause, error });
  });

  it('refuses what no session could be held under', async () => {
    const w = await scoringWorld();
    const { models: to, catalog } = w.contracts;
    const start = await now();
    const field = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    const withPart = (change: Record<string, unknown>) => ({
      parts: parts().map((part, index) => (index === 1 ? { ...part, ...change } : part)),
    });
    const [own, unscored, gone] = [code('bank.own'), code('grid.raw'), code('grid.gone')];
    await send(catalog, w.by.registry, 'register', own, datasetRegistration());
    await send(catalog, w.by.bank, 'register', unscored, datasetRegistration({ operations: OPERATION.raw }));
    await send(catalog, w.by.bank, 'register', gone, datasetRegistration());
    await send(catalog, w.by.bank, 'retire', gone);
    const least = BigInt(MIN_CONTRIBUTORS);
    const cases: [Record<string, unknown>, [string, ...unknown[]]][] = [
      [{ output: OUTPUT.none }, ['ModelRegistryInvalidOutput']],
      [{ notBefore: start + DAY, notAfter: start + DAY }, ['ModelRegistryInvalidValidity', start + DAY, start + DAY]],
      [{ notBefore: 0n, notAfter: start }, ['ModelRegistryInvalidValidity', 0, start]],
      [{ minContributors: 2 }, ['ModelRegistryInvalidContributors', 2, least, 3]],
      [{ minContributors: 4 }, ['ModelRegistryInvalidContributors', 4, least, 3]],
      [{ parts: [] }, ['ModelRegistryInvalidContributors', 3, least, 0]],
      [{ parts: Array.from({ length: 129 }, () => parts()[0]) }, ['ModelRegistryInvalidContributors', 3, least, 129]],
      [withPart({ derivation: NOTHING }), ['ModelRegistryInvalidPart', 1]],
      [withPart({ partHash: NOTHING }), ['ModelRegistryInvalidPart', 1]],
      [withPart({ partHash: ethers.toBeHex(field, 32) }), ['ModelRegistryInvalidPart', 1]],
      [withPart({ dataset: code('nowhere') }), ['ModelRegistryUnknownDataset', code('nowhere')]],
      [withPart({ dataset: gone }), ['ModelRegistryUnknownDataset', gone]],
      [withPart({ dataset: unscored }), ['ModelRegistryNotForScores', unscored]],
      [withPart({ dataset: own }), ['ModelRegistryDuplicateProvider', idOf('registry')]],
    ];
    for (const [change, error] of cases)
      await expectRefused(w, { to, by: w.by.trader, call: ['register', MODEL, 1, modelRegistration(start, change)], error });
    await send(to, w.by.trader, 'register', MODEL, 1, modelRegistration(start, withPart({ partHash: ethers.toBeHex(field - 1n, 32) })));
    expect(await view(to, 'latestVersion', MODEL)).to.equal(1);
  });
});

describe('ModelRegistry: leakage reports', () => {
  it('are added by active auditors that do not own the model', async () => {
    const { w, to } = await registered();
    const auditor = idOf('regulator');
    const event = ['LeakageReported', MODEL, 1, auditor, 3, 400, REPORT] as const;
    await expectEvent(w, { to, by: w.by.regulator, call: ['reportLeakage', MODEL, 1, 3, 400, REPORT], event });
    await send(to, w.by.regulator, 'reportLeakage', MODEL, 1, 400, 400, NOTHING);
    const block = BigInt(await latestBlock());
    expect(await view(to, 'reportsOf', MODEL, 1)).to.deep.equal([
      [auditor, 3n, 400n, REPORT, block - 1n],
      [auditor, 400n, 400n, NOTHING, block],
    ]);
  });

  it('are refused of others, of the owner, of unknown models, and when they state nothing', async () => {
    const { w, to, given } = await registered();
    const { members } = w.contracts;
    const call = ['reportLeakage', MODEL, 1, 3, 400, REPORT] as const;
    const role = ['MemberRegistryMissingRole', idOf('bank'), ROLE.auditor] as const;
    await expectRefused(w, { to, by: w.by.bank, call, of: members, error: role });
    const by = w.by.regulator;
    await expectRefused(w, { to, by, call: ['reportLeakage', MODEL, 2, 3, 400, REPORT], error: ['ModelRegistryUnknown', MODEL, 2] });
    for (const [pinned, attainable] of [
      [0, 0],
      [5, 4],
    ])
      await expectRefused(w, {
        to,
        by,
        call: ['reportLeakage', MODEL, 1, pinned, attainable, REPORT],
        error: ['ModelRegistryInvalidReport', pinned, attainable],
      });
    const own = code('own');
    await send(to, by, 'register', own, 1, given);
    const error = ['ModelRegistryOwnReport', own, idOf('regulator')] as const;
    await expectRefused(w, { to, by, call: ['reportLeakage', own, 1, 3, 400, REPORT], error });
    await suspend(w, 'regulator');
    await expectRefused(w, { to, by, call, of: members, error: ['MemberRegistryNotActive', idOf('regulator')] });
  });
});

describe('ModelRegistry: approval by the council', () => {
  it('makes a reported version usable, within its time, until it is taken back', async () => {
    const { w, to, given } = await reported();
    const usable = () => view(to, 'isUsable', MODEL, 1);
    expect(await usable()).to.equal(false);
    await expectEvent(w, { to, by: w.admin, call: ['setApproval', MODEL, 1, true], event: ['ModelApproved', MODEL, 1, true] });
    expect(await usable()).to.equal(true);
    expect(await view(to, 'isUsable', MODEL, 2)).to.equal(false);
    await pauseFor(w);
    await expectEvent(w, { to, by: w.admin, call: ['setApproval', MODEL, 1, false], event: ['ModelApproved', MODEL, 1, false] });
    expect(await usable()).to.equal(false);
    await networkHelpers.time.increase(2n * DAY);
    await send(to, w.admin, 'setApproval', MODEL, 1, true);
    await networkHelpers.time.setNextBlockTimestamp(given.notAfter);
    await networkHelpers.mine();
    expect(await usable()).to.equal(false);
    const later = modelRegistration(await now(), { notBefore: given.notAfter + DAY, notAfter: given.notAfter + 2n * DAY });
    await send(to, w.by.trader, 'register', MODEL, 2, later);
    await send(to, w.by.regulator, 'reportLeakage', MODEL, 2, 3, 400, REPORT);
    await send(to, w.admin, 'setApproval', MODEL, 2, true);
    expect(await view(to, 'isUsable', MODEL, 2)).to.equal(false);
  });

  it('needs a report, a version, the council, and no pause', async () => {
    const { w, to } = await registered();
    const { pause } = w.contracts;
    const call = ['setApproval', MODEL, 1, true] as const;
    await expectRefused(w, { to, by: w.admin, call, error: ['ModelRegistryNoReport', MODEL, 1] });
    await expectRefused(w, { to, by: w.admin, call: ['setApproval', MODEL, 2, true], error: ['ModelRegistryUnknown', MODEL, 2] });
    await send(to, w.by.regulator, 'reportLeakage', MODEL, 1, 3, 400, REPORT);
    const { address } = w.by.trader;
    await expectRefused(w, { to, by: w.by.trader, call, error: ['AccessManagedUnauthorized', address] });
    await pauseFor(w);
    const error = ['EmergencyPauseActive', await view(pause, 'pausedUntil')] as const;
    await expectRefused(w, { to, by: w.admin, call, of: pause, error });
  });
});

describe('ModelRegistry: approval by each provider', () => {
  const byProviders = async () => {
    const found = await reported();
    await send(found.w.contracts.directory, found.w.admin, 'setParameter', code('model-approval'), APPROVED_BY.providers, 0);
    return found;
  };

  it('makes a version usable once every part is approved, and not by the council', async () => {
    const { w, to } = await byProviders();
    const usable = () => view(to, 'isUsable', MODEL, 1);
    await send(to, w.admin, 'setApproval', MODEL, 1, true);
    for (const { dataset, owner } of SCORED) {
      expect(await usable()).to.equal(false);
      expect(await view(to, 'isPartApproved', MODEL, 1, dataset)).to.equal(false);
      const event = ['PartApproved', MODEL, 1, dataset, true] as const;
      await expectEvent(w, { to, by: w.by[owner], call: ['setPartApproval', MODEL, 1, dataset, true], event });
      expect(await view(to, 'isPartApproved', MODEL, 1, dataset)).to.equal(true);
    }
    expect(await usable()).to.equal(true);
  });

  it('can be taken back by a suspended provider while paused', async () => {
    const { w, to } = await byProviders();
    for (const { dataset, owner } of SCORED) await send(to, w.by[owner], 'setPartApproval', MODEL, 1, dataset, true);
    const { dataset, owner } = SCORED[1]!;
    await pauseFor(w);
    await suspend(w, owner);
    const event = ['PartApproved', MODEL, 1, dataset, false] as const;
    await expectEvent(w, { to, by: w.by[owner], call: ['setPartApproval', MODEL, 1, dataset, false], event });
    expect(await view(to, 'isUsable', MODEL, 1)).to.equal(false);
    const error = ['MemberRegistryNotActive', idOf(owner)] as const;
    await expectRefused(w, {
      to,
      by: w.by[owner],
      call: ['setPartApproval', MODEL, 1, dataset, true],
      of: w.contracts.members,
      error,
    });
  });

  it('is refused of other members, for datasets that are no part, and without a report', async () => {
    const { w, to, given } = await byProviders();
    const { dataset } = SCORED[1]!;
    const part = (set: string, version = 1) => ['setPartApproval', MODEL, version, set, true] as const;
    await expectRefused(w, { to, by: w.by.grid, call: part(dataset), error: ['ModelRegistryNotPartOwner', dataset, idOf('grid')] });
    const nowhere = code('nowhere');
    await expectRefused(w, { to, by: w.by.bank, call: part(nowhere), error: ['ModelRegistryUnknownPart', MODEL, 1, nowhere] });
    await expectRefused(w, { to, by: w.by.bank, call: part(dataset, 2), error: ['ModelRegistryUnknown', MODEL, 2] });
    await send(to, w.by.trader, 'register', MODEL, 2, given);
    await expectRefused(w, { to, by: w.by.bank, call: part(dataset, 2), error: ['ModelRegistryNoReport', MODEL, 2] });
  });
});

describe('ModelRegistry: retiring', () => {
  it('ends a version for good, by its owner whatever its status, also while paused', async () => {
    const { w, to } = await reported();
    await send(to, w.admin, 'setApproval', MODEL, 1, true);
    await suspend(w, 'trader');
    await pauseFor(w);
    await expectEvent(w, { to, by: w.by.trader, call: ['retire', MODEL, 1], event: ['ModelRetired', MODEL, 1] });
    expect(await view(to, 'isUsable', MODEL, 1)).to.equal(false);
    await expectRefused(w, { to, by: w.by.trader, call: ['retire', MODEL, 1], error: ['ModelRegistryAlreadyRetired', MODEL, 1] });
    await networkHelpers.time.increase(2n * DAY);
    const error = ['ModelRegistryAlreadyRetired', MODEL, 1] as const;
    await expectRefused(w, { to, by: w.admin, call: ['setApproval', MODEL, 1, true], error });
  });

  it('is refused of others and of unknown versions', async () => {
    const { w, to } = await reported();
    await expectRefused(w, { to, by: w.by.bank, call: ['retire', MODEL, 1], error: ['ModelRegistryNotOwner', MODEL, idOf('bank')] });
    await expectRefused(w, { to, by: w.by.trader, call: ['retire', MODEL, 2], error: ['ModelRegistryUnknown', MODEL, 2] });
  });
});
