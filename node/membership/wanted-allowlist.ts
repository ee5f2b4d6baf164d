import { type Allowlist, allowlistOf } from './allowlist.ts';
import type { MemberOnChain } from './read-members.ts';

/** Enode URLs of members' nodes, by member id. */
export type FoundingNodes = Readonly<Record<string, string>>;

/**
 * What the registry asks for: the nodes and accounts of active members and nobody else's. A member's nodes are those that it publishes on chain (keys of the suite
 * `enode`); while it publishes none, the one of the founding.
 */
export function wantedAllowlist(members: readonly MemberOnChain[], founding: FoundingNodes): Allowlist {
  const active = members.filter(({ status }) => status === 'active');
  return allowlistOf(
    active.flatMap(({ id, nodes }) => (nodes.length > 0 ? nodes : (founding[id] ?? []))),
    active.map(({ account }) => account),
  );
}
