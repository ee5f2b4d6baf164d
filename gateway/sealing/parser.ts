import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Result, refuse } from '../domain/result.ts';

/** A check of a form that says where the fault is, never what stands there. Refuses with MESSAGE_MALFORMED. */
export const parser = <T>(schema: TSchema) => {
  const form = Compile(schema);
  return (value: unknown): Result<T> => {
    if (form.Check(value)) return { ok: true, value: value as T };
    const [first] = form.Errors(value);
    return refuse('MESSAGE_MALFORMED', { path: first?.instancePath ?? '', rule: first?.keyword ?? '' });
  };
};
