import { hmacSha256, toHex } from './hash.ts';
import type { SubjectRef } from './subject.ts';

/**
 * The key under which one provider's store keeps a subject: HMAC-SHA-256 under the provider's own secret, hex without prefix. The space of codes is small, so
 * a bare hash could be searched through (domain.md 2.2); and two providers' keys for one subject can't be linked.
 */
export const pseudonym = (subject: SubjectRef, secret: Uint8Array): string =>
  toHex(hmacSha256(secret, `${subject.type}:${subject.code}`)).slice(2);
