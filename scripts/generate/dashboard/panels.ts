/** A panel: its title, its unit in Grafana's words, and each line's query with its legend. */
export interface Panel {
  readonly title: string;
  readonly unit: 'short' | 's' | 'bytes' | 'ops';
  readonly lines: readonly (readonly [query: string, legend: string])[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What the dashboard shows, in order: first whether all is well, then each kind of process. */
export const rows: readonly Row[] = [
  {
    title: 'Ledger',
    panels: [
      { title: 'Nodes that answer', unit: 'short', lines: [['xinshu_node_up', '{{member}}']] },
      { title: 'Blocks come', unit: 'short', lines: [['xinshu_node_writing', '{{member}}']] },
      { title: 'Height', unit: 'short', lines: [['xinshu_node_block_number', '{{member}}']] },
      { title: 'Age of the newest block', unit: 's', lines: [['xinshu_node_block_age_seconds', '{{member}}']] },
      { title: 'Connected peers', unit: 'short', lines: [['xinshu_node_peers', '{{member}}']] },
      { title: 'Transactions waiting', unit: 'short', lines: [['xinshu_node_pending_transactions', '{{member}}']] },
      {
        title: 'Disk',
        unit: 'bytes',
        lines: [
          ['xinshu_node_disk_bytes', 'ledger {{instance}}'],
          ['xinshu_node_disk_free_bytes', 'free {{instance}}'],
        ],
      },
    ],
  },
  {
    title: 'Keeper',
    panels: [
      {
        title: 'Since the last good round',
        unit: 's',
        lines: [['time() - xinshu_keeper_last_good_round_timestamp_seconds', '{{instance}}']],
      },
      { title: 'Rounds by outcome', unit: 'ops', lines: [['sum by (outcome) (rate(xinshu_keeper_rounds_total[5m]))', '{{outcome}}']] },
      { title: 'Allowed', unit: 'short', lines: [['xinshu_keeper_allowed_entries', '{{instance}} {{list}}']] },
      {
        title: 'Put right',
        unit: 'short',
        lines: [
          ['sum by (place, direction) (increase(xinshu_keeper_changes_total[15m]))', '{{place}} {{direction}}'],
          ['sum by (place) (increase(xinshu_keeper_drift_entries_total[15m]))', 'drift {{place}}'],
        ],
      },
      { title: 'Node answers its keeper', unit: 'short', lines: [['xinshu_keeper_node_reachable', '{{instance}}']] },
      { title: 'Block of the membership', unit: 'short', lines: [['xinshu_keeper_block_number', '{{instance}}']] },
    ],
  },
  {
    title: 'Gateways: usages',
    panels: [
      {
        title: 'Usages by outcome',
        unit: 'ops',
        lines: [['sum by (side, outcome) (rate(xinshu_usages_total[5m]))', '{{side}} {{outcome}}']],
      },
      {
        title: 'Time of a usage, p50 and p99',
        unit: 's',
        lines: [
          ['histogram_quantile(0.5, sum by (side, le) (rate(xinshu_usage_duration_seconds_bucket[5m])))', 'p50 {{side}}'],
          ['histogram_quantile(0.99, sum by (side, le) (rate(xinshu_usage_duration_seconds_bucket[5m])))', 'p99 {{side}}'],
        ],
      },
      {
        title: 'Messages of peers',
        unit: 'ops',
        lines: [['sum by (protocol, outcome) (rate(xinshu_peer_messages_total[5m]))', '{{protocol}} {{outcome}}']],
      },
      { title: 'Work waiting to be delivered', unit: 'short', lines: [['xinshu_outbox_items', '{{instance}}']] },
    ],
  },
  {
    title: 'Gateways: audit log',
    panels: [
      { title: 'Entries', unit: 'short', lines: [['xinshu_log_size_leaves', '{{instance}}']] },
      { title: 'Entries under no anchor', unit: 'short', lines: [['xinshu_anchor_lag_leaves', '{{instance}}']] },
      { title: 'Entries without a quorum of cosignatures', unit: 'short', lines: [['xinshu_cosigned_lag_leaves', '{{instance}}']] },
      { title: 'Attempts to anchor', unit: 'ops', lines: [['sum by (outcome) (rate(xinshu_anchors_total[15m]))', '{{outcome}}']] },
      { title: 'Cosignatures asked for', unit: 'ops', lines: [['sum by (outcome) (rate(xinshu_cosignatures_total[15m]))', '{{outcome}}']] },
      { title: 'Members flagged', unit: 'short', lines: [['xinshu_flagged_members', '{{instance}}']] },
      { title: 'Mirrored block', unit: 'short', lines: [['xinshu_block_number', '{{instance}}']] },
      { title: 'Age of the mirror', unit: 's', lines: [['xinshu_block_age_seconds', '{{instance}}']] },
    ],
  },
  {
    title: 'Audit',
    panels: [
      { title: 'Findings', unit: 'short', lines: [['sum by (kind, member) (xinshu_audit_findings_total)', '{{kind}} {{member}}']] },
      {
        title: 'Entries read, anchored, cosigned',
        unit: 'short',
        lines: [
          ['xinshu_audit_log_entries', 'read {{member}}'],
          ['xinshu_audit_log_anchored_entries', 'anchored {{member}}'],
          ['xinshu_audit_log_cosigned_entries', 'cosigned {{member}}'],
        ],
      },
      {
        title: 'Open usages, unread logs',
        unit: 'short',
        lines: [
          ['xinshu_audit_open_usages', 'open'],
          ['xinshu_audit_unread_logs', 'unread'],
        ],
      },
    ],
  },
  {
    title: 'Processes',
    panels: [
      { title: 'Memory', unit: 'bytes', lines: [['process_resident_memory_bytes', '{{job}} {{instance}}']] },
      { title: 'CPU', unit: 's', lines: [['rate(process_cpu_seconds_total[5m])', '{{job}} {{instance}}']] },
      { title: 'Event loop lag, p99', unit: 's', lines: [['nodejs_eventloop_lag_p99_seconds', '{{job}} {{instance}}']] },
    ],
  },
];
