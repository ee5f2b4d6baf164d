import { verifyTypedData } from 'ethers';
import { fromHex, toHex } from '../domain/hash.ts';
import type { Address, Hex } from '../domain/ids.ts';
import { type CheckpointDomain, type CheckpointMessage, checkpointTypes } from './checkpoint.ts';
import { isOfKey, type ReadNote, signatureKeyId, signatureLine } from './note.ts';

/* The EIP-712 signature of a checkpoint as a signature line of its note, so that what convinces the chain travels with what convinces readers of notes. */

/** Signature type 0xff with an identifier of our own, as C2SP signed-note recommends for types without a number. */
const chainSignatureType = Buffer.concat([Uint8Array.of(0xff), Buffer.from('xinshu-checkpoint-eip712/1', 'ascii')]);

const keyIdOf = (name: string, account: Address): Uint8Array => signatureKeyId(name, chainSignatureType, fromHex(account));

/** The line for a signature (r || s || v, 65 bytes) of this account. The key's name is the origin, as for the note's own signature. */
export const chainSignatureLine = (name: string, account: Address, signature: Hex): string =>
  signatureLine(name, keyIdOf(name, account), fromHex(signature));

/** What the note holds of this account's EIP-712 signature over the same tree head; undefined when there is none that is sound. */
export const chainSignatureIn = (
  { signatures }: ReadNote,
  name: string,
  account: Address,
  domain: CheckpointDomain,
  message: CheckpointMessage,
): Hex | undefined => {
  const id = keyIdOf(name, account);
  return signatures
    .filter((signature) => isOfKey(signature, name, id))
    .map(({ signature }) => toHex(signature))
    .find((signature) => isSignedBy(account, signature, domain, message));
};

/** Whether this key's account signed the checkpoint for the chain. Never throws on a signature. */
export const isSignedBy = (account: Address, signature: Hex, domain: CheckpointDomain, message: CheckpointMessage): boolean => {
  try {
    return verifyTypedData(domain, checkpointTypes, message, signature).toLowerCase() === account.toLowerCase();
  } catch {
    // ethers throws for what has not the form of a signature at all.
    return false;
  }
};
