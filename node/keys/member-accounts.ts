import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt } from 'jose';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { NodeError } from '../errors.ts';
import { readPassphrase } from './passphrase-file.ts';

/** Far more than any keystore asks for; a file that names its own count must not keep the machine busy. */
const mostRounds = 2_000_000;
const key = Type.String({ pattern: '^0x[0-9a-f]{64}$' });

/** What is read of a gateway's keystore: the accounts. Its other keys are the gateway's alone. */
const accountsSchema = Type.Union([
  Type.Object({ version: Type.Literal(1), member: Type.String(), account: key }),
  // After a rotation: those made later stand apart, in the order of their making.
  Type.Object({ version: Type.Literal(2), member: Type.String(), account: key, others: Type.Object({ account: Type.Array(key) }) }),
]);

export interface MemberAccounts {
  readonly member: string;
  /** Private keys, hex, the newest last. Which of them is the member's now stands on chain. */
  readonly accounts: readonly string[];
}

/** The accounts of the member whose gateway's folder this is. Errors: NODE_PASSPHRASE_UNREADABLE, NODE_MEMBER_KEYSTORE. */
export async function readMemberAccounts(gatewayFolder: string, passphraseFile?: string): Promise<MemberAccounts> {
  const file = join(gatewayFolder, 'keystore.jwe');
  const passphrase = readPassphrase(passphraseFile ?? join(gatewayFolder, 'passphrase'));
  const found = await decrypt(file, passphrase);
  return { member: found.member, accounts: [found.account, ...(found.version === 2 ? found.others.account : [])] };
}

async function decrypt(file: string, passphrase: Uint8Array): Promise<Static<typeof accountsSchema>> {
  try {
    const { plaintext } = await compactDecrypt(readFileSync(file, 'utf8').trim(), passphrase, {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: mostRounds,
    });
    const material: unknown = JSON.parse(new TextDecoder().decode(plaintext));
    if (!Value.Check(accountsSchema, material)) throw new Error('no member keystore');
    return material;
  } catch (error) {
    throw new NodeError('NODE_MEMBER_KEYSTORE', { file }, { cause: error });
  }
}
