import { connect, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Hex } from '../../domain/ids.ts';
import { tlsPin } from '../../domain/tls-pin.ts';

/** The other end's certificate is not one that the registry pins for this member, or is out of its validity. */
export class UnpinnedPeer extends Error {
  constructor() {
    super('the certificate is not pinned');
    this.name = 'UnpinnedPeer';
  }
}

export type ConnectorOptions = {
  readonly certificate: string;
  readonly privateKey: string;
  /** Pins that hold for this member. */
  readonly pins: readonly Hex[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly timeoutMs: number;
};

const isPinned = (socket: TLSSocket, { pins, now }: ConnectorOptions): boolean => {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return false;
  const at = now();
  const inForce = Date.parse(certificate.validFrom) <= at && at < Date.parse(certificate.validTo);
  return inForce && pins.includes(tlsPin(certificate.raw));
};

/** How undici opens a connection here: TLS 1.3 with the own certificate, and the other end's pin checked before the first byte of HTTP goes out. */
export const pinnedConnector =
  (options: ConnectorOptions): buildConnector.connector =>
  ({ hostname, port }, callback) => {
    let settled = false;
    const settle = (error: Error | null, socket: TLSSocket): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (error === null) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(error, null);
    };
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 443),
      cert: options.certificate,
      key: options.privateKey,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
      // Pins instead of authorities and host names; every check is in `isPinned`.
      rejectUnauthorized: false,
    });
    const timer = setTimeout(
      () => settle(Object.assign(new Error('connecting took too long'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), socket),
      options.timeoutMs,
    );
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.once('error', (error) => settle(error, socket));
    socket.once('secureConnect', () => settle(isPinned(socket, options) ? null : new UnpinnedPeer(), socket));
  };
