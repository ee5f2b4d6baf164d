import { expect } from 'chai';
import type { Address, ConsentId } from '../../../gateway/domain/ids.ts';
import { HeldWithdrawals, type SignedWithdrawal } from '../../../gateway/flows/held-withdrawals.ts';
import { memoryDocumentStore } from '../../helpers/memory-document-store.ts';

describe('held withdrawals', () => {
  const consent = '0x01' as ConsentId;
  const [key, other] = ['0xA' as Address, '0xB' as Address];
  const withdrawal = (by: Address): SignedWithdrawal => ({ consent, key: by, signature: '0x' });

  it('stop the consent of that key before they are durable, and after a restart', async () => {
    const documents = memoryDocumentStore();
    const held = await HeldWithdrawals.open(documents);
    const holding = held.hold(withdrawal(key));
    expect(held.stops(consent, key)).to.equal(true);
    await holding;
    expect((await HeldWithdrawals.open(documents)).stops(consent, key)).to.equal(true);
    expect(held.stops('0x02' as ConsentId, key)).to.equal(false);
  });

  it('of another key neither stop the consent nor displace the right one', async () => {
    const documents = memoryDocumentStore();
    const held = await HeldWithdrawals.open(documents);
    await held.hold(withdrawal(other));
    expect(held.stops(consent, key)).to.equal(false);
    await held.hold(withdrawal(key));
    await held.release(withdrawal(other));
    expect(held.stops(consent, key)).to.equal(true);
    expect((await HeldWithdrawals.open(documents)).stops(consent, key)).to.equal(true);
    await held.release(withdrawal(key));
    expect((await HeldWithdrawals.open(documents)).stops(consent, key)).to.equal(false);
  });
});
