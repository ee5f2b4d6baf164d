import type { Command } from 'commander';
import { type Output, tellFailure } from './output.ts';

export const exits = '\nExit status: 0 done, 1 refused or failed (the code of the error tells why), 2 wrong use.';

function output(json: boolean): Output {
  return {
    json,
    result: (text) => process.stdout.write(`${text}\n`),
    progress: (text) => process.stderr.write(`${text}\n`),
  };
}

export interface Common {
  readonly json?: boolean;
}

/** What a command does; loaded only when it is asked for, since the libraries of the chain take a while. */
export type Run<O> = (options: O, output: Output) => Promise<void>;

/** Does it, and turns a failure into words and an exit status. */
export async function performing<O>(program: Command, options: O & Common, load: () => Promise<Run<O>>): Promise<void> {
  const to = output(options.json === true || program.opts<Common>().json === true);
  try {
    const run = await load();
    await run(options, to);
  } catch (error) {
    process.exitCode = tellFailure(to, error);
  }
}
