import { expect } from 'chai';
import type { ErrorCode } from '../../gateway/domain/errors.ts';
import type { Refusal, Result } from '../../gateway/domain/result.ts';

/** The value of a result that must be one. */
export const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused with ${result.refusal.code} ${JSON.stringify(result.refusal.detail)}`);
  return result.value;
};

/** The refusal of a result that must be one. */
export const refusalOf = (result: Result<unknown>): Refusal => {
  expect(result.ok, 'must be refused').to.equal(false);
  return (result as Extract<typeof result, { ok: false }>).refusal;
};

/** The code of a result that must be a refusal. */
export const codeOf = (result: Result<unknown>): ErrorCode => refusalOf(result).code;
