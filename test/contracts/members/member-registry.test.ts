import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import {
  admission,
  code,
  ethers,
  idOf,
  latestBlock,
  NOTHING,
  PURPOSE,
  pauseFor,
  ROLE,
  SECTOR,
  STATUS,
  send,
  suspend,
  view,
  type World,
  world,
} from '../helpers/world.ts';

const NEW = code('bank-new');
const REASON = code('late');
const ED25519 = code('ed25519');
const KEY = ethers.id('public key');
const keyHash = (purpose: number, suite: string, data: string): string =>
  ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['uint8', 'bytes32', 'bytes'], [purpose, suite, data]));

describe('MemberRegistry: admission', () => {
  it('admits a member with its keys, active from this block', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const account = w.stranger.address;
    const keys = [
      { purpose: PURPOSE.sign, suite: ED25519, data: KEY },
      { purpose: PURPOSE.seal, suite: code('x25519'), data: KEY },
      { purpose: PURPOSE.note, suite: ED25519, data: KEY },
      { purpose: PURPOSE.tls, suite: code('sha256-spki'), data: KEY },
    ];
    const call = ['admit', NEW, admission(account, { keys })] as const;
    await expectEvent(w, {
      to,
      by: w.admin,
      call,
      event: ['MemberAdmitted', NEW, SECTOR.finance, ROLE.consumer, account, '新行', 'https://new.example'],
    });
    const block = await latestBlock();
    expect(await view(to, 'member', NEW)).to.deep.equal([
      BigInt(SECTOR.finance),
      BigInt(STATUS.active),
      BigInt(ROLE.consumer),
      account,
      '新行',
      'https://new.example',
      BigInt(block),
    ]);
    const kept = keys.map(({ purpose, suite, data }) => [BigInt(purpose), suite, data, BigInt(block), 0n]);
    expect(await view(to, 'keysOf', NEW)).to.deep.equal(kept);
    const added = await to.queryFilter('KeyAdded', block);
    expect(added.map((log) => ('args' in log ? [...log.args] : []))).to.deep.equal(
      keys.map(({ purpose, suite, data }, index) => [NEW, BigInt(index), BigInt(purpose), suite, data, BigInt(block)]),
    );
    expect(await view(to, 'accountsOf', NEW)).to.deep.equal([[account, BigInt(block), 0n]]);
    expect(await view(to, 'memberOf', account)).to.equal(NEW);
    expect(await view(to, 'memberIds')).to.include(NEW);
    expect(await view(to, 'isActiveWith', NEW, ROLE.consumer)).to.equal(true);
    expect(await view(to, 'isActiveWith', NEW, ROLE.consumer | ROLE.provider)).to.equal(false);
  });

  it('answers nothing for the unknown', async () => {
    const w = await world();
    const { members: from } = w.contracts;
    expect(await view(from, 'member', NEW)).to.deep.equal([0n, 0n, 0n, ethers.ZeroAddress, '', '', 0n]);
    expect(await view(from, 'memberOf', w.stranger.address)).to.equal(NOTHING);
    expect(await view(from, 'memberOf', ethers.ZeroAddress)).to.equal(NOTHING);
    expect(await view(from, 'isActive', NEW)).to.equal(false);
  });

  it('refuses bad admissions', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const account = w.stranger.address;
    const used = w.by.bank.address;
    const text = (length: number): string => 'x'.repeat(length);
    const cases: [string, Record<string, unknown>, [string, ...unknown[]]][] = [
      [code('Bank'), {}, ['MemberRegistryInvalidCode', code('Bank')]],
      [NOTHING, {}, ['MemberRegistryInvalidCode', NOTHING]],
      [idOf('bank'), {}, ['MemberRegistryExists', idOf('bank')]],
      [NEW, { sector: SECTOR.none }, ['MemberRegistryInvalidSector']],
      [NEW, { roles: 0 }, ['MemberRegistryInvalidRoles', 0]],
      [NEW, { roles: 128 }, ['MemberRegistryInvalidRoles', 128]],
      [NEW, { name: '' }, ['MemberRegistryInvalidName', 0]],
      [NEW, { name: text(257) }, ['MemberRegistryInvalidName', 257]],
      [NEW, { endpoint: text(513) }, ['MemberRegistryInvalidEndpoint', 513]],
      [NEW, { account: ethers.ZeroAddress }, ['MemberRegistryInvalidAccount', ethers.ZeroAddress]],
      [NEW, { account: used }, ['MemberRegistryAccountTaken', used, idOf('bank')]],
    ];
    for (const [id, change, error] of cases) {
      await expectRefused(w, { to, by: w.admin, call: ['admit', id, admission(account, change)], error });
    }
  });

  it('refuses codes that are not short left-aligned ASCII', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const bad = ['0x00'.padEnd(66, '61'), `0x610061${'00'.repeat(29)}`, `0x${'61'.repeat(32)}`, code('a_b'), code('a b'), code('中')];
    for (const id of bad) {
      await expectRefused(w, {
        to,
        by: w.admin,
        call: ['admit', id, admission(w.stranger.address)],
        error: ['MemberRegistryInvalidCode', id],
      });
    }
    const longest = code('a-0.'.repeat(7).concat('xyz'));
    await expectEvent(w, { to, by: w.admin, call: ['admit', longest, admission(w.stranger.address)], event: ['MemberAdmitted'] });
  });

  it('refuses admission while paused', async () => {
    const w = await world();
    await pauseFor(w);
    await expectRefused(w, {
      to: w.contracts.members,
      by: w.admin,
      call: ['admit', NEW, admission(w.stranger.address)],
      of: w.contracts.pause,
      error: ['EmergencyPauseActive', await view(w.contracts.pause, 'pausedUntil')],
    });
  });

  it('lets only the admin admit, change roles, suspend, resume and remove', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    for (const by of [w.stranger, w.by.bank]) {
      const calls: [string, ...unknown[]][] = [
        ['admit', NEW, admission(w.spare.address)],
        ['setRoles', idOf('grid'), ROLE.consumer],
        ['suspend', idOf('grid'), REASON],
        ['resume', idOf('grid')],
        ['remove', idOf('grid')],
      ];
      for (const call of calls) await expectRefused(w, { to, by, call, error: ['AccessManagedUnauthorized', by.address] });
    }
  });
});

describe('MemberRegistry: status and roles', () => {
  const statusOf = async ({ contracts }: World): Promise<unknown> => (await view(contracts.members, 'member', idOf('grid'))).status;

  it('suspends, resumes and removes, each from its block on', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const id = idOf('grid');
    await expectEvent(w, { to, by: w.admin, call: ['suspend', id, REASON], event: ['MemberSuspended', id, REASON] });
    expect(await statusOf(w)).to.equal(STATUS.suspended);
    expect((await view(to, 'member', id)).sinceBlock).to.equal(await latestBlock());
    expect(await view(to, 'isActive', id)).to.equal(false);
    await expectRefused(w, { to, by: w.admin, call: ['suspend', id, REASON], error: ['MemberRegistryWrongStatus', id, STATUS.suspended] });
    await expectEvent(w, { to, by: w.admin, call: ['resume', id], event: ['MemberResumed', id] });
    expect(await statusOf(w)).to.equal(STATUS.active);
    await expectRefused(w, { to, by: w.admin, call: ['resume', id], error: ['MemberRegistryWrongStatus', id, STATUS.active] });
    await suspend(w, 'grid');
    await expectEvent(w, { to, by: w.admin, call: ['remove', id], event: ['MemberRemoved', id] });
    expect(await statusOf(w)).to.equal(STATUS.left);
    expect(await view(to, 'memberOf', w.by.grid.address)).to.equal(id);
  });

  it('takes nobody back who left, nor acts on the unknown', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const id = idOf('grid');
    await send(to, w.admin, 'remove', id);
    const calls: [string, ...unknown[]][] = [
      ['setRoles', id, 1],
      ['suspend', id, REASON],
      ['resume', id],
      ['remove', id],
    ];
    for (const call of calls) {
      await expectRefused(w, { to, by: w.admin, call, error: ['MemberRegistryWrongStatus', id, STATUS.left] });
      const unknown = [call[0], NEW, ...call.slice(2)] as const;
      await expectRefused(w, { to, by: w.admin, call: unknown, error: ['MemberRegistryWrongStatus', NEW, STATUS.none] });
    }
    await expectRefused(w, { to, by: w.admin, call: ['admit', id, admission(w.spare.address)], error: ['MemberRegistryExists', id] });
  });

  it('replaces roles, also of a suspended member', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const id = idOf('grid');
    await suspend(w, 'grid');
    await expectEvent(w, { to, by: w.admin, call: ['setRoles', id, ROLE.auditor], event: ['RolesChanged', id, ROLE.auditor] });
    expect((await view(to, 'member', id)).roles).to.equal(ROLE.auditor);
    for (const roles of [0, 128]) {
      await expectRefused(w, { to, by: w.admin, call: ['setRoles', id, roles], error: ['MemberRegistryInvalidRoles', roles] });
    }
  });

  it('goes on suspending while paused', async () => {
    const w = await world();
    await pauseFor(w);
    const id = idOf('bank');
    await expectEvent(w, { to: w.contracts.members, by: w.admin, call: ['suspend', id, REASON], event: ['MemberSuspended', id, REASON] });
  });
});

describe("MemberRegistry: the member's own", () => {
  it('changes the endpoint, also to none', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    for (const endpoint of ['https://elsewhere.example', '']) {
      await expectEvent(w, { to, by: w.by.bank, call: ['setEndpoint', endpoint], event: ['EndpointChanged', idOf('bank'), endpoint] });
      expect((await view(to, 'member', idOf('bank'))).endpoint).to.equal(endpoint);
    }
    await expectRefused(w, { to, by: w.by.bank, call: ['setEndpoint', 'x'.repeat(513)], error: ['MemberRegistryInvalidEndpoint', 513] });
  });

  it('adds and retires keys, and keeps their history', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const id = idOf('bank');
    const pin = code('sha256-spki');
    const [one, two] = [ethers.id('pin 1'), ethers.id('pin 2')];
    await send(to, w.by.bank, 'addKey', PURPOSE.tls, pin, one);
    const first = BigInt(await latestBlock());
    const call = ['addKey', PURPOSE.tls, pin, two] as const;
    await expectEvent(w, { to, by: w.by.bank, call, event: ['KeyAdded', id, 1, PURPOSE.tls, pin, two, first + 1n] });
    await expectEvent(w, { to, by: w.by.bank, call: ['retireKey', 0], event: ['KeyRetired', id, 0, first + 2n] });
    expect(await view(to, 'keysOf', id)).to.deep.equal([
      [BigInt(PURPOSE.tls), pin, one, first, first + 2n],
      [BigInt(PURPOSE.tls), pin, two, first + 1n, 0n],
    ]);
    await expectRefused(w, { to, by: w.by.bank, call: ['retireKey', 0], error: ['MemberRegistryKeyAlreadyRetired', id, 0] });
    await expectRefused(w, { to, by: w.by.bank, call: ['retireKey', 2], error: ['MemberRegistryUnknownKey', id, 2] });
  });

  it('refuses malformed keys', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const bytes = (length: number): string => ethers.hexlify(new Uint8Array(length).fill(7));
    const cases: [number, string, number][] = [
      [PURPOSE.none, ED25519, 32],
      [PURPOSE.sign, code('a b'), 32],
      [PURPOSE.sign, ED25519, 31],
      [PURPOSE.seal, code('x25519'), 33],
      [PURPOSE.tls, code('sha256-spki'), 0],
      [PURPOSE.sign, code('sm2'), 0],
      [PURPOSE.sign, code('sm2'), 1025],
    ];
    for (const [purpose, suite, length] of cases) {
      const call = ['addKey', purpose, suite, bytes(length)] as const;
      await expectRefused(w, { to, by: w.by.bank, call, error: ['MemberRegistryInvalidKey', purpose, suite, length] });
    }
    await expectEvent(w, { to, by: w.by.bank, call: ['addKey', PURPOSE.sign, code('sm2'), bytes(1024)], event: ['KeyAdded'] });
  });

  it('never takes a key twice, from no member, retired or not', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const call = ['addKey', PURPOSE.sign, ED25519, KEY] as const;
    const error = ['MemberRegistryKeyTaken', keyHash(PURPOSE.sign, ED25519, KEY), idOf('bank')] as const;
    await send(to, w.by.bank, ...call);
    await expectRefused(w, { to, by: w.by.bank, call, error });
    await expectRefused(w, { to, by: w.by.grid, call, error });
    await send(to, w.by.bank, 'retireKey', 0);
    await expectRefused(w, { to, by: w.by.bank, call, error });
  });

  it('rotates the account; the former one is worth nothing and is not reused', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    const id = idOf('bank');
    const [from, next] = [w.by.bank.address, w.spare.address];
    const admitted = (await view(to, 'accountsOf', id))[0][1];
    await expectEvent(w, { to, by: w.by.bank, call: ['rotateAccount', next], event: ['AccountRotated', id, from, next] });
    const block = BigInt(await latestBlock());
    expect(await view(to, 'memberOf', next)).to.equal(id);
    expect(await view(to, 'memberOf', from)).to.equal(NOTHING);
    expect(await view(to, 'accountsOf', id)).to.deep.equal([
      [from, admitted, block],
      [next, block, 0n],
    ]);
    await expectRefused(w, { to, by: w.by.bank, call: ['setEndpoint', ''], error: ['MemberRegistryUnknownAccount', from] });
    await expectRefused(w, { to, by: w.spare, call: ['rotateAccount', from], error: ['MemberRegistryAccountTaken', from, id] });
    await expectRefused(w, { to, by: w.by.grid, call: ['rotateAccount', next], error: ['MemberRegistryAccountTaken', next, id] });
    const zero = ethers.ZeroAddress;
    await expectRefused(w, { to, by: w.by.grid, call: ['rotateAccount', zero], error: ['MemberRegistryInvalidAccount', zero] });
  });

  it('is closed to strangers and to the suspended', async () => {
    const w = await world();
    const { members: to } = w.contracts;
    await suspend(w, 'bank');
    const calls: [string, ...unknown[]][] = [
      ['setEndpoint', ''],
      ['addKey', PURPOSE.sign, ED25519, KEY],
      ['retireKey', 0],
      ['rotateAccount', w.spare.address],
    ];
    for (const call of calls) {
      await expectRefused(w, { to, by: w.stranger, call, error: ['MemberRegistryUnknownAccount', w.stranger.address] });
      await expectRefused(w, { to, by: w.by.bank, call, error: ['MemberRegistryNotActive', idOf('bank')] });
    }
  });
});
