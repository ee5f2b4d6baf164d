import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import type { BaseContract, TypedDataDomain, TypedDataField } from 'ethers';
import { ethers } from './world.ts';

type Types = Record<string, TypedDataField[]>;

const words = (line: string): TypedDataField[] =>
  line.split(',').map((part) => {
    const [type, name] = part.split(' ');
    if (!type || !name) throw new Error(`not a member of a struct: ${part}`);
    return { type, name };
  });

const DATASET_SCOPE = { DatasetScope: words('string dataset,string[] fields') };
export const TYPES = {
  regrade: { Regrade: words('bytes32 dataset,bytes32 field,uint8 from,uint8 to,bytes32 reason,uint256 nonce') },
  consent: {
    Consent: words(
      'bytes32 subject,address key,string grantee,DatasetScope[] scopes,string purpose,string[] operations,uint64 notBefore,uint64 notAfter,uint32 maxUses,bytes32 renews,uint256 nonce,uint64 deadline',
    ),
    ...DATASET_SCOPE,
  },
  amendment: {
    Amendment: words(
      'bytes32 consent,uint32 revision,DatasetScope[] scopes,string[] operations,uint64 notAfter,uint32 maxUses,uint64 deadline',
    ),
    ...DATASET_SCOPE,
  },
  withdrawal: { Withdrawal: words('bytes32 consent') },
  session: {
    Session: words(
      'bytes32 suite,address verifier,bytes32 verificationKey,bytes32 consumer,bytes32 oneTimeKey,bytes32 subject,bytes32 authorization,bytes32 model,uint32 modelVersion,Contribution[] contributions,uint64 epoch,uint64 blockNumber,bytes32 blockHash,bytes32 nonce',
    ),
    Contribution: words('bytes32 dataset,uint32 version,bytes32 grant,bytes32 root'),
  },
  partCommitment: { PartCommitment: words('bytes32 session,uint256 x,uint256 y') },
  checkpoint: { Checkpoint: words('bytes32 member,uint32 log,bytes32 suite,uint64 size,bytes32 root') },
} as const satisfies Record<string, Types>;

const NAMES = {
  regrade: 'Xinshu Data Catalog',
  consent: 'Xinshu Consent',
  amendment: 'Xinshu Consent',
  withdrawal: 'Xinshu Consent',
  session: 'Xinshu Score',
  partCommitment: 'Xinshu Score',
  checkpoint: 'Xinshu Audit Anchor',
} as const;
export type MessageKind = keyof typeof TYPES;

/** The domain that signers use, written from the specification and not read from the contract. */
export const domainOf = async (kind: MessageKind, contract: BaseContract): Promise<TypedDataDomain> => ({
  name: NAMES[kind],
  version: '1',
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await contract.getAddress(),
});

export const sign = async (
  signer: HardhatEthersSigner,
  kind: MessageKind,
  contract: BaseContract,
  message: Record<string, unknown>,
  change: TypedDataDomain = {},
): Promise<string> => signer.signTypedData({ ...(await domainOf(kind, contract)), ...change }, { ...TYPES[kind] }, message);

export const digest = async (kind: MessageKind, contract: BaseContract, message: Record<string, unknown>): Promise<string> =>
  ethers.TypedDataEncoder.hash(await domainOf(kind, contract), { ...TYPES[kind] }, message);
