import type { TLSSocket } from 'node:tls';
import type { Hex } from '../../domain/ids.ts';
import type { Member } from '../../domain/registry-state.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import { tlsPin } from '../../domain/tls-pin.ts';

type Shown = { readonly pin: Hex; readonly from: number; readonly until: number };

const shown = new WeakMap<TLSSocket, Shown>();

/** What certificate the other end proved to hold, read once for each connection; undefined when it showed none or one that can't be read. */
const certificateOf = (socket: TLSSocket): Shown | undefined => {
  const known = shown.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.getPeerX509Certificate?.();
  if (certificate === undefined) return undefined;
  try {
    const read = { pin: tlsPin(certificate.raw), from: Date.parse(certificate.validFrom), until: Date.parse(certificate.validTo) };
    shown.set(socket, read);
    return read;
  } catch {
    return undefined;
  }
};

/**
 * The member at the other end of a mutual-TLS connection: the one whose pin the registry holds at this block, while its certificate is within its validity at `now`
 * (ms) and it has not left. Nothing else about the certificate counts. Asked anew for each message, since pins and members change under an open connection.
 */
export const memberBehind = (socket: TLSSocket, view: RegistryView, now: number): Member | undefined => {
  const certificate = certificateOf(socket);
  if (certificate === undefined || !(certificate.from <= now && now < certificate.until)) return undefined;
  const member = view.memberByPin(certificate.pin);
  return member === undefined || member.status === 'left' ? undefined : member;
};
