/** What is used of snarkjs 0.7, which brings no types. */
declare module 'snarkjs' {
  /** A file by its path, or in memory. */
  type File = string | { readonly type: 'mem'; readonly data?: Uint8Array };
  type Numbers = readonly string[];
  export type JsonProof = { readonly pi_a: Numbers; readonly pi_b: readonly Numbers[]; readonly pi_c: Numbers };
  export type JsonVerificationKey = Readonly<Record<string, unknown>>;
  /** What it tells as it goes on. */
  type Logger = { info(text: string): void; debug(text: string): void; error(text: string): void; warn(text: string): void };
  type Curve = { terminate(): Promise<void> };

  export const curves: { getCurveFromName(name: 'bn128'): Promise<Curve> };
  export const groth16: {
    fullProve(
      inputs: Readonly<Record<string, unknown>>,
      witnessProgram: File,
      provingKey: File,
    ): Promise<{ readonly proof: JsonProof; readonly publicSignals: Numbers }>;
    verify(key: JsonVerificationKey, publicSignals: Numbers, proof: JsonProof): Promise<boolean>;
  };
  export const powersOfTau: {
    newAccumulator(curve: Curve, power: number, file: File): Promise<unknown>;
    beacon(from: File, to: File, name: string, beacon: string, iterationsExponent: number): Promise<Uint8Array | false>;
    preparePhase2(from: File, to: File): Promise<void>;
  };
  export const zKey: {
    newZKey(r1cs: File, powers: File, to: File): Promise<Uint8Array | -1>;
    beacon(from: File, to: File, name: string, beacon: string, iterationsExponent: number): Promise<Uint8Array | false>;
    /** Its own randomness goes in too. */
    contribute(from: File, to: File, name: string, entropy: string): Promise<Uint8Array>;
    verifyFromR1cs(r1cs: File, powers: File, provingKey: File, logger?: Logger): Promise<boolean>;
    exportVerificationKey(provingKey: File): Promise<JsonVerificationKey>;
    exportSolidityVerifier(provingKey: File, templates: { readonly groth16: string }): Promise<string>;
  };
}
