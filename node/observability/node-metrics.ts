import { statfsSync } from 'node:fs';
import { Gauge, type Registry } from 'prom-client';
import type { EngineHealth } from '../engines/engine.ts';

/** One node of the ledger as it was seen; without a state it does not answer. */
export interface NodeSeen {
  /** Whose it is; undefined where one process serves everybody. */
  readonly member: string | undefined;
  readonly state: (EngineHealth & { readonly peers: number | undefined }) | undefined;
}

export interface NodeMetrics {
  seen(nodes: readonly NodeSeen[]): void;
  /** `folder`: where the ledger lies; `bytes`: what it takes there. */
  disk(folder: string, bytes: number): void;
}

export function nodeMetrics(registry: Registry): NodeMetrics {
  const registers = [registry];
  const ofNode = (name: string, help: string) => new Gauge({ name, help, labelNames: ['member'] as const, registers });
  const up = ofNode('xinshu_node_up', 'Whether the node answers, by member; the label is empty where one process serves everybody.');
  const writing = ofNode('xinshu_node_writing', 'Whether blocks still come, by the measure of its engine.');
  const height = ofNode('xinshu_node_block_number', 'Its newest block.');
  const age = ofNode('xinshu_node_block_age_seconds', 'Age of that block by the clock of this machine.');
  const pending = ofNode('xinshu_node_pending_transactions', 'Transactions taken in and not yet in a block.');
  const peers = ofNode('xinshu_node_peers', 'Other nodes that it is connected to.');
  const plain = (name: string, help: string) => new Gauge({ name, help, registers });
  const used = plain('xinshu_node_disk_bytes', 'What the ledger takes on disk.');
  const free = plain('xinshu_node_disk_free_bytes', 'What its file system has left.');
  const size = plain('xinshu_node_disk_size_bytes', 'How much its file system holds.');
  return {
    seen: (nodes) => {
      for (const gauge of [writing, height, age, pending, peers]) gauge.reset();
      for (const { member = '', state } of nodes) {
        up.set({ member }, state === undefined ? 0 : 1);
        if (state === undefined) continue;
        writing.set({ member }, state.ok ? 1 : 0);
        height.set({ member }, state.height);
        age.set({ member }, state.headAge);
        pending.set({ member }, state.pending);
        if (state.peers !== undefined) peers.set({ member }, state.peers);
      }
    },
    disk: (folder, bytes) => {
      const { bsize, bavail, blocks } = statfsSync(folder);
      used.set(bytes);
      free.set(bavail * bsize);
      size.set(blocks * bsize);
    },
  };
}
