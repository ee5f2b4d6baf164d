import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { DAY, ethers, HOUR, idOf, networkHelpers, nextTime, now, pauseFor, ROLE, send, suspend, view, world } from '../helpers/world.ts';

describe('EmergencyPause', () => {
  it('begins when enough distinct seats asked, for the shortest of their durations, and ends by itself', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    await expectEvent(w, { to, by: w.by.bank, call: ['pause', 3n * DAY], event: ['PauseAsked', idOf('bank'), 3n * DAY] });
    expect(await view(to, 'isPaused')).to.equal(false);
    const time = await nextTime();
    await expectEvent(w, { to, by: w.by.grid, call: ['pause', 2n * DAY], event: ['Paused', time + 2n * DAY] });
    expect(await view(to, 'isPaused')).to.equal(true);
    expect(await view(to, 'pausedUntil')).to.equal(time + 2n * DAY);
    await networkHelpers.time.increaseTo(time + 2n * DAY - 1n);
    expect(await view(to, 'isPaused')).to.equal(true);
    await networkHelpers.time.increaseTo(time + 2n * DAY);
    expect(await view(to, 'isPaused')).to.equal(false);
  });

  it('counts a seat once, however often it asks', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    await send(to, w.by.bank, 'pause', DAY);
    await send(to, w.by.bank, 'pause', 2n * DAY);
    expect(await view(to, 'isPaused')).to.equal(false);
    const time = await nextTime();
    await expectEvent(w, { to, by: w.by.grid, call: ['pause', 5n * DAY], event: ['Paused', time + 2n * DAY] });
  });

  it('forgets what was asked an hour ago', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    await send(to, w.by.bank, 'pause', DAY);
    await networkHelpers.time.setNextBlockTimestamp((await now()) + HOUR);
    await send(to, w.by.grid, 'pause', DAY);
    expect(await view(to, 'isPaused')).to.equal(false);
    await networkHelpers.time.setNextBlockTimestamp((await now()) + HOUR - 1n);
    await send(to, w.by.bank, 'pause', DAY);
    expect(await view(to, 'isPaused')).to.equal(true);
  });

  it('does not count a seat lost since it asked', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    await send(to, w.by.bank, 'pause', DAY);
    await suspend(w, 'bank');
    await send(to, w.by.grid, 'pause', DAY);
    expect(await view(to, 'isPaused')).to.equal(false);
  });

  it('listens to active seats only', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    for (const by of [w.stranger, w.by.trader, w.admin]) {
      await expectRefused(w, { to, by, call: ['pause', DAY], error: ['EmergencyPauseNotASeat', by.address] });
    }
    await suspend(w, 'bank');
    await expectRefused(w, { to, by: w.by.bank, call: ['pause', DAY], error: ['EmergencyPauseNotASeat', w.by.bank.address] });
    await send(w.contracts.members, w.admin, 'setRoles', idOf('grid'), ROLE.provider);
    await expectRefused(w, { to, by: w.by.grid, call: ['pause', DAY], error: ['EmergencyPauseNotASeat', w.by.grid.address] });
  });

  it('takes a duration of up to seven days, and none while paused', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    for (const duration of [0n, 7n * DAY + 1n]) {
      const error = ['EmergencyPauseInvalidDuration', duration, 7n * DAY] as const;
      await expectRefused(w, { to, by: w.by.bank, call: ['pause', duration], error });
    }
    await pauseFor(w, 7n * DAY);
    const error = ['EmergencyPauseActive', await view(to, 'pausedUntil')] as const;
    await expectRefused(w, { to, by: w.by.registry, call: ['pause', DAY], error });
  });

  it('is ended early by the admin only, and only while it lasts', async () => {
    const w = await world();
    const { pause: to } = w.contracts;
    await expectRefused(w, { to, by: w.admin, call: ['end'], error: ['EmergencyPauseNotActive'] });
    await pauseFor(w);
    await expectRefused(w, { to, by: w.by.bank, call: ['end'], error: ['AccessManagedUnauthorized', w.by.bank.address] });
    await expectEvent(w, { to, by: w.admin, call: ['end'], event: ['PauseEnded'] });
    expect(await view(to, 'isPaused')).to.equal(false);
  });

  it('needs at least one seat to ask', async () => {
    const { authority, contracts } = await world();
    expect(await view(contracts.pause, 'few')).to.equal(2);
    await expect(ethers.deployContract('EmergencyPause', [authority, contracts.directory, 0])).to.be.revertedWithCustomError(
      contracts.pause,
      'EmergencyPauseInvalidFew',
    );
  });
});
