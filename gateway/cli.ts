#!/usr/bin/env node
import { CommanderError } from 'commander';
import { systemClock, systemRandomness } from './adapters/clock/system.ts';
import { CliFailure, exitStatus } from './cli/failure.ts';
import { xinshuProgram } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';
import { XinshuError } from './domain/errors.ts';

const terminal = processTerminal();
const program = xinshuProgram({ terminal, clock: systemClock, randomness: systemRandomness });

const report = (code: string, message: string, facts: Readonly<Record<string, unknown>>): void => {
  if (program.opts<{ json?: boolean }>().json === true) terminal.out(JSON.stringify({ error: { code, message, facts } }, null, 2));
  else
    terminal.note(
      `${code}: ${message}${Object.entries(facts)
        .filter(([, value]) => typeof value !== 'object')
        .map(([name, value]) => `\n  ${name}: ${value}`)
        .join('')}`,
    );
};

try {
  await program.parseAsync();
} catch (failure) {
  if (failure instanceof CommanderError) process.exitCode = failure.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  else if (failure instanceof CliFailure) {
    report(failure.code, failure.message, failure.facts);
    process.exitCode = failure.status;
  } else if (failure instanceof XinshuError) {
    report(failure.code, failure.message, failure.detail);
    process.exitCode = exitStatus.refused;
  } else throw failure;
}
