import { anchorSlots, contractSlots, noteKeySlots } from '../../../adapters/ledger/proof/registry-slots.ts';
import { headerOf, headerRlp } from '../../../adapters/ledger/proof/state-proof.ts';
import { rpcClient } from '../../../adapters/ledger/rpc/rpc-client.ts';
import type { Evidence } from '../../../audit/evidence.ts';
import type { Hex, MemberId } from '../../../domain/ids.ts';
import { CliFailure, exitStatus } from '../../failure.ts';
import type { NetworkFile } from '../../network-file.ts';

export type Claims = {
  readonly anchors: readonly { readonly member: MemberId; readonly log: number }[];
  readonly keys: readonly { readonly member: MemberId; readonly key: number }[];
};
type Proof = { readonly accountProof: Hex[]; readonly storageProof: { readonly proof: Hex[] }[] };

const timeoutMs = 30_000;
const lower = (address: string): Hex => address.toLowerCase() as Hex;

/** Asks the node for a header and storage proofs (EIP-1186) of what the claims need of the chain at its newest block. Ends the command where the engine has none. */
export const proveChain = async (
  { ledger, chainId, directory }: NetworkFile,
  address: (contract: 'audit-anchor' | 'member-registry') => string,
  { anchors, keys }: Claims,
): Promise<Evidence['chain']> => {
  const rpc = rpcClient(ledger, timeoutMs);
  const block = (await rpc.call('eth_getBlockByNumber', ['latest', false])) as Record<string, unknown>;
  const header = headerRlp(block);
  if (header === undefined || headerOf(header)?.hash !== block.hash)
    throw new CliFailure(exitStatus.refused, 'EVIDENCE_ENGINE', 'this engine’s headers can’t be carried in evidence');
  const at = block.number as Hex;
  const prove = async (account: Hex, slots: readonly Hex[]): Promise<Evidence['chain']['accounts'][number]> => {
    const distinct = [...new Set(slots)];
    const { accountProof, storageProof } = (await rpc.call('eth_getProof', [account, distinct, at])) as Proof;
    return { address: account, proof: accountProof, storage: distinct.map((slot, index) => ({ slot, proof: storageProof[index]!.proof })) };
  };
  const versions = async (name: string): Promise<readonly Hex[]> => {
    const [count] = contractSlots(name, 1);
    return contractSlots(name, Number(await rpc.call('eth_getStorageAt', [directory, count, at])));
  };
  // Nothing is proved that nothing rests on: a reader refuses it.
  const wanted = anchors.length === 0 ? [] : (['audit-anchor'] as const);
  const names = [...(await versions('member-registry'))];
  for (const name of wanted) names.push(...(await versions(name)));
  const accounts = [await prove(lower(directory), names)];
  for (const name of wanted) {
    const lasts = anchors.flatMap(({ member, log }) => anchorSlots(member, log));
    accounts.push(await prove(lower(address(name)), lasts));
  }
  const held = keys.flatMap(({ member, key }) => noteKeySlots(member, key));
  accounts.push(await prove(lower(address('member-registry')), held));
  return { chainId, directory: lower(directory), header, hash: block.hash as Hex, accounts };
};
