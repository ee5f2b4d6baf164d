import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import type { Role, Sector } from '../../domain/vocabulary.ts';
import { generateKeyMaterial, publicKeys } from './key-material.ts';
import { writeKeystore } from './keystore-file.ts';

/** What an institution says of itself when it makes its gateway. */
export type MemberProfile = {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly sector: Sector;
  readonly roles: readonly Role[];
  readonly endpoint: string;
};

/** The public half, `member.json`: what the consortium needs to admit the member. */
export type MemberFile = MemberProfile & {
  readonly version: 1;
  readonly account: string;
  readonly keys: readonly { readonly purpose: string; readonly suite: string; readonly data: string }[];
};

/** Makes all keys of a member: `keystore.jwe` and `member.json` in `folder`. Throws KEYSTORE_EXISTS and changes nothing when there are keys already. `now` in ms. */
export const createKeystore = async (folder: string, profile: MemberProfile, passphrase: string, now: number): Promise<MemberFile> => {
  const material = await generateKeyMaterial(profile.id, now);
  await writeKeystore(join(folder, 'keystore.jwe'), material, passphrase);
  const member: MemberFile = {
    version: 1,
    id: profile.id,
    name: profile.name,
    nameZh: profile.nameZh,
    sector: profile.sector,
    roles: profile.roles,
    account: new Wallet(material.account).address,
    endpoint: profile.endpoint,
    keys: publicKeys(material),
  };
  await writeFile(join(folder, 'member.json'), `${JSON.stringify(member, null, 2)}\n`);
  return member;
};
