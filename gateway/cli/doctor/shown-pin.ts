import { connect } from 'node:tls';
import type { Hex } from '../../domain/ids.ts';
import { tlsPin } from '../../domain/tls-pin.ts';

const patienceMs = 3_000;

/** The pin of the certificate that is shown at this endpoint; undefined when nothing answers there in TLS. */
export const shownPin = (endpoint: string): Promise<Hex | undefined> =>
  new Promise((resolve) => {
    if (!URL.canParse(endpoint)) return resolve(undefined);
    const { hostname, port } = new URL(endpoint);
    // Whoever it is, it is not trusted but looked at.
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 443),
      minVersion: 'TLSv1.3',
      rejectUnauthorized: false,
    });
    const settle = (pin: Hex | undefined): void => {
      socket.destroy();
      resolve(pin);
    };
    socket.setTimeout(patienceMs, () => settle(undefined));
    socket.once('error', () => settle(undefined));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      settle(certificate === undefined ? undefined : tlsPin(certificate.raw));
    });
  });
