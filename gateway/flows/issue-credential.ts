import { canonicalJson } from '../domain/canonical.ts';
import { type Assurance, type CredentialClaims, credentialType } from '../domain/credential.ts';
import { sha256Hex } from '../domain/hash.ts';
import type { Address, CredentialId, Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Staff } from '../domain/staff.ts';
import { parseSubject } from '../domain/subject.ts';
import { usageIdFrom } from '../domain/usage-id.ts';
import { decideFresh } from './decide-fresh.ts';
import type { Modules } from './modules.ts';

export type CredentialAsked = {
  readonly staff: Staff;
  readonly subject: { readonly type: string; readonly code: string };
  readonly key: Address;
  readonly grade: Assurance;
  /** How the person was checked, in words of the issuer. */
  readonly method: string;
  readonly validDays: number;
};
export type CredentialIssued = { readonly id: CredentialId; readonly credential: string; readonly notAfter: number };

/** Kept by the issuer so that it can revoke by id and answer for what it stated. */
export type IssuedCredential = { readonly claims: CredentialClaims; readonly staff: string };

/**
 * States, signed, that a key belongs to a subject, after the institution's own check of the person. Logged durably (`issued`) before it is handed out.
 * Validity is in block time, which is what it will be judged by. Refuses with MEMBER_ROLE_MISSING, MEMBER_SUSPENDED or the codes of a bad subject.
 */
export const issueCredential = async (modules: Modules, asked: CredentialAsked): Promise<Result<CredentialIssued>> => {
  const { member, ledger, keys, audit, documents, clock, randomness } = modules;
  const view = await decideFresh({ ledger, clock });
  if (!view.ok) return view;
  const self = view.value.member(member);
  if (self?.status !== 'active') return refuse('MEMBER_SUSPENDED', { member });
  if (!self.roles.includes('issuer')) return refuse('MEMBER_ROLE_MISSING', { member, role: 'issuer' });
  const { number, time } = view.value.block;
  const subject = parseSubject(asked.subject.type, asked.subject.code, time);
  if (!subject.ok) return subject;
  const claims: CredentialClaims = {
    v: 1,
    id: `0x${Buffer.from(randomness.bytes(32)).toString('hex')}` as CredentialId,
    iss: member,
    subject: subject.value,
    key: asked.key,
    grade: asked.grade,
    iat: time,
    nbf: time,
    exp: time + asked.validDays * 86_400,
    method: asked.method,
  };
  const credential = await keys.sign(credentialType, claims);
  const issued: IssuedCredential = { claims, staff: asked.staff.name };
  // The time for keeping it counts from its end.
  await documents.put('issuedCredential', claims.id, issued, { consent: undefined, time: claims.exp * 1000 });
  const appended = await audit.append({
    draft: {
      step: 'issued',
      usage: usageIdFrom(randomness.bytes(16)),
      time: clock.now(),
      block: number,
      outcome: 'ok',
      consent: undefined,
      committed: {
        subject: canonicalJson(subject.value),
        staff: asked.staff.name,
        message: sha256Hex(credential) satisfies Hex,
      },
    },
    counters: [],
  });
  return appended.kind === 'refused' ? { ok: false, refusal: appended.refusal } : ok({ id: claims.id, credential, notAfter: claims.exp });
};
