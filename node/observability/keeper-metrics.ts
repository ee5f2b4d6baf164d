import { Counter, Gauge, type Registry } from 'prom-client';
import { type Allowlist, type AllowlistDifference, allowlistDifference, differenceSize } from '../membership/allowlist.ts';
import type { KeeperRound } from '../membership/keeper.ts';

export interface KeeperMetrics {
  /** `at`: when it ended, Unix milliseconds. */
  round(round: KeeperRound, at: number): void;
}

export function keeperMetrics(registry: Registry): KeeperMetrics {
  const registers = [registry];
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) => new Gauge({ name, help, labelNames, registers });
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) => new Counter({ name, help, labelNames, registers });
  const rounds = counter('xinshu_keeper_rounds_total', 'Looks at the registry and the node, by outcome: ok or a code.', 'outcome');
  const last = gauge('xinshu_keeper_last_good_round_timestamp_seconds', 'When the last round that went well ended.');
  const block = gauge('xinshu_keeper_block_number', 'Block of the membership that the allowlists are in step with.');
  const allowed = gauge('xinshu_keeper_allowed_entries', 'Entries of the allowlists, by list.', 'list');
  const reachable = gauge('xinshu_keeper_node_reachable', 'Whether the node answered in that round.');
  const changes = counter('xinshu_keeper_changes_total', 'Entries put right, by place and direction.', 'place', 'direction');
  const drift = counter(
    'xinshu_keeper_drift_entries_total',
    'Entries that differed though the registry had not changed, by place.',
    'place',
  );
  let before: Allowlist | undefined;
  const count = (place: 'file' | 'node', difference: AllowlistDifference, steady: boolean): void => {
    const { add, remove } = difference;
    changes.inc({ place, direction: 'add' }, add.nodes.length + add.accounts.length);
    changes.inc({ place, direction: 'remove' }, remove.nodes.length + remove.accounts.length);
    drift.inc({ place }, steady ? differenceSize(difference) : 0);
  };
  return {
    round: (round, at) => {
      rounds.inc({ outcome: round.ok ? 'ok' : round.code });
      if (!round.ok) return;
      const { wanted, kept } = round;
      const steady = before !== undefined && differenceSize(allowlistDifference(wanted, before)) === 0;
      before = wanted;
      last.set(at / 1000);
      block.set(round.block);
      allowed.set({ list: 'nodes' }, wanted.nodes.length);
      allowed.set({ list: 'accounts' }, wanted.accounts.length);
      reachable.set(kept.node === undefined ? 0 : 1);
      count('file', kept.files, steady);
      if (kept.node !== undefined) count('node', kept.node, steady);
    },
  };
}
