import { expect } from 'chai';
import { NodeError } from '../../node/errors.ts';

/** The NodeError that the promise rejects with; fails if it resolves or rejects with anything else. */
export async function nodeErrorOf(outcome: Promise<unknown>): Promise<NodeError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(NodeError);
  return error as NodeError;
}
