import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { selfSignedCertificate } from '../../gateway/adapters/keys/tls-certificate.ts';
import type { Hex, MemberId } from '../../gateway/domain/ids.ts';
import type { Member } from '../../gateway/domain/registry-state.ts';
import type { RegistryView } from '../../gateway/domain/registry-view.ts';
import { tlsPin } from '../../gateway/domain/tls-pin.ts';
import type { MemberStatus } from '../../gateway/domain/vocabulary.ts';

export type TlsIdentity = { readonly certificate: string; readonly privateKey: string; readonly pin: Hex };

/** A certificate that began an hour before `now` (ms) and lasts so many days. */
export const tlsIdentity = async (name: string, now: number, days = 30): Promise<TlsIdentity> => {
  const made = await selfSignedCertificate(name, now, days);
  return { ...made, pin: tlsPin(made.certificate) };
};

/** Another certificate for the same key, and so with the same pin, valid for these times (ms). */
export const recertified = async (privateKey: string, name: string, from: number, until: number): Promise<string> => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const jwk = createPrivateKey(privateKey).export({ format: 'jwk' });
  const { d: _, ...open } = jwk;
  const keys = {
    privateKey: await webcrypto.subtle.importKey('jwk', jwk as never, algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('jwk', open as never, algorithm, true, ['verify']),
  };
  const validity = { notBefore: new Date(from), notAfter: new Date(until) };
  const made = await X509CertificateGenerator.createSelfSigned(
    { name: `CN=${name}`, ...validity, signingAlgorithm: algorithm, keys: keys as never },
    webcrypto as never,
  );
  return made.toString('pem');
};

/** Members that a test changes as it goes; of the registry only what TLS asks for. */
export class TlsMembers {
  readonly members = new Map<string, Member>();

  set(id: string, pins: readonly Hex[], endpoint: string, status: MemberStatus = 'active'): void {
    const keys = pins.map((data, index) => ({ index, purpose: 'tls' as const, suite: 'sha256-spki', data, fromBlock: 1, untilBlock: 0 }));
    const rest = { sector: 'finance' as const, roles: [], account: '0x' as never, formerAccounts: [], name: id, forks: 0 };
    this.members.set(id, { id: id as MemberId, status, keys, endpoint, ...rest });
  }

  head(): RegistryView {
    const view: Pick<RegistryView, 'block' | 'member' | 'memberByPin'> = {
      block: { number: 5, hash: '0x', time: 0 },
      member: (id) => this.members.get(id),
      memberByPin: (pin) => [...this.members.values()].find(({ keys }) => keys.some((key) => key.data === pin)),
    };
    return view as RegistryView;
  }
}
