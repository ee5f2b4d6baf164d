import { CommanderError } from 'commander';
import { systemClock, systemRandomness } from '../adapters/clock/system.ts';
import { XinshuError } from '../domain/errors.ts';
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

/** Runs one command of this process's arguments; its exit status is set as the help says. */
export const mainCommand = async (args: readonly string[]): Promise<void> => {
  const terminal = processTerminal();
  const program = await xinshuProgram({ terminal, clock: systemClock, randomness: systemRandomness }, args);
  const json = (): boolean => program.opts<{ json?: boolean }>().json === true;
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (failure) {
    if (failure instanceof CommanderError) process.exitCode = failure.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    else if (failure instanceof CliFailure) {
      report(terminal, json(), failure.code, failure.message, failure.facts);
      process.exitCode = failure.status;
    } else if (failure instanceof XinshuError) {
      report(terminal, json(), failure.code, failure.message, failure.detail);
      process.exitCode = exitStatus.refused;
    } else throw failure;
  }
};
