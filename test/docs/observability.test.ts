import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { prometheusMeter } from '../../gateway/adapters/metrics/prometheus.ts';
import { auditMetrics } from '../../gateway/cli/auditing/audit-metrics.ts';
import { catalogue } from '../../gateway/domain/errors.ts';
import { nodeErrors } from '../../node/errors.ts';
import { keeperMetrics } from '../../node/observability/keeper-metrics.ts';
import { nodeMetrics } from '../../node/observability/node-metrics.ts';

const folder = new URL('../../docs/operations/', import.meta.url);
const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, folder)), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

/** Series of an exposition by its own `# TYPE` lines; a histogram has three. */
const seriesOf = (exposition: string): string[] =>
  [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', kind]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );

const port = 43_100;

/** What the processes really register, with the labels each takes. */
const exposed = async (): Promise<{ readonly series: ReadonlySet<string>; readonly labels: ReadonlyMap<string, readonly string[]> }> => {
  const zero = () => 0;
  const meter = prometheusMeter({
    anchorLagLeaves: zero,
    logSize: zero,
    cosignedLagLeaves: zero,
    blockNumber: zero,
    blockAgeSeconds: zero,
    outboxSize: zero,
  });
  const registry = new Registry();
  nodeMetrics(registry);
  keeperMetrics(registry);
  const audit = await auditMetrics(port);
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const texts = [(await meter.exposition()).text, await registry.metrics(), await response.text()];
  await audit.close();
  const made = registry.getMetricsAsArray() as unknown as readonly { readonly name: string; readonly labelNames: readonly string[] }[];
  return {
    // `up` is Prometheus's own: whether a scrape worked.
    series: new Set(['up', ...texts.flatMap(seriesOf)]),
    labels: new Map(made.map(({ name, labelNames }) => [name, labelNames])),
  };
};

const withoutStrings = (query: string): string => query.replace(/"[^"]*"/g, '""');

/** Names of series in a query: words that are neither functions, nor labels, nor operators. */
const seriesIn = (query: string): string[] =>
  [
    ...withoutStrings(query)
      .replace(/\{[^}]*\}/g, '')
      .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, '')
      .replace(/\[[^\]]*\]/g, '')
      .matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\(|[a-zA-Z0-9_:])/g),
  ]
    .map(([word]) => word)
    .filter((word) => !['and', 'or', 'unless', 'by', 'bool'].includes(word));

const balanced = (query: string): boolean => {
  const open: string[] = [];
  for (const sign of withoutStrings(query).replace(/[^()[\]{}]/g, '')) {
    const start = { ')': '(', ']': '[', '}': '{' }[sign];
    if (start === undefined) open.push(sign);
    else if (open.pop() !== start) return false;
  }
  return open.length === 0;
};

/** Outcomes that a query selects by name. */
const outcomesIn = (query: string): string[] =>
  [...query.matchAll(/outcome(?:=~|=|!=)"([^"]*)"/g)].flatMap(([, values = '']) => values.split('|'));

describe('observability: dashboard, rules, runbooks', () => {
  let series: ReadonlySet<string>;
  let labels: ReadonlyMap<string, readonly string[]>;
  const rules = (parse(read('prometheus-rules.yaml')) as Rules).groups.flatMap((group) => group.rules);
  const panels = (JSON.parse(read('grafana-dashboard.json')) as { readonly panels: readonly Panel[] }).panels;
  const queries = [
    ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expr }))),
  ];

  before(async () => {
    ({ series, labels } = await exposed());
  });

  it('reads a query as it is meant', () => {
    const query =
      'histogram_quantile(0.9, sum by (le, side) (rate(a_bucket{side="b"}[5m]))) > 5 and c - scalar(max(d)) or up{job=~"x|y"} == 0';
    expect(seriesIn(query)).to.deep.equal(['a_bucket', 'c', 'd', 'up']);
    expect(outcomesIn('a{outcome=~"B|C"} + d{outcome!="ok"}')).to.deep.equal(['B', 'C', 'ok']);
    expect([balanced('a(b[1m])'), balanced('a(b[1m)]'), balanced('a(b')]).to.deep.equal([true, false, false]);
  });

  it('names only series that a process registers', () => {
    expect(queries.length).to.be.greaterThan(40);
    for (const { where, expr } of queries) {
      expect(balanced(expr), `${where}: ${expr}`).to.equal(true);
      expect(seriesIn(expr), where).to.not.deep.equal([]);
      expect(
        seriesIn(expr).filter((name) => !series.has(name)),
        `${where}: ${expr}`,
      ).to.deep.equal([]);
    }
  });

  it('names only outcomes that the catalogues have', () => {
    const known = new Set(['ok', ...Object.keys(catalogue), ...Object.keys(nodeErrors)]);
    const named = queries.flatMap(({ expr }) => outcomesIn(expr));
    expect(named.length).to.be.greaterThan(5);
    expect(named.filter((outcome) => !known.has(outcome))).to.deep.equal([]);
  });

  it('shows every metric of node, keeper, gateway and audit somewhere', () => {
    const used = new Set(queries.flatMap(({ expr }) => seriesIn(expr).map((name) => name.replace(/_(bucket|sum|count)$/, ''))));
    const own = [...series].filter((name) => name.startsWith('xinshu_')).map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    const unshown = new Set(own.filter((name) => !used.has(name)));
    expect([...unshown]).to.have.members(['xinshu_audit_log_erased_entries', 'xinshu_audit_rounds_total']);
  });

  it('documents every metric of node and keeper with its labels', () => {
    const page = read('observability.md');
    for (const [name, labelNames] of labels) {
      const row = page.split('\n').find((line) => line.startsWith('| `') && line.includes(`\`${name}\``));
      expect(row, name).to.not.equal(undefined);
      expect(row?.split('|')[2]?.trim(), name).to.equal(labelNames.join(', '));
    }
  });

  it('has a runbook for each alert, and no runbook without one', () => {
    const page = read('runbooks.md');
    const sections = page.split(/^## /m).slice(1);
    const titles = sections.map((section) => section.split('\n')[0]);
    expect(titles).to.have.members(rules.map(({ alert }) => alert));
    expect(new Set(titles).size).to.equal(titles.length);
    for (const { alert, annotations } of rules)
      expect(annotations.runbook, alert).to.equal(`docs/operations/runbooks.md#${alert.toLowerCase()}`);
    for (const section of sections) for (const part of ['**Means.**', '**Look.**', '**Do.**']) expect(section).to.contain(part);
  });

  it('gives each rule what Prometheus asks for', () => {
    for (const rule of rules) {
      expect(
        Object.keys(rule).filter((key) => !['alert', 'expr', 'for', 'labels', 'annotations'].includes(key)),
        rule.alert,
      ).to.deep.equal([]);
      expect(rule.alert).to.match(/^[A-Z][A-Za-z]+$/);
      expect(rule.for ?? '0s', rule.alert).to.match(/^[0-9]+[smhd]$/);
      expect(['page', 'ticket'], rule.alert).to.include(rule.labels.severity);
      expect(rule.annotations.summary, rule.alert).to.match(/\.$/);
    }
  });

  it('lays the panels out without overlap, each with an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).to.equal(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).to.equal(true);
  });
});
