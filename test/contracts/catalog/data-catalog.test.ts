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

const NEW = code('bank.loans');
const SCHEMA = ethers.id('schema 1');
const TERMS = ethers.id('terms 1');
const [DATE, AMOUNT] = [FIELDS[0][0], FIELDS[1][0]];
const EXTRA = code('reason');
const REASON = code('public since 2026');
const COMMITMENT = { name: code('records'), suite: code('rfc6962-sha256'), root: ethers.id('root'), size: 7 };
const field = (name: string, grade: number) => ({ name, grade });
const policy = (change: Record<string, unknown> = {}) => ({
  active: true,
  sectors: 1 << SECTOR.finance,
  purposes: [code('P01')],
  operations: OPERATION.raw,
  maxDuration: 30n * DAY,
  quota: 100,
  ...change,
});
const asArray = (value: Record<string, unknown>): unknown[] => Object.values(value);

/** Each change of a dataset, as its owner would make it. */
const CHANGES: readonly (readonly [string, ...unknown[]])[] = [
  ['setPrice', DATASET, 250],
  ['setPolicy', DATASET, policy()],
  ['amendFields', DATASET, SCHEMA, [field(DATE, 3)]],
  ['regrade', DATASET, AMOUNT, 1, REASON, idOf('regulator'), '0x'],
  ['publishVersion', DATASET, 1, SCHEMA, [COMMITMENT], 0],
  ['setTerms', DATASET, SHARE.open, OPERATION.raw, TERMS],
  ['retire', DATASET],
];

describe('DataCatalog: registration', () => {
  it('registers a dataset of an active provider', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const owner = idOf('bank');
    const { chainId } = await ethers.provider.getNetwork();
    const registered = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['uint256', 'bytes32', 'bytes32'], [chainId, owner, NEW]));
    const call = ['register', NEW, registration({ title: '贷款' })] as const;
    const operations = OPERATION.raw | OPERATION.score;
    await expectEvent(w, {
      to,
      by: w.by.bank,
      call,
      event: ['DatasetRegistered', NEW, owner, '贷款', code('records'), SHARE.conditional, operations, SCHEMA, TERMS, registered],
    });
    const [set] = await to.queryFilter('FieldsSet', await latestBlock());
    expect(set && 'args' in set && [...set.args]).to.deep.equal([NEW, SCHEMA, FIELDS.map(([name, grade]) => [name, BigInt(grade)]), 3n]);
    expect(await view(to, 'dataset', NEW)).to.deep.equal([
      owner,
      '贷款',
      code('records'),
      BigInt(SHARE.conditional),
      BigInt(operations),
      SCHEMA,
      TERMS,
      0n,
      3n,
      0n,
      false,
      registered,
    ]);
    expect(await view(to, 'datasetIds')).to.deep.equal([DATASET, NEW]);
    expect(await view(to, 'fields', NEW)).to.deep.equal(FIELDS.map(([name, grade]) => [name, BigInt(grade)]));
    expect(await view(to, 'gradeOf', NEW, AMOUNT)).to.equal(3);
    expect(await view(to, 'gradeOf', NEW, EXTRA)).to.equal(0);
  });

  it('refuses what is malformed or taken', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const many = Array.from({ length: 129 }, (_, i) => field(code(`f${i}`), 1));
    const cases: [string, Record<string, unknown>, [string, ...unknown[]]][] = [
      [code('Bank'), {}, ['DataCatalogInvalidCode', code('Bank')]],
      [DATASET, {}, ['DataCatalogExists', DATASET]],
      [NEW, { title: '' }, ['DataCatalogInvalidTitle', 0]],
      [NEW, { title: 'x'.repeat(257) }, ['DataCatalogInvalidTitle', 257]],
      [NEW, { kind: NOTHING }, ['DataCatalogInvalidCode', NOTHING]],
      [NEW, { shareClass: SHARE.none }, ['DataCatalogInvalidShareClass']],
      [NEW, { operations: 0 }, ['DataCatalogInvalidOperations', 0]],
      [NEW, { operations: 16 }, ['DataCatalogInvalidOperations', 16]],
      [NEW, { fields: [] }, ['DataCatalogInvalidFields', 0]],
      [NEW, { fields: many }, ['DataCatalogInvalidFields', 129]],
      [NEW, { fields: [field(code('a_b'), 1)] }, ['DataCatalogInvalidCode', code('a_b')]],
      [NEW, { fields: [field(DATE, 0)] }, ['DataCatalogInvalidGrade', DATE, 0]],
      [NEW, { fields: [field(DATE, 6)] }, ['DataCatalogInvalidGrade', DATE, 6]],
      [NEW, { fields: [field(DATE, 1), field(DATE, 2)] }, ['DataCatalogDuplicate', DATE]],
    ];
    for (const [id, change, error] of cases) {
      await expectRefused(w, { to, by: w.by.bank, call: ['register', id, registration(change)], error });
    }
  });

  it('is for active providers', async () => {
    const w = await world();
    const { catalog: to, members: of } = w.contracts;
    const call = ['register', NEW, registration()] as const;
    const { address } = w.stranger;
    await expectRefused(w, { to, by: w.stranger, call, of, error: ['MemberRegistryUnknownAccount', address] });
    await expectRefused(w, { to, by: w.by.trader, call, of, error: ['MemberRegistryMissingRole', idOf('trader'), ROLE.provider] });
    await suspend(w, 'bank');
    await expectRefused(w, { to, by: w.by.bank, call, of, error: ['MemberRegistryNotActive', idOf('bank')] });
  });
});

describe('DataCatalog: who may change a dataset', () => {
  it('is its owner and nobody else', async () => {
    const w = await world();
    const { catalog: to, members } = w.contracts;
    for (const call of CHANGES) {
      await expectRefused(w, { to, by: w.by.bank, call, error: ['DataCatalogNotOwner', DATASET, idOf('bank')] });
      const { address } = w.stranger;
      await expectRefused(w, { to, by: w.stranger, call, of: members, error: ['MemberRegistryUnknownAccount', address] });
      const unknown = [call[0], NEW, ...call.slice(2)] as const;
      await expectRefused(w, { to, by: w.by.registry, call: unknown, error: ['DataCatalogUnknown', NEW] });
    }
  });

  it('is an owner that is active', async () => {
    const w = await world();
    const { catalog: to, members: of } = w.contracts;
    await suspend(w, 'registry');
    for (const call of CHANGES) {
      await expectRefused(w, { to, by: w.by.registry, call, of, error: ['MemberRegistryNotActive', idOf('registry')] });
    }
  });

  it('is nobody while paused, except to retire it', async () => {
    const w = await world();
    const { catalog: to, pause: of } = w.contracts;
    await pauseFor(w);
    const error = ['EmergencyPauseActive', await view(of, 'pausedUntil')] as const;
    for (const call of CHANGES.slice(0, -1)) await expectRefused(w, { to, by: w.by.registry, call, of, error });
    await expectRefused(w, { to, by: w.by.bank, call: ['register', NEW, registration()], of, error });
    await expectEvent(w, { to, by: w.by.registry, call: ['retire', DATASET], event: ['DatasetRetired', DATASET] });
  });

  it('is nobody once it is retired', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    await expectEvent(w, { to, by: w.by.registry, call: ['retire', DATASET], event: ['DatasetRetired', DATASET] });
    expect((await view(to, 'dataset', DATASET)).retired).to.equal(true);
    for (const call of CHANGES) await expectRefused(w, { to, by: w.by.registry, call, error: ['DataCatalogRetired', DATASET] });
  });
});

describe('DataCatalog: price, terms and policy', () => {
  it('sets the price in 分', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    await expectEvent(w, { to, by: w.by.registry, call: ['setPrice', DATASET, 250], event: ['PriceSet', DATASET, 250] });
    expect((await view(to, 'dataset', DATASET)).priceFen).to.equal(250);
  });

  it('replaces the terms', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const next = [SHARE.withheld, OPERATION.verify, ethers.id('terms 2')] as const;
    await expectEvent(w, { to, by: w.by.registry, call: ['setTerms', DATASET, ...next], event: ['TermsSet', DATASET, ...next] });
    const { shareClass, operations, termsHash } = await view(to, 'dataset', DATASET);
    expect([shareClass, operations, termsHash]).to.deep.equal([BigInt(next[0]), BigInt(next[1]), next[2]]);
    await expectRefused(w, { to, by: w.by.registry, call: ['setTerms', DATASET, 0, 1, TERMS], error: ['DataCatalogInvalidShareClass'] });
    for (const operations of [0, 16]) {
      const call = ['setTerms', DATASET, SHARE.open, operations, TERMS] as const;
      await expectRefused(w, { to, by: w.by.registry, call, error: ['DataCatalogInvalidOperations', operations] });
    }
  });

  it('sets and ends a policy', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const none = { active: false, sectors: 0, purposes: [], operations: 0, maxDuration: 0n, quota: 0 };
    for (const given of [policy(), none]) {
      const kept = asArray(given).map((value) => (typeof value === 'number' ? BigInt(value) : value));
      await expectEvent(w, { to, by: w.by.registry, call: ['setPolicy', DATASET, given], event: ['PolicySet', DATASET, kept] });
      expect(await view(to, 'policy', DATASET)).to.deep.equal(kept);
    }
  });

  it('refuses a policy that grants nothing, or more than there is', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const invalid: Record<string, unknown>[] = [{ sectors: 0 }, { sectors: 1 }, { sectors: 32 }, { purposes: [] }, { operations: 0 }];
    invalid.push({ maxDuration: 0 }, { purposes: Array.from({ length: 129 }, (_, i) => code(`P${i}`)) });
    for (const change of invalid) {
      await expectRefused(w, { to, by: w.by.registry, call: ['setPolicy', DATASET, policy(change)], error: ['DataCatalogInvalidPolicy'] });
    }
    const operations = OPERATION.sandbox;
    const wide = ['setPolicy', DATASET, policy({ operations })] as const;
    await expectRefused(w, { to, by: w.by.registry, call: wide, error: ['DataCatalogInvalidOperations', operations] });
    const unnamed = ['setPolicy', DATASET, policy({ active: false, purposes: [NOTHING] })] as const;
    await expectRefused(w, { to, by: w.by.registry, call: unnamed, error: ['DataCatalogInvalidCode', NOTHING] });
  });
});

describe('DataCatalog: fields and grades', () => {
  it('adds, drops and raises; the dataset has the highest grade', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const next = [field(EXTRA, 5), field(DATE, 3)];
    const schema = ethers.id('schema 2');
    const kept = next.map(({ name, grade }) => [name, BigInt(grade)]);
    const call = ['amendFields', DATASET, schema, next] as const;
    await expectEvent(w, { to, by: w.by.registry, call, event: ['FieldsSet', DATASET, schema, kept, 5] });
    expect(await view(to, 'fields', DATASET)).to.deep.equal(kept);
    expect(await view(to, 'gradeOf', DATASET, AMOUNT)).to.equal(0);
    const { grade, schemaHash } = await view(to, 'dataset', DATASET);
    expect([grade, schemaHash]).to.deep.equal([5n, schema]);
  });

  it('never lowers a grade, nor by dropping the field in between', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const lower = ['amendFields', DATASET, SCHEMA, [field(AMOUNT, 2)]] as const;
    const error = ['DataCatalogGradeLowered', DATASET, AMOUNT, 3, 2] as const;
    await expectRefused(w, { to, by: w.by.registry, call: lower, error });
    await send(to, w.by.registry, 'amendFields', DATASET, SCHEMA, [field(DATE, 2)]);
    await expectRefused(w, { to, by: w.by.registry, call: lower, error });
    await expectRefused(w, { to, by: w.by.registry, call: ['amendFields', DATASET, SCHEMA, []], error: ['DataCatalogInvalidFields', 0] });
  });

  /** Signs the lowering of AMOUNT by the regulator, with some words changed. */
  const approval = async (w: World, change: Record<string, unknown> = {}): Promise<string> => {
    const message = { dataset: DATASET, field: AMOUNT, from: 3, to: 1, reason: REASON, nonce: 0, ...change };
    return sign(w.by.regulator, 'regrade', w.contracts.catalog, message);
  };
  const regrade = (signature: string, change: { field?: string; to?: number; approver?: string } = {}) =>
    ['regrade', DATASET, change.field ?? AMOUNT, change.to ?? 1, REASON, change.approver ?? idOf('regulator'), signature] as const;

  it("lowers with a regulator's signature", async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const message = { dataset: DATASET, field: AMOUNT, from: 3, to: 1, reason: REASON, nonce: 0 };
    expect(await view(to, 'hashRegrade', DATASET, AMOUNT, 1, REASON)).to.equal(await digest('regrade', to, message));
    const event = ['Regraded', DATASET, AMOUNT, 3, 1, REASON, idOf('regulator')] as const;
    await expectEvent(w, { to, by: w.by.registry, call: regrade(await approval(w)), event });
    expect(await view(to, 'gradeOf', DATASET, AMOUNT)).to.equal(1);
    expect((await view(to, 'dataset', DATASET)).grade).to.equal(2);
    expect(await view(to, 'fields', DATASET)).to.deep.equal([
      [DATE, 2n],
      [AMOUNT, 1n],
    ]);
    expect(await view(to, 'regradeNonce', DATASET)).to.equal(1);
    await send(to, w.by.registry, 'amendFields', DATASET, SCHEMA, [field(AMOUNT, 1)]);
  });

  it('takes each approval once, for what it says', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const error = ['DataCatalogInvalidSignature', w.by.regulator.address] as const;
    const others = [{ to: 2 }, { from: 2 }, { field: DATE }, { dataset: NEW }, { reason: NOTHING }, { nonce: 1 }];
    for (const change of others) await expectRefused(w, { to, by: w.by.registry, call: regrade(await approval(w, change)), error });
    await expectRefused(w, { to, by: w.by.registry, call: regrade('0x'), error });
    const used = await approval(w);
    await send(to, w.by.registry, ...regrade(used));
    await send(to, w.by.registry, 'amendFields', DATASET, SCHEMA, [field(AMOUNT, 3)]);
    await expectRefused(w, { to, by: w.by.registry, call: regrade(used), error });
  });

  it('takes approvals of active regulators other than the owner', async () => {
    const w = await world();
    const { catalog: to, members } = w.contracts;
    const signature = await approval(w);
    const own = regrade(signature, { approver: idOf('registry') });
    await expectRefused(w, { to, by: w.by.registry, call: own, error: ['DataCatalogOwnApproval', DATASET, idOf('registry')] });
    const wrong = regrade(signature, { approver: idOf('bank') });
    const missing = ['MemberRegistryMissingRole', idOf('bank'), ROLE.regulator] as const;
    await expectRefused(w, { to, by: w.by.registry, call: wrong, of: members, error: missing });
    await suspend(w, 'regulator');
    const inactive = ['MemberRegistryNotActive', idOf('regulator')] as const;
    await expectRefused(w, { to, by: w.by.registry, call: regrade(signature), of: members, error: inactive });
  });

  it('does not raise by approval, nor lower to nothing', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    for (const grade of [3, 4]) {
      const call = regrade('0x', { to: grade });
      await expectRefused(w, { to, by: w.by.registry, call, error: ['DataCatalogGradeNotLowered', DATASET, AMOUNT, 3, grade] });
    }
    await expectRefused(w, { to, by: w.by.registry, call: regrade('0x', { to: 0 }), error: ['DataCatalogInvalidGrade', AMOUNT, 0] });
    const unknown = regrade('0x', { field: EXTRA });
    await expectRefused(w, { to, by: w.by.registry, call: unknown, error: ['DataCatalogUnknownField', DATASET, EXTRA] });
  });
});

describe('DataCatalog: versions', () => {
  const publish = (number: number, commitments: unknown[] = [COMMITMENT], schema = SCHEMA) =>
    ['publishVersion', DATASET, number, schema, commitments, 1_790_000_000] as const;

  it('publishes one after the other, and keeps all', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const features = { ...COMMITMENT, name: code('features'), root: ethers.id('other') };
    const kept = [COMMITMENT, features].map(({ name, suite, root, size }) => [name, suite, root, BigInt(size)]);
    const call = publish(1, [COMMITMENT, features]);
    await expectEvent(w, { to, by: w.by.registry, call, event: ['VersionPublished', DATASET, 1, SCHEMA, kept, 1_790_000_000] });
    const block = BigInt(await latestBlock());
    await send(to, w.by.registry, ...publish(2));
    expect(await view(to, 'version', DATASET, 1)).to.deep.equal([SCHEMA, kept, 1_790_000_000n, block]);
    expect((await view(to, 'version', DATASET, 2)).commitments).to.deep.equal([kept[0]]);
    expect(await view(to, 'version', DATASET, 3)).to.deep.equal([NOTHING, [], 0n, 0n]);
    expect((await view(to, 'dataset', DATASET)).version).to.equal(2);
  });

  it('refuses a wrong number, another schema, and bad commitments', async () => {
    const w = await world();
    const { catalog: to } = w.contracts;
    const schema = ethers.id('schema 2');
    const cases: [readonly [string, ...unknown[]], readonly [string, ...unknown[]]][] = [
      [publish(0), ['DataCatalogWrongVersion', DATASET, 1, 0]],
      [publish(2), ['DataCatalogWrongVersion', DATASET, 1, 2]],
      [publish(1, [COMMITMENT], schema), ['DataCatalogWrongSchema', DATASET, SCHEMA, schema]],
      [publish(1, []), ['DataCatalogInvalidCommitment', NOTHING]],
      [
        publish(
          1,
          Array.from({ length: 129 }, () => COMMITMENT),
        ),
        ['DataCatalogInvalidCommitment', NOTHING],
      ],
      [publish(1, [{ ...COMMITMENT, name: NOTHING }]), ['DataCatalogInvalidCode', NOTHING]],
      [publish(1, [{ ...COMMITMENT, suite: NOTHING }]), ['DataCatalogInvalidCode', NOTHING]],
      [publish(1, [{ ...COMMITMENT, root: NOTHING }]), ['DataCatalogInvalidCommitment', COMMITMENT.name]],
      [publish(1, [COMMITMENT, COMMITMENT]), ['DataCatalogDuplicate', COMMITMENT.name]],
    ];
    for (const [call, error] of cases) await expectRefused(w, { to, by: w.by.registry, call, error });
  });
});
