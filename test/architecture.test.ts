import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('..', import.meta.url));
const trees = ['node', 'gateway', 'scripts', 'test'];

/** Which parts of gateway/ a part may import (design.md §3); itself always, except where `apart` says its folders never import each other. */
const allowed: Record<string, readonly string[]> = {
  domain: [],
  ports: ['domain'],
  sealing: ['domain'],
  audit: ['domain'],
  scoring: ['domain'],
  flows: ['domain', 'ports', 'sealing', 'audit', 'scoring'],
  listeners: ['domain', 'ports', 'sealing', 'audit', 'scoring', 'flows'],
  adapters: ['domain', 'ports', 'audit'],
  console: [],
};
/** Composition roots of gateway/: they may import everything, nothing imports them but each other. */
const isRoot = (file: string): boolean => /^gateway\/(main|cli)\.ts$/.test(file) || file.startsWith('gateway/cli/');

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

/** Every module specifier, `import type` and `import()` counted: a type import is a dependency of thought. */
const specifiers = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^|[;\n])\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3]) as string);

// This file's own samples of import statements are not imports.
const files = trees.flatMap(sources).filter((file) => file !== 'test/architecture.test.ts');
const imports = new Map(
  files.map((file) => {
    const local = specifiers(readFileSync(join(root, file), 'utf8')).filter((specifier) => specifier.startsWith('.'));
    return [file, local.map((specifier) => relative(root, resolve(root, dirname(file), specifier)))] as const;
  }),
);
const part = (file: string): string => file.split('/')[1] ?? '';
const edges = [...imports].flatMap(([from, targets]) => targets.map((to) => ({ from, to })));
const show = (list: readonly { from: string; to: string }[]): string[] => list.map(({ from, to }) => `${from} -> ${to}`);

describe('architecture (design.md §3)', () => {
  it('reads the sources it judges', () => {
    expect(files.length).to.be.greaterThan(20);
    expect(edges.length).to.be.greaterThan(20);
  });

  it('finds a type import, a side-effect import and a dynamic import', () => {
    const text =
      "import type { A } from './a.ts';\nimport './b.ts';\nconst c = await import('./c.ts');\nexport { d } from './d.ts';\nimport {\n  e,\n} from './e.ts';";
    expect(specifiers(text).sort()).to.deep.equal(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
  });

  it('keeps node and gateway apart: they meet on the chain', () => {
    const crossing = edges.filter(
      ({ from, to }) => (from.startsWith('node/') && to.startsWith('gateway/')) || (from.startsWith('gateway/') && to.startsWith('node/')),
    );
    expect(show(crossing)).to.deep.equal([]);
  });

  it('lets nothing import scripts or test', () => {
    const wrong = edges.filter(({ from, to }) => /^(scripts|test)\//.test(to) && !/^(scripts|test)\//.test(from));
    expect(show(wrong)).to.deep.equal([]);
  });

  it('lets each part of gateway import only what lies below it', () => {
    const wrong = edges.filter(({ from, to }) => {
      if (!from.startsWith('gateway/') || !to.startsWith('gateway/') || isRoot(from)) return false;
      const below = allowed[part(from)];
      if (below === undefined) return to !== from && isRoot(to);
      return part(from) !== part(to) && !below.includes(part(to));
    });
    expect(show(wrong)).to.deep.equal([]);
  });

  it('keeps adapters, and the two listeners, from importing each other', () => {
    const siblings = (folder: string) =>
      edges.filter(({ from, to }) => from.startsWith(folder) && to.startsWith(folder) && from.split('/')[2] !== to.split('/')[2]);
    expect(show([...siblings('gateway/adapters/'), ...siblings('gateway/listeners/')])).to.deep.equal([]);
  });

  it('lets nothing import a composition root', () => {
    const wrong = edges.filter(({ from, to }) => from.startsWith('gateway/') && isRoot(to) && !isRoot(from));
    expect(show(wrong)).to.deep.equal([]);
  });

  it('has no cycles, type imports counted', () => {
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(cycles).to.deep.equal([]);
  });

  it('imports only files that exist', () => {
    const known = new Set(files);
    const missing = edges.filter(({ to }) => /\.(ts|mjs)$/.test(to) && !known.has(to));
    expect(show(missing)).to.deep.equal([]);
  });
});
