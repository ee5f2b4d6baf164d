import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { usageFailure } from './failure.ts';

/** The person or program in front of the command. Progress and questions go to standard error, results to standard output. */
export type Terminal = {
  readonly interactive: boolean;
  readonly colour: boolean;
  out(text: string): void;
  note(text: string): void;
  /** Throws a usage failure when there is nobody to ask. */
  ask(question: string): Promise<string>;
  /** Like `ask`, without showing what is typed. */
  askSecret(question: string): Promise<string>;
};

const read = async (question: string, hidden: boolean): Promise<string> => {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  // After the line above, which stops the terminal's own echo: what is typed right away must not show either.
  process.stderr.write(question);
  try {
    return await lines.question('');
  } finally {
    lines.close();
    if (hidden) process.stderr.write('\n');
  }
};

export const processTerminal = (): Terminal => {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const asked = (question: string, hidden: boolean): Promise<string> => {
    if (!interactive) throw usageFailure(`cannot ask "${question.trim()}" without a terminal`);
    return read(question, hidden);
  };
  return {
    interactive,
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    out: (text) => process.stdout.write(`${text}\n`),
    note: (text) => process.stderr.write(`${text}\n`),
    ask: (question) => asked(question, false),
    askSecret: (question) => asked(question, true),
  };
};
