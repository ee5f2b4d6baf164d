import { X509Certificate } from 'node:crypto';
import { sha256Hex } from './hash.ts';
import type { Hex } from './ids.ts';

/** What the MemberRegistry pins (suite `sha256-spki`): SHA-256 over the DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of a certificate given as DER or PEM. */
export const tlsPin = (certificate: Uint8Array | string): Hex =>
  sha256Hex(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }));
