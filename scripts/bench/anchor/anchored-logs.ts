import { Contract, type JsonRpcProvider, type TransactionReceipt } from 'ethers';
import { checkpointDomain, checkpointMessage, checkpointTypes, logSuite } from '../../../gateway/audit/checkpoint.ts';
import { sha256, toHex } from '../../../gateway/domain/hash.ts';
import type { Address, Hex, MemberId } from '../../../gateway/domain/ids.ts';
import { consistencyProof, nodeHash, rootAt } from '../../../gateway/domain/merkle.ts';
import { anchorCheckpoints, type CheckpointEntry } from '../../../gateway/ports/ledger-calls.ts';
import { loadArtifacts } from '../../../node/deployment/artifacts.ts';
import type { TestChain } from '../../../test/helpers/chain.ts';
import { testAccount } from '../../../test/helpers/member-documents.ts';

/** Members whose logs all hold one and the same leaf, so that of every level there is one node: a tree of any size without its leaves. */
const levels: Uint8Array[] = [sha256(Buffer.from('the leaf'))];
const node = async (level: number): Promise<Uint8Array> => {
  for (let known = levels.length; known <= level; known += 1) levels.push(nodeHash(levels[known - 1]!, levels[known - 1]!));
  return levels[level]!;
};

export type Anchoring = { readonly members: readonly string[]; readonly log: number; readonly from: number; readonly to: number };
export type Anchored = { readonly gas: number; readonly seconds: number; readonly hashes: number; readonly bytes: number };

export class AnchoredLogs {
  readonly #chain: TestChain;
  readonly #contract: Contract;
  readonly #gasLimit: bigint;

  constructor(chain: TestChain, provider: JsonRpcProvider, gasLimit: bigint) {
    this.#chain = chain;
    this.#gasLimit = gasLimit;
    const { contracts } = chain.deployment;
    this.#contract = new Contract(contracts['audit-anchor'], loadArtifacts()['audit-anchor'].abi, testAccount('bench').connect(provider));
  }

  /** One transaction for all members. Throws if not all of them were anchored. */
  async anchor({ members, log, from, to }: Anchoring): Promise<Anchored> {
    const root = await rootAt(to, node);
    const consistency = (await consistencyProof(from, to, node)).map(toHex);
    const { chainId, contracts } = this.#chain.deployment;
    const domain = checkpointDomain(chainId, contracts['audit-anchor'] as Address);
    const entries = await Promise.all(
      members.map(async (id): Promise<CheckpointEntry> => {
        const member = id as MemberId;
        const signature = await testAccount(id).signTypedData(domain, checkpointTypes, checkpointMessage(member, log, to, root));
        return { member, log, suite: logSuite, size: to, root: toHex(root), consistency, signature: signature as Hex };
      }),
    );
    const { method, args } = anchorCheckpoints(entries);
    const call = this.#contract.getFunction(method);
    const since = performance.now();
    const sent = await call(...args, { gasPrice: 0, gasLimit: this.#gasLimit });
    const receipt = (await sent.wait()) as TransactionReceipt;
    const seconds = (performance.now() - since) / 1000;
    const anchored = receipt.logs.filter(({ topics }) => topics[0] === this.#contract.interface.getEvent('Anchored')?.topicHash);
    if (anchored.length !== members.length) throw new Error(`${anchored.length} of ${members.length} checkpoints were anchored`);
    return { gas: Number(receipt.gasUsed), seconds, hashes: consistency.length, bytes: (sent.data.length - 2) / 2 };
  }
}
