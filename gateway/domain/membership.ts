import type { MemberId } from './ids.ts';
import type { Member } from './registry-state.ts';
import type { RegistryView } from './registry-view.ts';
import { ok, type Result, refuse } from './result.ts';
import type { Role } from './vocabulary.ts';

/** The member, if it is active at the view's block and holds the role. Refuses with MEMBER_UNKNOWN, MEMBER_SUSPENDED, MEMBER_FORKED or MEMBER_ROLE_MISSING. */
export const checkMember = (view: RegistryView, id: MemberId, role: Role): Result<Member> => {
  const member = view.member(id);
  if (member === undefined) return refuse('MEMBER_UNKNOWN', { member: id, role });
  if (member.status !== 'active') return refuse('MEMBER_SUSPENDED', { member: id, role, status: member.status });
  // Who showed two histories of its log is believed in nothing, where the network has agreed on that.
  if (member.forks > 0 && view.parameter('refuse-forked') !== 0) return refuse('MEMBER_FORKED', { member: id, role, forks: member.forks });
  return member.roles.includes(role) ? ok(member) : refuse('MEMBER_ROLE_MISSING', { member: id, role });
};
