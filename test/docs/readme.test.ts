import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Command, Option } from 'commander';
import { systemClock, systemRandomness } from '../../gateway/adapters/clock/system.ts';
import { xinshuProgram } from '../../gateway/cli/program.ts';
import type { Terminal } from '../../gateway/cli/terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root }), ...globSync('scripts/**/README.md', { cwd: root })].sort();

/** The lines of shell in a page: those of fenced blocks without a language, or with that of a shell. */
const shellLines = (text: string): readonly string[] => {
  const lines: string[] = [];
  let inShell = false;
  let inBlock = false;
  for (const line of text.split('\n')) {
    const fence = /^```(.*)$/.exec(line);
    if (fence !== null) {
      inBlock = !inBlock;
      inShell = inBlock && ['', 'sh', 'bash'].includes((fence[1] ?? '').trim());
    } else if (inShell) lines.push(line.replace(/^\$ /, ''));
  }
  return lines;
};

/** Words as a shell sees them, up to a redirection, a pipe or a comment. */
const wordsOf = (line: string): readonly string[] => {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
  const end = words.findIndex((word) => /^(>|>>|\||#|&&)$/.test(word));
  return end < 0 ? words : words.slice(0, end);
};

/** Commands in running text: often only named, not typed whole. */
const inlineLines = (text: string): readonly string[] => [...text.matchAll(/`(np[mx] [^`\n]+)`/g)].map((found) => found[1] ?? '');

const commandsOf = (lines: readonly string[], ...start: readonly string[]): readonly (readonly string[])[] =>
  lines
    .map(wordsOf)
    .filter((words) => start.every((word, place) => words[place] === word))
    .map((words) => words.slice(start.length));

const nobody = (): never => {
  throw new Error('nobody sits here');
};
const terminal: Terminal = {
  interactive: false,
  colour: false,
  out: () => undefined,
  note: () => undefined,
  ask: nobody,
  askSecret: nobody,
};

const isTaken = (option: Option, value: string): boolean => {
  try {
    option.parseArg?.(value, undefined);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with a command line by the program's own definition; undefined when it would be taken. */
const faultOf = (program: Command, words: readonly string[]): string | undefined => {
  let command = program;
  const given = new Set<string>();
  let values = 0;
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] as string;
    if (word.startsWith('--')) {
      const known = [command, command.parent, program]
        .flatMap((one) => one?.options ?? [])
        .find(({ long, required }) => long === word && (!required || words[place + 1] !== undefined));
      if (word === '--help') return undefined;
      if (known === undefined) return `no option ${word}`;
      given.add(word);
      if (!known.required) continue;
      place += 1;
      const value = words[place] as string;
      // Placeholders stand for what a user copies from the output.
      if (!/…|^\$|^[A-Z]+$/.test(value) && !isTaken(known, value)) return `${word} ${value}`;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word);
    if (next !== undefined && values === 0) command = next;
    else values += 1;
  }
  const missing = command.options.filter(({ mandatory, long }) => mandatory && !given.has(long ?? ''));
  if (missing.length > 0) return `misses ${missing.map(({ long }) => long).join(', ')}`;
  if (command.commands.length > 0 && command.registeredArguments.length === 0 && values > 0) return 'no such subcommand';
  const needed = command.registeredArguments.filter(({ required }) => required).length;
  if (values < needed || values > command.registeredArguments.length) return `takes ${needed} arguments, not ${values}`;
  return undefined;
};

describe('README and docs', () => {
  it('type only commands and options that xinshu has', async () => {
    const lines = pages.flatMap((page) => [
      ...commandsOf(shellLines(read(page)), 'npx', 'xinshu').map((words) => ({ page, words, named: false })),
      ...commandsOf(inlineLines(read(page)), 'npx', 'xinshu').map((words) => ({ page, words, named: true })),
    ]);
    expect(lines.filter(({ page }) => page === 'README.md')).to.have.length.greaterThan(20);
    for (const { page, words, named } of lines) {
      const program = await xinshuProgram({ terminal, clock: systemClock, randomness: systemRandomness }, words);
      const fault = faultOf(program, words);
      if (named && fault !== undefined && /^(misses|takes)/.test(fault)) continue;
      expect(fault, `${page}: npx xinshu ${words.join(' ')}`).to.equal(undefined);
    }
  });

  it('would notice a command, an option or an argument that xinshu has not', async () => {
    const fault = async (line: string) => {
      const words = wordsOf(line);
      return faultOf(await xinshuProgram({ terminal, clock: systemClock, randomness: systemRandomness }, words), words);
    };
    expect(await fault('grant ask x')).to.equal('no such subcommand');
    expect(await fault('dataset list --bogus')).to.equal('no option --bogus');
    expect(await fault('dataset show')).to.match(/^takes 1/);
    expect(await fault('consent list')).to.equal('misses --subject');
    expect(await fault('--lang fr status')).to.equal('--lang fr');
  });

  it('type only commands and options that xinshu-node has', () => {
    const helps = new Map<string, string>();
    const helpOf = (command: string): string => {
      const known =
        helps.get(command) ??
        execFileSync(process.execPath, [join(root, 'node/cli.ts'), ...command.split(' '), '--help'], { encoding: 'utf8' });
      helps.set(command, known);
      return known;
    };
    const lines = pages.flatMap((page) =>
      commandsOf([...shellLines(read(page)), ...inlineLines(read(page))], 'npx', 'xinshu-node').map((words) => ({ page, words })),
    );
    expect(lines.length).to.be.greaterThan(0);
    for (const { page, words } of lines) {
      const [first = '--help', second, ...others] = words;
      if (first.startsWith('-')) continue;
      const grouped = second !== undefined && /^Commands:$/m.test(helpOf(first));
      const [command, rest] = grouped ? [`${first} ${second}`, others] : [first, words.slice(1)];
      const help = helpOf(command);
      expect(help, `${page}: xinshu-node ${words.join(' ')}`).to.match(new RegExp(`^Usage: xinshu-node ${command} `));
      for (const option of rest.filter((word) => word.startsWith('--'))) expect(help, `${page}: ${command}`).to.include(`${option} `);
    }
  });

  it('name only scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => [
      ...commandsOf([...shellLines(read(page)), ...inlineLines(read(page))], 'npm', 'run').map(([name]) => name),
    ]);
    const plain = pages.flatMap((page) => commandsOf([...shellLines(read(page)), ...inlineLines(read(page))], 'npm').map(([name]) => name));
    for (const name of named) expect(scripts).to.have.property(name ?? '');
    expect(plain).to.include('start').and.to.include('test');
    expect(scripts).to.include.keys('start', 'test');
  });

  it('give npm start only options that it has', () => {
    const help = execFileSync(process.execPath, [join(root, 'scripts/dev/start.ts'), '--help'], { encoding: 'utf8' });
    const options = pages.flatMap((page) =>
      commandsOf([...shellLines(read(page)), ...inlineLines(read(page))], 'npm', 'start').flatMap((words) =>
        words.filter((word) => /^--./.test(word)),
      ),
    );
    expect(options).to.include('--once');
    for (const option of options) expect(help).to.include(`${option} `);
  });

  it('point only to files that exist', () => {
    for (const page of pages) {
      const text = read(page).replace(/```[\s\S]*?```/g, '');
      for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        expect(existsSync(join(root, dirname(page), target)), `${page} -> ${target}`).to.equal(true);
      }
    }
  });

  it('name only folders and files of the repository', () => {
    const top = /^(contracts|docs|gateway|node|scripts|test)\//;
    for (const page of pages) {
      // Decisions tell what was; a file they name may have gone since.
      if (page.startsWith('docs/decisions/')) continue;
      const text = read(page).replace(/```[\s\S]*?```/g, '');
      for (const [, name = ''] of text.matchAll(/`([^`\s]+)`/g)) {
        if (!top.test(name)) continue;
        const found = globSync(name.replace(/\/$/, ''), { cwd: root });
        expect(found, `${page}: ${name}`).to.not.have.length(0);
      }
    }
  });

  it('list every direct dependency with the licence it declares', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const licences = read('docs/licences.md');
    for (const [name, wanted] of Object.entries(dependencies)) {
      const { version, license } = JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string; license: string };
      expect(version, name).to.equal(wanted);
      expect(licences).to.include(`| ${name} | ${version} | ${license.replace(/[()]/g, '')} |`);
    }
    expect([...licences.matchAll(/^\| [^|]+ \| \d/gm)]).to.have.length(Object.keys(dependencies).length);
  });

  it('hold no path of the machine they were written on', () => {
    for (const page of pages) expect(read(page), page).to.not.match(/\/(?:work|root|home|tmp|Users)\//);
  });
});
