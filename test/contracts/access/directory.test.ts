import { expect } from 'chai';
import { expectEvent, expectRefused } from '../helpers/expect.ts';
import { code, nextTime, now, send, view, world } from '../helpers/world.ts';

const NAME = code('some-contract');
const LAG = code('max-anchor-lag');

describe('Directory', () => {
  it('keeps every version of a name, the last one current', async () => {
    const w = await world();
    const { contracts } = w;
    const { directory: to } = contracts;
    const [first, second] = [await contracts.members.getAddress(), await contracts.catalog.getAddress()];
    await expectEvent(w, { to, by: w.admin, call: ['set', NAME, first], event: ['ContractSet', NAME, 1, first] });
    await expectEvent(w, { to, by: w.admin, call: ['set', NAME, second], event: ['ContractSet', NAME, 2, second] });
    expect(await view(to, 'contractOf', NAME)).to.equal(second);
    expect(await view(to, 'versionsOf', NAME)).to.deep.equal([first, second]);
  });

  it('is known to the contracts that look each other up in it', async () => {
    const { contracts } = await world();
    const { directory, ...others } = contracts;
    for (const contract of Object.values(others)) expect(await view(contract, 'directory')).to.equal(await directory.getAddress());
  });

  it('refuses to answer for an unknown name', async () => {
    const { contracts } = await world();
    await expect(view(contracts.directory, 'contractOf', NAME))
      .to.be.revertedWithCustomError(contracts.directory, 'DirectoryUnknownName')
      .withArgs(NAME);
    expect(await view(contracts.directory, 'versionsOf', NAME)).to.deep.equal([]);
  });

  it('refuses a bad name, an account without code, and anyone but the admin', async () => {
    const w = await world();
    const { directory: to } = w.contracts;
    const target = await w.contracts.members.getAddress();
    const { address } = w.stranger;
    await expectRefused(w, { to, by: w.admin, call: ['set', code('Upper'), target], error: ['DirectoryInvalidName', code('Upper')] });
    await expectRefused(w, { to, by: w.admin, call: ['set', NAME, address], error: ['DirectoryNotAContract', NAME, address] });
    await expectRefused(w, { to, by: w.stranger, call: ['set', NAME, target], error: ['AccessManagedUnauthorized', address] });
    await expectRefused(w, { to, by: w.stranger, call: ['setParameter', LAG, 1, 0], error: ['AccessManagedUnauthorized', address] });
  });

  it('answers a parameter by the time it takes effect', async () => {
    const w = await world();
    const { directory: to } = w.contracts;
    const start = await nextTime();
    await expectEvent(w, { to, by: w.admin, call: ['setParameter', LAG, 600, 0], event: ['ParameterSet', LAG, 600, start] });
    const later = start + 1000n;
    await expectEvent(w, { to, by: w.admin, call: ['setParameter', LAG, 300, later], event: ['ParameterSet', LAG, 300, later] });
    // Set last, but for an earlier time: it does not undo the later one.
    await send(to, w.admin, 'setParameter', LAG, 450, start + 500n);
    expect(await view(to, 'parameter', LAG)).to.equal(600);
    expect(await view(to, 'parameterAt', LAG, start + 499n)).to.equal(600);
    expect(await view(to, 'parameterAt', LAG, start + 500n)).to.equal(450);
    expect(await view(to, 'parameterAt', LAG, later)).to.equal(300);
    await send(to, w.admin, 'setParameter', LAG, 200, later);
    expect(await view(to, 'parameterAt', LAG, later)).to.equal(200);
    expect(await view(to, 'parameterHistory', LAG)).to.deep.equal([
      [600n, start],
      [300n, later],
      [450n, start + 500n],
      [200n, later],
    ]);
  });

  it('refuses a parameter for the past, with a bad name, or before its time', async () => {
    const w = await world();
    const { directory: to } = w.contracts;
    const time = await nextTime();
    await expectRefused(w, {
      to,
      by: w.admin,
      call: ['setParameter', LAG, 1, time - 1n],
      error: ['DirectoryRetroactive', LAG, time - 1n, time],
    });
    await expectRefused(w, { to, by: w.admin, call: ['setParameter', code('A b'), 1, 0], error: ['DirectoryInvalidName', code('A b')] });
    await send(to, w.admin, 'setParameter', LAG, 1, (await now()) + 1000n);
    await expect(view(to, 'parameter', LAG))
      .to.be.revertedWithCustomError(to, 'DirectoryUnknownParameter')
      .withArgs(LAG);
  });
});
