import { TypedDataEncoder, verifyTypedData, Wallet } from 'ethers';
import { type Contribution, ceremonyId, type Transcript } from './transcript.ts';

/** Without chain or contract: keys can be made before there is a chain. The ceremony's id is in every message. */
const domain = { name: 'Xinshu Ceremony', version: '1' };
const types = {
  Contribution: [
    { name: 'ceremony', type: 'bytes32' },
    { name: 'place', type: 'uint32' },
    { name: 'previous', type: 'bytes32' },
    { name: 'member', type: 'string' },
    { name: 'passedOver', type: 'string[]' },
    { name: 'contribution', type: 'bytes' },
    { name: 'provingKey', type: 'bytes32' },
  ],
};

type Unsigned = Omit<Contribution, 'signature'>;

/** The message of a contribution at a place (from 0) of a transcript: it names the digest of the one before, so the chain can't be cut and joined anew. */
function messageAt(transcript: Transcript, place: number, contribution: Unsigned): object {
  const ceremony = ceremonyId(transcript);
  let previous = ceremony;
  for (const [at, { signature: _, ...earlier }] of transcript.contributions.slice(0, place).entries()) {
    previous = TypedDataEncoder.hash(domain, types, { ceremony, place: at, previous, ...earlier });
  }
  return { ceremony, place, previous, ...contribution };
}

export async function signContribution(transcript: Transcript, contribution: Unsigned, privateKey: string): Promise<string> {
  const message = messageAt(transcript, transcript.contributions.length, contribution);
  return new Wallet(privateKey).signTypedData(domain, types, message);
}

export function isSigned(transcript: Transcript, place: number, account: string): boolean {
  const { signature, ...contribution } = transcript.contributions[place]!;
  try {
    return verifyTypedData(domain, types, messageAt(transcript, place, contribution), signature).toLowerCase() === account.toLowerCase();
  } catch {
    return false;
  }
}
