import { chainSignatureLine } from '../../gateway/audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, checkpointText, checkpointTypes, logOrigin } from '../../gateway/audit/checkpoint.ts';
import { formatNote } from '../../gateway/audit/note.ts';
import { formatWitnessRequest } from '../../gateway/audit/witness-request.ts';
import type { Address } from '../../gateway/domain/ids.ts';
import { CompactTree, consistencyProof, leafHash, rootAt } from '../../gateway/domain/merkle.ts';
import type { Keys } from '../../gateway/ports/keys.ts';

export type SignedLogOptions = {
  readonly keys: Pick<Keys, 'member' | 'account' | 'noteKey' | 'signNote' | 'signTypedData'>;
  readonly chainId: number;
  readonly anchor: Address;
  readonly log?: number;
};

/** A log in memory that a member signs as it likes: what a dishonest member could do with its keys. Leaves are made of a history's name and a number. */
export class SignedLog {
  readonly #options: SignedLogOptions;
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #tree = new CompactTree();

  constructor(options: SignedLogOptions) {
    this.#options = options;
  }

  get origin(): string {
    return logOrigin(this.#options.chainId, this.#options.keys.member, this.#options.log ?? 0);
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Grows to this size with leaves of this history. */
  grow(size: number, history: string): this {
    while (this.#tree.size < size)
      this.#tree.append(leafHash(Buffer.from(`${history}/${this.#tree.size}`)), (level, index, hash) =>
        this.#nodes.set(`${level}/${index}`, hash),
      );
    return this;
  }

  root = (size: number): Promise<Uint8Array> => rootAt(size, this.#source);
  proof = (from: number, to: number): Promise<readonly Uint8Array[]> => consistencyProof(from, to, this.#source);

  async note(size: number): Promise<string> {
    const { keys, chainId, anchor, log = 0 } = this.#options;
    const root = await this.root(size);
    const text = checkpointText({ origin: this.origin, size, root });
    const message = checkpointMessage(keys.member, log, size, root);
    const forChain = await keys.signTypedData(checkpointDomain(chainId, anchor), checkpointTypes, message);
    const signature = await keys.signNote(Buffer.from(text));
    return formatNote(text, this.origin, keys.noteKey, signature) + chainSignatureLine(this.origin, keys.account, forChain);
  }

  /** Body of add-checkpoint. */
  async request(from: number, to: number): Promise<string> {
    return formatWitnessRequest({ oldSize: from, proof: await this.proof(from, to), note: await this.note(to) });
  }

  readonly #source = async (level: number, index: number): Promise<Uint8Array> => this.#nodes.get(`${level}/${index}`)!;
}
