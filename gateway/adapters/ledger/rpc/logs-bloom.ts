import { keccak256 } from 'ethers';
import type { Hex } from '../../../domain/ids.ts';

const bloomBits = 2048;

/** Tells of a block's bloom filter whether it may hold a log of this contract: 3 bits, from the address's hash (yellow paper, section 4.4.1). False is certain. */
export const bloomTest = (address: string): ((bloom: Hex) => boolean) => {
  const hash = Buffer.from(keccak256(address.toLowerCase()).slice(2), 'hex');
  const bits = [0, 2, 4].map((at) => hash.readUInt16BE(at) & (bloomBits - 1));
  return (bloom) =>
    bits.every((bit) => {
      // The filter is one number, written from its highest bit: four bits a digit.
      const digit = bloom.charAt(bloom.length - 1 - (bit >> 2));
      return (Number.parseInt(digit, 16) & (1 << (bit & 3))) !== 0;
    });
};
