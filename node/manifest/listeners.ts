import type { Manifest } from './manifest.ts';

/** Something that listens: where the manifest says so, and the address it takes. */
export interface Listener {
  readonly path: string;
  readonly host: string;
  readonly port: number;
}

const loopback = '127.0.0.1';

/** All listeners of a network, the engine's first. Client listeners and JSON-RPC are for the institution itself and stay on loopback. */
export function listenersOf({ engine, members }: Manifest): Listener[] {
  return [
    ...engineListeners(engine, members),
    ...members.flatMap(({ host, ports }, index) => [
      { path: `/members/${index}/ports/client`, host: loopback, port: ports.client },
      { path: `/members/${index}/ports/peer`, host, port: ports.peer },
    ]),
  ];
}

function engineListeners(engine: Manifest['engine'], members: Manifest['members']): Listener[] {
  if (engine.kind === 'embedded') return [{ path: '/engine/port', host: loopback, port: engine.port }];
  return engine.validators.flatMap(({ member, ports }, index) => {
    const path = `/engine/validators/${index}/ports`;
    return [
      { path: `${path}/rpc`, host: loopback, port: ports.rpc },
      { path: `${path}/peer`, host: members.find(({ id }) => id === member)?.host ?? loopback, port: ports.peer },
    ];
  });
}
