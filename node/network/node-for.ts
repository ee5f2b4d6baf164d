import type { Manifest } from '../manifest/manifest.ts';
import { engineOf } from './engine-of.ts';

/** The JSON-RPC endpoint that a member's gateway asks: its own node; where it runs none, one of its sector's, else the first. */
export function nodeFor(manifest: Manifest, dataDir: string, member: string): string {
  const { nodes } = engineOf(manifest, dataDir);
  const sectorOf = (id: string | undefined) => manifest.members.find((other) => other.id === id)?.sector;
  const chosen =
    nodes.find((node) => node.member === member) ?? nodes.find((node) => sectorOf(node.member) === sectorOf(member)) ?? nodes[0];
  if (chosen === undefined) throw new RangeError('a network has a node');
  return chosen.endpoint;
}
