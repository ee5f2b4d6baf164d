import type { StaffRole } from './vocabulary.ts';

/** A person or system inside the institution, as its token names it. `name` is what the audit log commits to. */
export type Staff = { readonly name: string; readonly roles: readonly StaffRole[] };

const staffName = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u;
export const isStaffName = (text: string): boolean => staffName.test(text);
