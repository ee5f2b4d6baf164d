import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Clock, Randomness } from '../ports/clock.ts';
import { usageFailure } from './failure.ts';
import { type GatewayClient, gatewayClient } from './gateway-client.ts';
import { clientAddress, type NetworkFile, readNetwork } from './network-file.ts';
import { readProfile } from './profiles.ts';
import { alignPairs, alignTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export type GlobalOptions = { readonly as?: string; readonly home: string; readonly json?: boolean; readonly lang: 'en' | 'zh' };

/** What every command works with. */
export type Context = {
  readonly options: GlobalOptions;
  readonly home: string;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** English or Chinese. */
  t(en: string, zh: string): string;
  network(): NetworkFile;
  /** The gateway of `--as`, with its token. */
  gateway(): GatewayClient;
  gatewayAs(profile: string): GatewayClient;
  /** A member's gateway without a token: the subjects' routes. */
  publicGateway(member: string): GatewayClient;
  /** Prints the value as JSON with --json, else the text. */
  show(value: unknown, text: () => string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): string;
  pairs(pairs: readonly (readonly [string, string])[]): string;
};

export type Surroundings = { readonly terminal: Terminal; readonly clock: Clock; readonly randomness: Randomness };

export const contextOf = (command: Command, surroundings: Surroundings): Context => {
  const options = command.optsWithGlobals<GlobalOptions>();
  const home = resolve(options.home);
  const { terminal } = surroundings;
  const bold = (text: string): string => (terminal.colour ? `\u001b[1m${text}\u001b[22m` : text);
  const gatewayAs = (name: string): GatewayClient => {
    const profile = readProfile(home, name);
    return gatewayClient(profile.gateway, profile.token, options.lang);
  };
  return {
    ...surroundings,
    options,
    home,
    t: (en, zh) => (options.lang === 'zh' ? zh : en),
    network: () => readNetwork(home),
    gateway: () => {
      if (options.as === undefined) throw usageFailure('say whom you act for: --as PROFILE (profiles.json lists them)');
      return gatewayAs(options.as);
    },
    gatewayAs,
    publicGateway: (member) => gatewayClient(clientAddress(readNetwork(home), member), undefined, options.lang),
    show: (value, text) => terminal.out(options.json === true ? JSON.stringify(value, null, 2) : text()),
    table: (head, rows) => alignTable(head, rows, bold),
    pairs: (pairs) => alignPairs(pairs, bold),
  };
};
