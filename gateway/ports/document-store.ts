import type { ConsentId } from '../domain/ids.ts';

/** Buckets of the gateway's store, append-only register: a number once given is never used for anything else. `// key -> value` */
export const documentBuckets = {
  session: 1, // name -> what must survive a restart (last anchored size, ...)
  review: 3, // review id -> review
  consentOpening: 4, // consent id -> opening as received, decrypted
  heldWithdrawal: 5, // consent id -> signed withdrawal, until it is on chain
  issuedCredential: 6, // credential id -> credential
  usage: 7, // usage id -> the consumer's record of a usage
  receipt: 8, // usage id -> the provider's record of the consumer's acknowledgement
  datasetDeclaration: 9, // dataset id / schema hash -> schema; dataset id / policy -> policy last set on chain
  outbox: 10, // sequence -> work that must reach a peer
  erasure: 11, // consent id or -, / month or - -> when and by whom its key was destroyed
  report: 12, // subject key / year / report id -> when it was first asked for
  checkpoint: 13, // number of the own log -> its newest published checkpoint
  cosigned: 14, // number of the own log -> its newest checkpoint with a quorum of cosignatures
  witnessed: 15, // origin of another's log -> what was cosigned of it last
  contradiction: 16, // origin of another's log -> two signed checkpoints that can't both be true
  modelDocument: 17, // its hash on chain -> public document of a model, as its owner gave it
  modelPart: 18, // its hash on chain -> one part of a model with its salt: own, or a provider's or auditor's copy
  scorePart: 19, // session id -> what this member keeps of its part in a session; session id / proof -> its proof
  score: 20, // score id -> the consumer's record of a session
} as const;
export type DocumentBucket = keyof typeof documentBuckets;

/** Seals a document under an erasable key (ports/erasable-keys.ts): of the consent and the month of `time`; without a time, of the consent as a whole. */
export type DocumentScope =
  | { readonly consent: ConsentId | undefined; readonly time: number }
  | { readonly consent: ConsentId; readonly time: undefined };

/** Small durable JSON documents. `put` and `remove` resolve when durable. Keys sort as strings. One whose key was destroyed is absent for `get` and `list`. */
export interface DocumentStore {
  get<T>(bucket: DocumentBucket, key: string): Promise<T | undefined>;
  put<T>(bucket: DocumentBucket, key: string, value: T, scope?: DocumentScope): Promise<void>;
  remove(bucket: DocumentBucket, key: string): Promise<void>;
  list<T>(
    bucket: DocumentBucket,
    range?: { readonly from?: string; readonly to?: string; readonly limit?: number },
  ): AsyncIterable<readonly [string, T]>;
}
