import { Signature, TypedDataEncoder, verifyTypedData } from 'ethers';
import { encodeChainCode } from './chain-code.ts';
import { sha256 } from './hash.ts';
import type { Address, ConsentId, DatasetId, GrantId, Hex, MemberId, ModelId, SubjectCommitment, UsageId } from './ids.ts';
import { usageIdFrom } from './usage-id.ts';

/** Protocol of a session. The second is the same without proofs: the ScoreRegistry records no such session. */
export const scoreSuites = ['xinshu-score-1', 'xinshu-score-1-unproven'] as const;
export type ScoreSuite = (typeof scoreSuites)[number];
export const isProven = (suite: ScoreSuite): boolean => suite === 'xinshu-score-1';

/** What one provider brings in: `root` is of its dataset version's commitment named `features`; `grant` is 32 zero bytes for an open dataset. */
export type Contribution = { readonly dataset: DatasetId; readonly version: number; readonly grant: GrantId; readonly root: Hex };

/** Everything a session is about (IScoreRegistry.Session): the EIP-712 digest of it is the session's id. All JSON. */
export type SessionTerms = {
  readonly suite: ScoreSuite;
  readonly verifier: Address;
  /** SHA-256 of the circuit's verification key. */
  readonly verificationKey: Hex;
  readonly consumer: MemberId;
  /** Raw X25519 key to which the sums are sealed. */
  readonly oneTimeKey: Hex;
  readonly subject: SubjectCommitment;
  readonly authorization: ConsentId;
  readonly model: ModelId;
  readonly modelVersion: number;
  /** In the order of the model's parts. */
  readonly contributions: readonly Contribution[];
  /** Seconds: the beginning of the month that all features describe (domain/score-epoch.ts). */
  readonly epoch: number;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly nonce: Hex;
};
export type SessionId = Hex;

/** EIP-712 domain of the ScoreRegistry. */
export const scoreDomain = (chainId: number, registry: Address) =>
  ({ name: 'Xinshu Score', version: '1', chainId, verifyingContract: registry.toLowerCase() as Address }) as const;
export type ScoreDomain = ReturnType<typeof scoreDomain>;

type Types = Record<string, { name: string; type: string }[]>;
const struct = (fields: string) =>
  fields.split(',').map((field) => {
    const [type, name] = field.split(' ') as [string, string];
    return { name, type };
  });
export const sessionTypes: Types = {
  Session: struct(
    'bytes32 suite,address verifier,bytes32 verificationKey,bytes32 consumer,bytes32 oneTimeKey,bytes32 subject,bytes32 authorization,bytes32 model,uint32 modelVersion,Contribution[] contributions,uint64 epoch,uint64 blockNumber,bytes32 blockHash,bytes32 nonce',
  ),
  Contribution: struct('bytes32 dataset,uint32 version,bytes32 grant,bytes32 root'),
};
export const partCommitmentTypes: Types = { PartCommitment: struct('bytes32 session,uint256 x,uint256 y') };
export type PartCommitmentMessage = { readonly session: SessionId; readonly x: bigint; readonly y: bigint };

/** The consumer's signature over a finished certificate (sealing/score-certificate.ts): the SHA-256 of its canonical JSON. */
export const certificateTypes: Types = { ScoreCertificate: struct('bytes32 session,bytes32 certificate') };
export type CertificateMessage = { readonly session: SessionId; readonly certificate: Hex };

/** The terms as the contract takes them: codes as bytes32. Throws RangeError for what is no code. */
export const sessionMessage = (terms: SessionTerms) => ({
  ...terms,
  // A checksum is a matter of spelling (EIP-55), and is none of the terms.
  verifier: terms.verifier.toLowerCase() as Address,
  suite: encodeChainCode(terms.suite),
  consumer: encodeChainCode(terms.consumer),
  model: encodeChainCode(terms.model),
  contributions: terms.contributions.map((contribution) => ({ ...contribution, dataset: encodeChainCode(contribution.dataset) })),
});

export const sessionIdOf = (domain: ScoreDomain, terms: SessionTerms): SessionId =>
  TypedDataEncoder.hash(domain, sessionTypes, sessionMessage(terms)) as SessionId;

const recover = (domain: object, types: Types, message: object, signature: string): Address | undefined => {
  try {
    // The one spelling of a signature: v has several that recover the same account.
    if (Signature.from(signature).serialized !== signature) return undefined;
    return verifyTypedData(domain, types, message, signature) as Address;
  } catch {
    return undefined;
  }
};
const sameAddress = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

export const isSessionSigned = (domain: ScoreDomain, terms: SessionTerms, signature: string, account: Address): boolean =>
  sameAddress(recover(domain, sessionTypes, sessionMessage(terms), signature), account);
export const isCommitmentSigned = (domain: ScoreDomain, message: PartCommitmentMessage, signature: string, account: Address): boolean =>
  sameAddress(recover(domain, partCommitmentTypes, message, signature), account);

export const isCertificateSigned = (domain: ScoreDomain, message: CertificateMessage, signature: string, account: Address): boolean =>
  sameAddress(recover(domain, certificateTypes, message, signature), account);

/** The usage that one provider's contribution is logged under on both sides. */
export const contributionUsage = (session: SessionId, dataset: DatasetId): UsageId =>
  usageIdFrom(sha256(`xinshu/v1/score-usage/${session}/${dataset}`).subarray(0, 16));
