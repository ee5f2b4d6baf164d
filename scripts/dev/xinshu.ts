import { systemClock, systemRandomness } from '../../gateway/adapters/clock/system.ts';
import { runCommand } from '../../gateway/cli/main-command.ts';
import type { Terminal } from '../../gateway/cli/terminal.ts';

export type CommandResult = { readonly status: number; readonly value: unknown; readonly notes: string };

/** Nobody sits at it: what a command prints is collected, and a question fails. */
const collectingTerminal = () => {
  const said = { out: '', notes: '' };
  const nobody = (question: string): Promise<string> => Promise.reject(new Error(`nobody can answer: ${question}`));
  const terminal: Terminal = {
    interactive: false,
    colour: false,
    out: (text) => {
      said.out += `${text}\n`;
    },
    note: (text) => {
      said.notes += `${text}\n`;
    },
    ask: nobody,
    askSecret: nobody,
  };
  return { said, terminal };
};

const runJson = async (home: string, args: readonly string[]) => {
  const { said, terminal } = collectingTerminal();
  const before = process.exitCode;
  process.exitCode = undefined;
  const returned = await runCommand(['--home', home, '--json', ...args], { terminal, clock: systemClock, randomness: systemRandomness });
  // A command that ends well but found something sets the status itself.
  const status = returned === 0 ? Number(process.exitCode ?? 0) : returned;
  process.exitCode = before;
  return { status, out: said.out, notes: said.notes };
};

/** Runs the `xinshu` command with --json, as a user would but inside this process (a process of its own costs a second), and gives its exit status and value. */
export const tryXinshu = async (home: string, args: readonly string[]): Promise<CommandResult> => {
  const { status, out, notes } = await runJson(home, args);
  return { status, value: out.trim() === '' ? undefined : JSON.parse(out), notes };
};

/** The same for a command that prints one JSON document after the other. */
export const xinshuLines = async (
  home: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly lines: readonly unknown[]; readonly notes: string }> => {
  const { status, out, notes } = await runJson(home, args);
  const documents = out.startsWith('{\n') ? [out] : out.split('\n').filter((line) => line !== '');
  return { status, lines: documents.map((text) => JSON.parse(text)), notes };
};

/** The same, but anything other than success is an error that says what the command said. */
export const xinshu = async <T>(home: string, args: readonly string[]): Promise<T> => {
  const { status, value, notes } = await tryXinshu(home, args);
  if (status !== 0) throw new Error(`xinshu ${args.join(' ')} ended with ${status}: ${notes.trim()} ${JSON.stringify(value) ?? ''}`);
  return value as T;
};
