/** What is asked of the process that runs snarkjs, one job for each process, and what it answers. All names are of files. */
export type Phase2Job =
  | { readonly kind: 'begin'; readonly r1cs: string; readonly powers: string; readonly to: string }
  | { readonly kind: 'contribute'; readonly from: string; readonly to: string; readonly member: string }
  | { readonly kind: 'verify'; readonly r1cs: string; readonly powers: string; readonly key: string }
  | { readonly kind: 'export'; readonly key: string };

export type Phase2Answer =
  | { readonly kind: 'begun' }
  | { readonly kind: 'contributed'; readonly contribution: string }
  /** Hashes of all contributions in the key, in order. */
  | { readonly kind: 'verified'; readonly contributions: readonly string[] }
  /** `place`, from 0, where one contribution is to blame. */
  | { readonly kind: 'refuted'; readonly reason: string; readonly place?: number }
  | { readonly kind: 'exported'; readonly verificationKey: Readonly<Record<string, unknown>>; readonly verifier: string }
  /** snarkjs can make nothing of the files. */
  | { readonly kind: 'failed'; readonly reason: string };
