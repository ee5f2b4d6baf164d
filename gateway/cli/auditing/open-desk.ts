import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../audit/finding.ts';
import type { Address } from '../../domain/ids.ts';
import { withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, usageFailure } from '../failure.ts';
import { readProfiles } from '../profiles.ts';
import type { Desk } from './desk.ts';
import { gatewayLog, type LogSource } from './log-source.ts';
import { AuditorState } from './state.ts';

export type DeskOptions = {
  /** undefined: kept in a temporary folder and forgotten. */
  readonly folder: string | undefined;
  readonly tolerance: number;
  readonly found: (finding: Finding) => void;
};

/** Opens the auditor's state and view of the chain, runs, and closes both. */
export const withDesk = <T>(context: Context, options: DeskOptions, run: (desk: Desk) => Promise<T>): Promise<T> => {
  const { chainId, directory } = context.network();
  return withChain(context.network(), async (chain) => {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'xinshu-audit-'));
    try {
      const state = await AuditorState.open(folder, { chainId, directory: directory as Address }, context.randomness);
      try {
        return await run({ state, chain, tolerance: options.tolerance, found: options.found });
      } finally {
        await state.close();
      }
    } finally {
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    }
  });
};

const auditors = (context: Context): string[] => {
  const names = context.options.as?.split(',') ?? Object.keys(readProfiles(context.home)).filter((name) => name.endsWith('.auditor'));
  if (names.length === 0) throw usageFailure('no auditor: give --as PROFILE[,PROFILE], or name profiles ….auditor in profiles.json');
  return names;
};

/** The logs that this auditor was given: those of the profiles of --as, else of all named ….auditor; of these members only, if any are named. */
export const logSources = async (context: Context, members: readonly string[] | undefined): Promise<readonly LogSource[]> => {
  const sources = auditors(context).map((name) => gatewayLog(name, context.gatewayAs(name)));
  if (members === undefined) return sources;
  const named = new Map<string, LogSource>();
  for (const source of sources) {
    try {
      named.set((await source.checkpoint()).member, source);
    } catch (failure) {
      if (!(failure instanceof CliFailure)) throw failure;
    }
  }
  return members.map((member) => {
    const source = named.get(member);
    if (source === undefined)
      throw usageFailure(`no auditor of ${member} whose gateway answers; there are: ${[...named.keys()].join(', ')}`);
    return source;
  });
};
