import { CommanderError } from 'commander';
import { systemClock, systemRandomness } from '../adapters/clock/system.ts';
import { XinshuError } from '../domain/errors.ts';
import type { Surroundings } from './context.ts';
import { CliFailure, exitStatus } from './failure.ts';
import { xinshuProgram } from './program.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const report = (terminal: Terminal, json: boolean, code: string, message: string, facts: Readonly<Record<string, unknown>>): void => {
  if (json) {
    terminal.out(JSON.stringify({ error: { code, message, facts } }, null, 2));
    return;
  }
  const plain = Object.entries(facts).filter(([, value]) => value !== undefined && typeof value !== 'object');
  terminal.note([`${code}: ${message}`, ...plain.map(([name, value]) => `  ${name}: ${value}`)].join('\n'));
};

/** Runs one command and gives its exit status; what it has to say goes to the terminal of `surroundings`. */
export const runCommand = async (args: readonly string[], surroundings: Surroundings): Promise<number> => {
  const { terminal } = surroundings;
  const program = await xinshuProgram(surroundings, args);
  const json = (): boolean => program.opts<{ json?: boolean }>().json === true;
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitStatus.ok;
  } catch (failure) {
    if (failure instanceof CommanderError) return failure.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    if (failure instanceof CliFailure) {
      report(terminal, json(), failure.code, failure.message, failure.facts);
      return failure.status;
    }
    if (failure instanceof XinshuError) {
      report(terminal, json(), failure.code, failure.message, failure.detail);
      return exitStatus.refused;
    }
    throw failure;
  }
};

/** Runs the command of this process's arguments; its exit status is set as the help says. */
export const mainCommand = async (args: readonly string[]): Promise<void> => {
  const status = await runCommand(args, { terminal: processTerminal(), clock: systemClock, randomness: systemRandomness });
  // A command that set a status itself (findings, a half-read log) keeps it.
  if (status !== exitStatus.ok) process.exitCode = status;
};
