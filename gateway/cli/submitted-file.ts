import { existsSync, readFileSync } from 'node:fs';
import type { Context } from './context.ts';
import { CliFailure, usageFailure } from './failure.ts';

/* Files that a command hands to the gateway, and what the gateway finds wrong with them. */

type Fault = {
  readonly line?: number;
  readonly column?: string;
  readonly kind?: string;
  readonly code?: string;
  readonly path?: string;
  readonly reason?: string;
};

/** All faults of a refused file, a line each, before the refusal itself. */
export const listingFaults = async <T>(context: Context, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (failure) {
    const faults = failure instanceof CliFailure ? failure.facts.faults : undefined;
    if (context.options.json !== true && Array.isArray(faults))
      for (const { line, column, kind, code, path, reason } of faults as Fault[])
        context.terminal.note(
          line === undefined
            ? `${path ?? ''}: ${code ?? ''} ${reason ?? ''}`
            : `${context.t('line', '行')} ${line}, ${column || '-'}: ${code} (${kind})`,
        );
    throw failure;
  }
};

export const readText = (file: string): string => {
  if (!existsSync(file)) throw usageFailure(`no file ${file}`);
  return readFileSync(file, 'utf8');
};
export const readJson = (file: string): unknown => {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch {
    throw usageFailure(`${file} is not JSON`);
  }
};
