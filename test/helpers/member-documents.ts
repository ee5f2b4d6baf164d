import { createHash } from 'node:crypto';
import { Wallet } from 'ethers';
import type { MemberDocument } from '../../node/deployment/member-document.ts';
import type { Manifest } from '../../node/manifest/manifest.ts';

const bytesOf = (...words: string[]) => createHash('sha256').update(words.join('/')).digest('hex');

/** The account that `testMemberDocuments` names for a member, with its key. */
export function testAccount(member: string): Wallet {
  return new Wallet(`0x${bytesOf('account', member)}`);
}

/** Public documents for all members of a manifest: real accounts, and keys that are the right length but nobody's. */
export function testMemberDocuments(manifest: Manifest): MemberDocument[] {
  return manifest.members.map(({ id, name, nameZh, sector, roles, host, ports }) => ({
    version: 1,
    id,
    name,
    nameZh,
    sector,
    roles: [...roles],
    account: testAccount(id).address,
    endpoint: `https://${host}:${ports.peer}`,
    keys: [
      { purpose: 'sign', suite: 'ed25519', data: `0x${bytesOf('sign', id)}` },
      { purpose: 'seal', suite: 'x25519', data: `0x${bytesOf('seal', id)}` },
      { purpose: 'note', suite: 'ed25519', data: `0x${bytesOf('note', id)}` },
      { purpose: 'tls', suite: 'sha256-spki', data: `0x${bytesOf('tls', id)}` },
    ],
  }));
}
