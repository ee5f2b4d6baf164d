import { type ReadSlot, readAnchor, readContract, readNoteKey } from '../../../adapters/ledger/proof/registry-slots.ts';
import { headerOf, type ProvenHeader, provenStorage } from '../../../adapters/ledger/proof/state-proof.ts';
import { type Evidence, readEvidence } from '../../../audit/evidence.ts';
import { judgeEvidence, type ProvenChain, type Verdict } from '../../../audit/judge-evidence.ts';
import { fromHex } from '../../../domain/hash.ts';
import type { Hex } from '../../../domain/ids.ts';

export type Verified = {
  readonly evidence: Evidence | undefined;
  readonly header: ProvenHeader | undefined;
  readonly verdicts: readonly Verdict[];
};

const fails = (check: string, what: string): Verdict => ({ check, result: 'fails', what });
const holds = (check: string, what: string): Verdict => ({ check, result: 'holds', what });

/** Slots of each account that the file proves under its header; undefined if a single proof of it does not hold. */
const provenSlots = async ({ accounts }: Evidence['chain'], { stateRoot }: ProvenHeader) => {
  const proven = new Map<Hex, ReadonlyMap<Hex, Hex>>();
  for (const account of accounts) {
    const values = await provenStorage(stateRoot, account);
    if (values === undefined || proven.has(account.address)) return undefined;
    proven.set(account.address, values);
  }
  return proven;
};

/** What the proven slots say, found from the Directory on. Throws RangeError for a slot that is not proven. */
const provenChain = (
  { directory }: Evidence['chain'],
  block: number,
  proven: ReadonlyMap<Hex, ReadonlyMap<Hex, Hex>>,
  read: Set<string>,
): ProvenChain => {
  const reading =
    (address: string): ReadSlot =>
    (slot) => {
      const value = proven.get(address.toLowerCase() as Hex)?.get(slot);
      if (value === undefined) throw new RangeError(`slot ${slot} of ${address} is not proven`);
      read.add(`${address.toLowerCase()}/${slot}`);
      return value;
    };
  const at = (name: string): ReadSlot => {
    const address = readContract(name, reading(directory));
    if (address === undefined) throw new RangeError(`the Directory names no ${name}`);
    return reading(address);
  };
  return {
    noteKey: (member, index) => {
      const key = readNoteKey(member, index, block, at('member-registry'));
      return key === undefined ? undefined : fromHex(key);
    },
    anchor: (member, log) => {
      const { size, root, block: anchored } = readAnchor(member, log, at('audit-anchor'));
      return { size, root: fromHex(root), block: anchored };
    },
  };
};

/** Every check that needs no network. */
export const verifyEvidence = async (text: string): Promise<Verified> => {
  const evidence = readEvidence(text);
  if (evidence === undefined) return { evidence, header: undefined, verdicts: [fails('file', 'not evidence, or not as it was written')] };
  const file = holds('file', 'canonical, and its digest fits');
  const header = headerOf(evidence.chain.header);
  if (header !== undefined && header.hash !== evidence.chain.hash)
    return { evidence, header, verdicts: [file, fails('header', 'is not that of the block it is said to be of')] };
  const proven = header === undefined ? undefined : await provenSlots(evidence.chain, header);
  if (header === undefined || proven === undefined)
    return { evidence, header, verdicts: [file, fails('storage', 'the proofs do not lead to the header’s state root')] };
  const storage = holds('storage', `proven under the state root of block ${header.number}, ${header.hash}`);
  try {
    const read = new Set<string>();
    const verdicts = judgeEvidence(evidence, provenChain(evidence.chain, header.number, proven, read));
    const slots = evidence.chain.accounts.flatMap((account) => account.storage.map(({ slot }) => `${account.address}/${slot}`));
    const more = slots.every((slot) => read.has(slot)) ? [] : [fails('storage', 'proves what nothing rests on')];
    return { evidence, header, verdicts: [file, storage, ...more, ...verdicts] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { evidence, header, verdicts: [file, storage, fails('storage', error.message)] };
  }
};
