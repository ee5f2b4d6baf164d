import type { ErrorCode } from './errors.ts';

/** A refusal is a value: a stable code of the catalogue and what a person needs to understand it. Never holds plaintext of a subject. */
export type Refusal = { readonly code: ErrorCode; readonly detail: Readonly<Record<string, string | number>> };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const refuse = (
  code: ErrorCode,
  detail: Readonly<Record<string, string | number>> = {},
): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { code, detail },
});
