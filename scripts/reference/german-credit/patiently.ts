import { CliFailure } from '../../../gateway/cli/failure.ts';
import { catalogue, type ErrorCode } from '../../../gateway/domain/errors.ts';

const patienceMs = 300_000;
const pauseMs = 500;

const mayMend = (failure: unknown): boolean =>
  failure instanceof CliFailure &&
  (failure.code === 'GATEWAY_UNREACHABLE' || (failure.code in catalogue && catalogue[failure.code as ErrorCode].kind === 'retry'));

/** Calls that may be repeated as they are, until one is answered: a thousand of them keep four gateways and their ledger busy. */
export const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
  for (const until = Date.now() + patienceMs; ; ) {
    try {
      return await call();
    } catch (failure) {
      if (!mayMend(failure) || Date.now() > until) throw failure;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
};
