import { Contract, decodeBytes32String, encodeBytes32String, type JsonRpcProvider } from 'ethers';
import { keyPurposes, type MemberRole, type MemberStatus, memberStatuses, rolesOf, type Sector, sectors } from '../vocabulary.ts';
import { publishedNode } from './published-node.ts';

/** The suite of a key that names a node of the ledger; its purpose is `tls`, the key a member's machine is known by. */
const enodeSuite = encodeBytes32String('enode');

const registryAbi = [
  'function memberIds() view returns (bytes32[])',
  'function member(bytes32 id) view returns (tuple(uint8 sector, uint8 status, uint16 roles, address account, string name, string endpoint, uint64 sinceBlock))',
  'function keysOf(bytes32 id) view returns (tuple(uint8 purpose, bytes32 suite, bytes data, uint64 fromBlock, uint64 untilBlock)[])',
];

export interface MemberOnChain {
  readonly id: string;
  readonly name: string;
  readonly sector: Sector | 'none';
  readonly status: MemberStatus;
  readonly roles: readonly MemberRole[];
  readonly account: string;
  readonly endpoint: string;
  /** Purposes of the keys that are valid now, such as `sign`. */
  readonly keys: readonly string[];
  /** Enode URLs of the nodes that it publishes now. */
  readonly nodes: readonly string[];
  readonly sinceBlock: number;
}

interface MemberTuple {
  readonly sector: bigint;
  readonly status: bigint;
  readonly roles: bigint;
  readonly account: string;
  readonly name: string;
  readonly endpoint: string;
  readonly sinceBlock: bigint;
}
interface KeyTuple {
  readonly purpose: bigint;
  readonly suite: string;
  readonly data: string;
  readonly untilBlock: bigint;
}

/** All members that the registry ever admitted, in that order, all at one block. */
export async function readMembers(chain: JsonRpcProvider, registry: string, blockTag: number): Promise<MemberOnChain[]> {
  const contract = new Contract(registry, registryAbi, chain);
  const view = async <T>(method: string, ...args: unknown[]) => (await contract.getFunction(method).staticCall(...args, { blockTag })) as T;
  const ids = await view<string[]>('memberIds');
  return Promise.all(
    ids.map(async (id) => {
      const [member, all] = await Promise.all([view<MemberTuple>('member', id), view<KeyTuple[]>('keysOf', id)]);
      // An array of its own: what ethers returns makes its likes of itself when it is mapped.
      const keys = Array.from(all).filter(({ untilBlock }) => untilBlock === 0n);
      return {
        id: decodeBytes32String(id),
        name: member.name,
        sector: sectors[Number(member.sector) - 1] ?? 'none',
        status: memberStatuses[Number(member.status)] ?? 'none',
        roles: rolesOf(Number(member.roles)),
        account: member.account,
        endpoint: member.endpoint,
        keys: keys.map(({ purpose }) => keyPurposes[Number(purpose) - 1] ?? '?'),
        nodes: keys.filter(({ suite }) => suite === enodeSuite).flatMap(({ data }) => publishedNode(data) ?? []),
        sinceBlock: Number(member.sinceBlock),
      };
    }),
  );
}
