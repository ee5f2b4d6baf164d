import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import {
  admission,
  COUNCIL_SETTINGS,
  code,
  DAY,
  ethers,
  idOf,
  networkHelpers,
  nextTime,
  pauseFor,
  ROLE,
  send,
  suspend,
  view,
  type World,
  world,
} from '../helpers/world.ts';

const STATE = { none: 0, open: 1, passed: 2, executed: 3, expired: 4 } as const;
const { delay, votingPeriod, window } = COUNCIL_SETTINGS;
const REASON = code('fraud');

/** The calls of a proposal to suspend the trader. */
const suspension = async ({ contracts }: World) => {
  const data = contracts.members.interface.encodeFunctionData('suspend', [idOf('trader'), REASON]);
  return { targets: [await contracts.members.getAddress()], data: [data] };
};

/** A world in which the council is the admin and nobody else, as after the founding. */
const governed = async (): Promise<World> => {
  const w = await world();
  await send(w.authority, w.admin, 'grantRole', 0, await w.contracts.council.getAddress(), 0);
  await send(w.authority, w.admin, 'renounceRole', 0, w.admin.address);
  return w;
};

const propose = async (w: World, targets: string[], data: string[]): Promise<bigint> => {
  await send(w.contracts.council, w.by.bank, 'propose', targets, data, '建议');
  return view(w.contracts.council, 'proposalCount');
};

const proposeSuspension = async (w: World): Promise<bigint> => {
  const { targets, data } = await suspension(w);
  return propose(w, targets, data);
};

const vote = async (w: World, id: bigint, ...seats: HardhatEthersSigner[]): Promise<void> => {
  for (const seat of seats) await send(w.contracts.council, seat, 'vote', id, true);
};

const stateOf = async (w: World, id: bigint): Promise<bigint> => (await view(w.contracts.council, 'proposal', id)).state;

/** Votes a proposal through and executes it. */
const carry = async (w: World, targets: string[], data: string[]): Promise<void> => {
  const id = await propose(w, targets, data);
  await vote(w, id, w.by.bank, w.by.grid);
  await networkHelpers.time.increase(delay);
  await send(w.contracts.council, w.by.bank, 'execute', id);
};

describe('Council: a proposal', () => {
  it('passes with a quorum of two sectors, waits, and is executed as the admin', async () => {
    const w = await governed();
    const { council: to, members } = w.contracts;
    const { targets, data } = await suspension(w);
    const proposed = await nextTime();
    await expectEvent(w, {
      to,
      by: w.by.bank,
      call: ['propose', targets, data, '停牌'],
      event: ['Proposed', 1, idOf('bank'), targets, data, '停牌', proposed + votingPeriod],
    });
    await expectEvent(w, { to, by: w.by.bank, call: ['vote', 1, true], event: ['Voted', 1, idOf('bank'), true] });
    await expectEvent(w, { to, by: w.by.regulator, call: ['vote', 1, false], event: ['Voted', 1, idOf('regulator'), false] });
    expect(await stateOf(w, 1n)).to.equal(STATE.open);
    const passed = await nextTime();
    await expectEvent(w, { to, by: w.by.grid, call: ['vote', 1, true], event: ['Passed', 1, passed + delay, passed + delay + window] });
    expect(await stateOf(w, 1n)).to.equal(STATE.passed);
    await networkHelpers.time.increase(delay);
    const call = ['execute', 1] as const;
    await expectEvent(w, { to, by: w.by.registry, call, event: ['MemberSuspended', idOf('trader'), REASON], of: members });
    expect(await view(members, 'isActive', idOf('trader'))).to.equal(false);
    const proposal = await view(to, 'proposal', 1);
    expect(proposal.toArray()).to.deep.equal([
      idOf('bank'),
      targets,
      data,
      '停牌',
      [idOf('bank'), idOf('grid')],
      [idOf('regulator')],
      proposed + votingPeriod,
      passed + delay,
      passed + delay + window,
      BigInt(STATE.executed),
    ]);
    const [executed] = await to.queryFilter('Executed');
    expect(executed && 'args' in executed && [...executed.args]).to.deep.equal([1n, idOf('registry')]);
    await expectRefused(w, { to, by: w.by.bank, call: ['execute', 1], error: ['CouncilAlreadyExecuted', 1] });
  });

  it('does not pass by one sector alone, however many seats it has', async () => {
    const w = await governed();
    const id = await proposeSuspension(w);
    await vote(w, id, w.by.registry, w.by.regulator);
    expect(await stateOf(w, id)).to.equal(STATE.open);
    await networkHelpers.time.increase(delay);
    const { council: to } = w.contracts;
    await expectRefused(w, { to, by: w.by.bank, call: ['execute', id], error: ['CouncilNotPassed', id, 2, 1] });
  });

  it('does not pass below the quorum', async () => {
    const w = await governed();
    const id = await proposeSuspension(w);
    await vote(w, id, w.by.bank);
    await networkHelpers.time.increase(votingPeriod);
    expect(await stateOf(w, id)).to.equal(STATE.expired);
    const { council: to } = w.contracts;
    const closed = (await view(to, 'proposal', id)).votesUntil;
    await expectRefused(w, { to, by: w.by.grid, call: ['vote', id, true], error: ['CouncilVotingClosed', id, closed] });
    await expectRefused(w, { to, by: w.by.bank, call: ['execute', id], error: ['CouncilNotPassed', id, 1, 1] });
  });

  it('is executed neither before its delay nor after its window', async () => {
    const w = await governed();
    const { council: to } = w.contracts;
    const id = await proposeSuspension(w);
    await vote(w, id, w.by.bank, w.by.grid);
    const { executableFrom, executableUntil } = await view(to, 'proposal', id);
    const call = ['execute', id] as const;
    await networkHelpers.time.setNextBlockTimestamp(executableFrom - 1n);
    await expectRefused(w, { to, by: w.by.bank, call, error: ['CouncilTooEarly', id, executableFrom] });
    await networkHelpers.time.setNextBlockTimestamp(executableUntil);
    await expectRefused(w, { to, by: w.by.bank, call, error: ['CouncilExpired', id, executableUntil] });
    expect(await stateOf(w, id)).to.equal(STATE.expired);
  });

  it('no longer counts the votes of seats lost since; further votes can replace them', async () => {
    const w = await world();
    const { council: to, members } = w.contracts;
    await send(w.authority, w.admin, 'grantRole', 0, await to.getAddress(), 0);
    const id = await proposeSuspension(w);
    await vote(w, id, w.by.bank, w.by.grid);
    await suspend(w, 'grid');
    await networkHelpers.time.increase(delay);
    await expectRefused(w, { to, by: w.by.bank, call: ['execute', id], error: ['CouncilNotPassed', id, 1, 1] });
    await vote(w, id, w.by.registry);
    await expectEvent(w, { to, by: w.by.bank, call: ['execute', id], event: ['MemberSuspended'], of: members });
  });

  it('makes all its calls or none, and passes on why', async () => {
    const w = await governed();
    const { council: to, members } = w.contracts;
    const { targets, data } = await suspension(w);
    const id = await propose(w, [...targets, ...targets], [...data, ...data]);
    await vote(w, id, w.by.bank, w.by.grid);
    await networkHelpers.time.increase(delay);
    const error = ['MemberRegistryWrongStatus', idOf('trader'), 2] as const;
    await expectRefused(w, { to, by: w.by.bank, call: ['execute', id], of: members, error });
    expect(await stateOf(w, id)).to.equal(STATE.passed);
  });
});

describe('Council: seats', () => {
  it('are the active members with the role', async () => {
    const w = await world();
    const { council: from } = w.contracts;
    expect(await view(from, 'seats')).to.deep.equal([idOf('registry'), idOf('regulator'), idOf('bank'), idOf('grid')]);
    await suspend(w, 'regulator');
    await send(w.contracts.members, w.admin, 'setRoles', idOf('trader'), ROLE.council);
    expect(await view(from, 'seats')).to.deep.equal([idOf('registry'), idOf('bank'), idOf('grid'), idOf('trader')]);
  });

  it('alone propose, vote once, and execute', async () => {
    const w = await world();
    const { council: to } = w.contracts;
    const { targets, data } = await suspension(w);
    const id = await proposeSuspension(w);
    await vote(w, id, w.by.bank, w.by.grid);
    await networkHelpers.time.increase(delay);
    await suspend(w, 'regulator');
    for (const by of [w.stranger, w.by.trader, w.by.regulator, w.admin]) {
      const calls: [string, ...unknown[]][] = [
        ['propose', targets, data, ''],
        ['vote', id, true],
        ['execute', id],
      ];
      for (const call of calls) await expectRefused(w, { to, by, call, error: ['CouncilNotASeat', by.address] });
    }
    const twice = ['CouncilAlreadyVoted', id, idOf('bank')] as const;
    await expectRefused(w, { to, by: w.by.bank, call: ['vote', id, false], error: twice });
  });

  it('do not propose nothing, nor vote on what is unknown', async () => {
    const w = await world();
    const { council: to } = w.contracts;
    const { targets, data } = await suspension(w);
    await expectRefused(w, { to, by: w.by.bank, call: ['propose', [], [], ''], error: ['CouncilInvalidProposal', 0, 0] });
    const lopsided = ['propose', targets, [...data, ...data], ''] as const;
    await expectRefused(w, { to, by: w.by.bank, call: lopsided, error: ['CouncilInvalidProposal', 1, 2] });
    for (const id of [0, 1]) {
      await expectRefused(w, { to, by: w.by.bank, call: ['vote', id, true], error: ['CouncilUnknownProposal', id] });
      await expectRefused(w, { to, by: w.by.bank, call: ['execute', id], error: ['CouncilUnknownProposal', id] });
      expect((await view(to, 'proposal', id)).state).to.equal(STATE.none);
    }
  });
});

describe('Council: its own rules', () => {
  const changed = { quorum: 3, delay: 60n, votingPeriod: DAY, window: DAY };
  const setting = async (w: World, next: Record<string, unknown>) => ({
    targets: [await w.contracts.council.getAddress()],
    data: [w.contracts.council.interface.encodeFunctionData('setSettings', [next])],
  });

  it('are changed by the council only', async () => {
    const w = await governed();
    const { council: to } = w.contracts;
    const { targets, data } = await setting(w, changed);
    for (const by of [w.admin, w.by.bank]) {
      await expectRefused(w, { to, by, call: ['setSettings', changed], error: ['CouncilOnlySelf', by.address] });
    }
    await carry(w, targets, data);
    expect(await view(to, 'settings')).to.deep.equal([3n, 60n, DAY, DAY]);
    const events = await to.queryFilter('SettingsChanged');
    expect(events.map((log) => ('args' in log ? log.args[0] : undefined))).to.deep.equal([
      [2n, delay, votingPeriod, window],
      [3n, 60n, DAY, DAY],
    ]);
  });

  it('always leave a council that can decide', async () => {
    const w = await governed();
    const { council: to } = w.contracts;
    const bad = [
      { ...changed, quorum: 1 },
      { ...changed, quorum: 5 },
      { ...changed, votingPeriod: 0n },
      { ...changed, window: 0n },
    ];
    for (const next of bad) {
      const { targets, data } = await setting(w, next);
      const id = await propose(w, targets, data);
      await vote(w, id, w.by.bank, w.by.grid);
      await networkHelpers.time.increase(delay);
      const error = ['CouncilInvalidSettings', [next.quorum, next.delay, next.votingPeriod, next.window]] as const;
      await expectRefused(w, { to, by: w.by.bank, call: ['execute', id], error });
    }
    const built = ethers.deployContract('Council', [w.contracts.directory, { ...COUNCIL_SETTINGS, quorum: 1 }]);
    await expect(built).to.be.revertedWithCustomError(to, 'CouncilInvalidSettings').withArgs([1, delay, votingPeriod, window]);
  });
});

describe('Council: founding and emergencies', () => {
  it('leaves the deployer nothing once it handed over', async () => {
    const w = await governed();
    const { address } = w.admin;
    const error = ['AccessManagedUnauthorized', address] as const;
    const { members, directory, pause } = w.contracts;
    await expectRefused(w, { to: members, by: w.admin, call: ['admit', code('late'), admission(w.spare.address)], error });
    await expectRefused(w, { to: directory, by: w.admin, call: ['set', code('council'), await members.getAddress()], error });
    await expectRefused(w, { to: pause, by: w.admin, call: ['end'], error });
    expect((await view(w.authority, 'hasRole', 0, address))[0]).to.equal(false);
  });

  it('can replace itself, and end a pause early', async () => {
    const w = await governed();
    const { council, directory, pause } = w.contracts;
    const next = await ethers.deployContract('Council', [directory, { ...COUNCIL_SETTINGS, quorum: 3 }]);
    await pauseFor(w, 7n * DAY);
    await carry(
      w,
      [await directory.getAddress(), await pause.getAddress()],
      [
        directory.interface.encodeFunctionData('set', [code('council'), await next.getAddress()]),
        pause.interface.encodeFunctionData('end'),
      ],
    );
    expect(await view(directory, 'contractOf', code('council'))).to.equal(await next.getAddress());
    expect(await view(directory, 'versionsOf', code('council'))).to.deep.equal([await council.getAddress(), await next.getAddress()]);
    expect(await view(pause, 'isPaused')).to.equal(false);
  });
});
