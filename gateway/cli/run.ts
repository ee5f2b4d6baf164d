import type { Command } from 'commander';
import { type Context, contextOf, type Surroundings } from './context.ts';

/** Wraps an action: its first argument is the context, then what commander passes (arguments, then options). */
export type Run = <A extends unknown[]>(action: (context: Context, ...given: A) => Promise<void>) => (...given: unknown[]) => Promise<void>;

export const runIn =
  (surroundings: Surroundings): Run =>
  (action) =>
  async (...given) => {
    const command = given.at(-1) as Command;
    await action(contextOf(command, surroundings), ...(given.slice(0, -1) as never));
  };
