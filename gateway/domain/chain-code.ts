import type { Hex } from './ids.ts';

const shape = /^[A-Za-z0-9.-]{1,31}$/;

/** A member, dataset, field or purpose code as it stands on chain: ASCII, left-aligned in bytes32, zero bytes after it. Throws RangeError for what is no code. */
export const encodeChainCode = (code: string): Hex => {
  if (!shape.test(code)) throw new RangeError('not a code of 1 to 31 characters');
  return `0x${Buffer.from(code, 'ascii').toString('hex').padEnd(64, '0')}`;
};
