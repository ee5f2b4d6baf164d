import { Transaction, type Wallet } from 'ethers';
import type { Address, Hex, MemberId } from '../../gateway/domain/ids.ts';
import type { Keys } from '../../gateway/ports/keys.ts';

const absent = (): never => {
  throw new Error('this test has a chain account only');
};

/** Keys with the chain account of a wallet and nothing else. */
export const walletKeys = (wallet: Wallet, member: string): Keys => ({
  member: member as MemberId,
  account: wallet.address as Address,
  signer: '',
  sign: absent,
  open: absent,
  noteKey: new Uint8Array(0),
  signNote: absent,
  subjectKey: absent,
  sealLocal: absent,
  openLocal: absent,
  tls: absent,
  signTypedData: async (domain, types, value) =>
    (await wallet.signTypedData(domain, types as Parameters<Wallet['signTypedData']>[1], value)) as Hex,
  signTransaction: async (transaction) => {
    const unsigned = Transaction.from(transaction as Parameters<typeof Transaction.from>[0] & object);
    unsigned.signature = wallet.signingKey.sign(unsigned.unsignedHash);
    return unsigned.serialized as Hex;
  },
});
