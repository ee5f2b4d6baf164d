import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Meter } from '../../ports/meter.ts';

/** Gauges that are read when somebody asks. */
export type MeterSources = {
  readonly anchorLagLeaves: () => number;
  readonly logSize: () => number;
  readonly cosignedLagLeaves: () => number;
  readonly blockNumber: () => number;
  readonly blockAgeSeconds: () => number;
  readonly outboxSize: () => number;
};

/** ports/meter.ts over prom-client, in a registry of its own. Names end in their unit, as Prometheus asks. */
export const prometheusMeter = (sources: MeterSources): Meter => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const usages = new Counter({
    name: 'xinshu_usages_total',
    help: 'Usages that ended here, by side and outcome.',
    labelNames: ['side', 'outcome'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'xinshu_usage_duration_seconds',
    help: 'Time of a usage on this side.',
    labelNames: ['side'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const messages = new Counter({
    name: 'xinshu_peer_messages_total',
    help: 'Messages of other gateways answered here, by protocol and outcome.',
    labelNames: ['protocol', 'outcome'] as const,
    registers,
  });
  const anchors = new Counter({
    name: 'xinshu_anchors_total',
    help: 'Attempts to anchor the log, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const cosignatures = new Counter({
    name: 'xinshu_cosignatures_total',
    help: 'Cosignatures asked of witnesses, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const flagged = new Gauge({
    name: 'xinshu_flagged_members',
    help: 'Members whose checkpoints stay without a quorum of cosignatures, or contradict each other.',
    registers,
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('xinshu_anchor_lag_leaves', 'Leaves of the log that no anchored checkpoint covers.', sources.anchorLagLeaves);
  gauge('xinshu_log_size_leaves', 'Leaves of the log.', sources.logSize);
  gauge(
    'xinshu_cosigned_lag_leaves',
    'Leaves of the log that no checkpoint with a quorum of cosignatures covers.',
    sources.cosignedLagLeaves,
  );
  gauge('xinshu_block_number', 'Newest mirrored block.', sources.blockNumber);
  gauge('xinshu_block_age_seconds', 'How far block time lies behind the clock.', sources.blockAgeSeconds);
  gauge('xinshu_outbox_items', 'Work not delivered yet.', sources.outboxSize);
  return {
    usage: (side, outcome, ms) => {
      usages.inc({ side, outcome });
      duration.observe({ side }, ms / 1000);
    },
    peerMessage: (protocol, outcome) => messages.inc({ protocol, outcome }),
    anchor: (outcome) => anchors.inc({ outcome }),
    cosignature: (outcome) => cosignatures.inc({ outcome }),
    flagged: (members) => flagged.set(members),
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
};
