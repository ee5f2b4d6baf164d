import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wallet } from 'ethers';
import { generateKeyMaterial } from '../../gateway/adapters/keys/key-material.ts';
import { writeKeystore } from '../../gateway/adapters/keys/keystore-file.ts';
import type { Hex } from '../../gateway/domain/ids.ts';

/** What xinshu-node reads of a gateway's folder: a keystore with this account, and its passphrase. `rolled`: the account was made by a rotation, and stands after another. */
export const makeMemberFolder = async (folder: string, member: string, account: Wallet, rolled = false): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const first = await generateKeyMaterial(member, Date.now());
  const others = { sign: [], seal: [], note: [], tls: [], account: [account.privateKey as Hex] };
  const material = rolled ? { ...first, version: 2 as const, others } : { ...first, account: account.privateKey as Hex };
  await writeKeystore(join(folder, 'keystore.jwe'), material, 'passphrase of a test');
  writeFileSync(join(folder, 'passphrase'), 'passphrase of a test\n', { mode: 0o600 });
};
