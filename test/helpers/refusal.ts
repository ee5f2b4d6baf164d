import { expect } from 'chai';
import type { ErrorCode } from '../../gateway/domain/errors.ts';
import type { Result } from '../../gateway/domain/result.ts';

/** The value of a result that must be one. */
export const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused with ${result.refusal.code} ${JSON.stringify(result.refusal.detail)}`);
  return result.value;
};

/** The code of a result that must be a refusal. */
export const codeOf = (result: Result<unknown>): ErrorCode => {
  expect(result.ok, 'must be refused').to.equal(false);
  return (result as Extract<typeof result, { ok: false }>).refusal.code;
};
