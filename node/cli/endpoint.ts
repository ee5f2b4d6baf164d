import type { Manifest } from '../manifest/manifest.ts';

/** Where the chain answers: `given`, or the port of the manifest on this machine. */
export function endpointOf(manifest: Manifest, given: string | undefined): string {
  return given ?? `http://127.0.0.1:${manifest.engine.port}`;
}
