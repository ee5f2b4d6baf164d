import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Wallet } from 'ethers';
import { generateKeyMaterial } from '../../gateway/adapters/keys/key-material.ts';
import { writeKeystore } from '../../gateway/adapters/keys/keystore-file.ts';
import type { Hex } from '../../gateway/domain/ids.ts';

/** What xinshu-node reads of a gateway's folder: a keystore with this account, and its passphrase. */
export const makeMemberFolder = async (folder: string, member: string, account: Wallet): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const material = { ...(await generateKeyMaterial(member, Date.now())), account: account.privateKey as Hex };
  await writeKeystore(join(folder, 'keystore.jwe'), material, 'passphrase of a test');
  writeFileSync(join(folder, 'passphrase'), 'passphrase of a test\n', { mode: 0o600 });
};
