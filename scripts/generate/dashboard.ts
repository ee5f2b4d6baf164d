/** Writes docs/operations/grafana-dashboard.json from its list of panels. `--check` writes nothing and ends with 1 if the committed file differs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Panel, type Row, rows } from './dashboard/panels.ts';

const OUTPUT = new URL('../../docs/operations/grafana-dashboard.json', import.meta.url);

/** Grafana's grid is 24 wide; three panels side by side. */
const width = 8;
const height = 7;

const source = { type: 'prometheus', uid: '$source' } as const;

const panelAt = ({ title, unit, lines }: Panel, id: number, x: number, y: number): object => ({
  id,
  type: 'timeseries',
  title,
  datasource: source,
  gridPos: { h: height, w: width, x, y },
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  targets: lines.map(([expr, legendFormat], index) => ({ refId: String.fromCharCode(65 + index), datasource: source, expr, legendFormat })),
});

const perLine = 24 / width;

/** A row's heading and its panels, from line `top` on; and the line after them. */
const placed = ({ title, panels }: Row, id: number, top: number): { readonly made: readonly object[]; readonly end: number } => ({
  made: [
    { id, type: 'row', title, collapsed: false, gridPos: { h: 1, w: 24, x: 0, y: top }, panels: [] },
    ...panels.map((panel, index) =>
      panelAt(panel, id + 1 + index, (index % perLine) * width, top + 1 + Math.floor(index / perLine) * height),
    ),
  ],
  end: top + 1 + Math.ceil(panels.length / perLine) * height,
});

const all = rows.reduce<{ readonly made: readonly object[]; readonly end: number }>(
  ({ made, end }, row) => {
    const next = placed(row, made.length + 1, end);
    return { made: [...made, ...next.made], end: next.end };
  },
  { made: [], end: 0 },
);

const dashboard = {
  title: 'Xinshu',
  uid: 'xinshu',
  tags: ['xinshu'],
  schemaVersion: 39,
  version: 1,
  timezone: 'browser',
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  templating: { list: [{ name: 'source', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
  panels: all.made,
};

const text = `${JSON.stringify(dashboard, undefined, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(OUTPUT, text);
else if (!existsSync(OUTPUT) || readFileSync(OUTPUT, 'utf8') !== text) {
  console.error('docs/operations/grafana-dashboard.json differs from its panels: run `node scripts/generate/dashboard.ts`');
  process.exitCode = 1;
}
