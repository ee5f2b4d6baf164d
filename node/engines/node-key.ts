import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { computeAddress, hexlify, randomBytes, SigningKey } from 'ethers';
import { NodeError } from '../errors.ts';
import { writeFileDurably } from '../json-file.ts';

/** The public side of a validator's node key: it names the node to its peers, and its address seals blocks. */
export interface NodeIdentity {
  readonly address: string;
  /** 64 bytes, hex without prefix, as node URLs have it. */
  readonly publicKey: string;
}

/** Makes the key file (hex, mode 0600) unless it is there. Kept outside the node's own folder: who has lost the chain still is the same validator. */
export function createNodeKey(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileDurably(file, `${hexlify(randomBytes(32)).slice(2)}\n`, 0o600);
}

/** Errors: NODE_KEY_UNREADABLE. */
export function readNodeIdentity(file: string): NodeIdentity {
  try {
    const key = new SigningKey(`0x${readFileSync(file, 'utf8').trim()}`);
    // Without the 0x and the 04 of an uncompressed point (SEC 1, section 2.3.3).
    return { address: computeAddress(key), publicKey: key.publicKey.slice(4) };
  } catch {
    // Not as the cause: ethers puts what it could not read, the key, into its message.
    throw new NodeError('NODE_KEY_UNREADABLE', { file });
  }
}
