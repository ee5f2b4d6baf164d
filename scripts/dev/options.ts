import { parseArgs } from 'node:util';
import type { EngineKind } from '../../node/engines/engine.ts';
import { StartError } from './start-error.ts';

const startEngines = ['embedded', 'kaia'] as const satisfies readonly EngineKind[];
export type StartEngine = (typeof startEngines)[number];

export type StartOptions = {
  readonly data: string;
  /** undefined: the default, or what the data folder has. */
  readonly portBase: number | undefined;
  /** undefined: the default, or what the data folder has. */
  readonly engine: StartEngine | undefined;
  readonly once: boolean;
  readonly json: boolean;
  readonly subjects: number;
};

export const usage = `Usage: npm start -- [options]

Brings up the whole network on this machine: the ledger and one gateway for each institution, with sample data, and walks through one query
from key to withdrawal. A second start resumes what is there. Ctrl-C stops everything cleanly.

  --data DIR       where everything is kept (default .xinshu)
  --port-base N    first port; the network uses N to N+49 on 127.0.0.1 (default 18800)
  --engine KIND    the ledger: embedded, one process (default), or kaia, four validators with Byzantine fault tolerance, built from
                   source with Go, which takes minutes the first time; only for a new folder
  --once           end after the journey; exit status 0 if every step was ok
  --json           one JSON document on standard output, progress on standard error
  --subjects N     subjects in the sample data (default 2000; only for a new folder)
  --help           this text

Exit status: 0 ok, 1 a step failed, 2 wrong use, 130 stopped by Ctrl-C before it was done.`;

const integer = (name: string, text: string, minimum: number, maximum: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new StartError('START_USAGE', `--${name} takes a whole number from ${minimum} to ${maximum}, not "${text}"`);
  }
  return value;
};

const engineKind = (text: string): StartEngine => {
  const kind = startEngines.find((one) => one === text);
  if (kind === undefined) throw new StartError('START_USAGE', `--engine takes ${startEngines.join(' or ')}, not "${text}"`);
  return kind;
};

/** Throws StartError START_USAGE; `undefined` when help was asked for. */
export const parseOptions = (args: readonly string[]): StartOptions | undefined => {
  let values: { data: string; 'port-base'?: string; engine?: string; subjects: string; once: boolean; json: boolean; help: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string', default: '.xinshu' },
        'port-base': { type: 'string' },
        engine: { type: 'string' },
        subjects: { type: 'string', default: '2000' },
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    throw new StartError('START_USAGE', cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help) return undefined;
  return {
    data: values.data,
    portBase: values['port-base'] === undefined ? undefined : integer('port-base', values['port-base'], 1024, 65_485),
    engine: values.engine === undefined ? undefined : engineKind(values.engine),
    subjects: integer('subjects', values.subjects, 8, 1_000_000),
    once: values.once,
    json: values.json,
  };
};
