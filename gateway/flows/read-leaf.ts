import { XinshuError } from '../domain/errors.ts';
import type { AuditStore } from '../ports/audit-store.ts';

/** Bytes of the one leaf at `index`, which the log holds. */
export const readLeaf = async (audit: AuditStore, index: number): Promise<Uint8Array> => {
  for await (const { leaf } of audit.leaves(index, index + 1)) return leaf;
  throw new XinshuError('LOG_RANGE_INVALID', { index, logSize: audit.size() });
};
