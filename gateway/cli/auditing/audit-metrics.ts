import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Finding } from '../../audit/finding.ts';
import type { LogSummary } from './summary.ts';

/** What an audit that follows shows to Prometheus, at /metrics on 127.0.0.1. */
export type AuditMetrics = {
  log(log: LogSummary): void;
  finding(finding: Pick<Finding, 'kind' | 'member'>): void;
  round(round: { readonly open: number; readonly unread: number; readonly at: number }): void;
  close(): Promise<void>;
};

const listen = async (registry: Registry, port: number): Promise<Server> => {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

export const auditMetrics = async (port: number): Promise<AuditMetrics> => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) => new Gauge({ name, help, labelNames, registers });
  const entries = gauge('xinshu_audit_log_entries', 'Entries read and proved, by member.', 'member');
  const anchored = gauge('xinshu_audit_log_anchored_entries', 'Entries under an anchor on chain, by member.', 'member');
  const cosigned = gauge('xinshu_audit_log_cosigned_entries', 'Entries under a quorum of cosignatures, by member.', 'member');
  const flagged = gauge('xinshu_audit_log_flagged', 'Whether a log lacks its quorum for longer than max-witness-lag, by member.', 'member');
  const erased = gauge('xinshu_audit_log_erased_entries', 'Entries whose opening is erased, by member.', 'member');
  const open = gauge('xinshu_audit_open_usages', 'Requests that nothing has answered yet.');
  const unread = gauge('xinshu_audit_unread_logs', 'Logs that could not be read in the last round.');
  const last = gauge('xinshu_audit_last_round_timestamp_seconds', 'When the last round ended.');
  const findings = new Counter({
    name: 'xinshu_audit_findings_total',
    help: 'Findings, by kind and member.',
    labelNames: ['kind', 'member'] as const,
    registers,
  });
  const rounds = new Counter({ name: 'xinshu_audit_rounds_total', help: 'Rounds over all logs since the start.', registers });
  const server = await listen(registry, port);
  return {
    log: (log) => {
      entries.set({ member: log.member }, log.size);
      anchored.set({ member: log.member }, log.anchoredSize);
      cosigned.set({ member: log.member }, log.quorumSize);
      flagged.set({ member: log.member }, log.flagged ? 1 : 0);
      erased.set({ member: log.member }, log.erased);
    },
    finding: ({ kind, member }) => findings.inc({ kind, member }),
    round: (round) => {
      open.set(round.open);
      unread.set(round.unread);
      last.set(round.at / 1000);
      rounds.inc();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
