import { expect } from 'chai';
import { type ErrorCode, XinshuError } from '../../gateway/domain/errors.ts';

/** The XinshuError that this rejects or throws with, its code checked. */
export const rejection = async (code: ErrorCode, action: () => unknown): Promise<XinshuError> => {
  let error: unknown;
  try {
    await action();
  } catch (caught) {
    error = caught;
  }
  expect(error, `expected ${code}`).to.be.instanceOf(XinshuError);
  expect((error as XinshuError).code).to.equal(code);
  return error as XinshuError;
};

/** Everything an async iterable gives. */
export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
