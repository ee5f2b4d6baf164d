import { readProof } from '../../audit/proof.ts';
import { fromBase64url } from '../../domain/hash.ts';
import type { ConsentId, MemberId } from '../../domain/ids.ts';
import type { LeafOpening } from '../../domain/usage-leaf.ts';
import type { GatewayClient } from '../gateway-client.ts';

export type SaidCheckpoint = {
  readonly member: MemberId;
  readonly log: number;
  readonly size: number;
  readonly note: string;
  /** The newest that witnesses are said to have cosigned. */
  readonly cosigned?: { readonly note?: unknown } | null;
};
/** One entry as the gateway hands it out; `leaf` undefined where it was no base64url. */
export type SaidEntry = { readonly index: number; readonly leaf: Uint8Array | undefined; readonly opening: SaidOpening };
/** null: erased. undefined: none came, or it is that of another entry. */
export type SaidOpening = LeafOpening | null | undefined;

/** One member's log as its gateway shows it. Nothing of it is believed; what does not answer throws CliFailure. */
export type LogSource = {
  readonly name: string;
  checkpoint(): Promise<SaidCheckpoint>;
  /** Ends early where the gateway does. */
  entries(from: number, to: number): AsyncGenerator<SaidEntry>;
  leaves(from: number, to: number): AsyncGenerator<{ readonly index: number; readonly leaf: Uint8Array | undefined }>;
  consistency(from: number, to: number): Promise<readonly Uint8Array[]>;
  /** What it decided by under a consent besides the chain, as it says; null where that was erased, or never came. */
  consent(id: ConsentId): Promise<unknown>;
};

export type LeafLine = { readonly index: number; readonly leaf: string };
export type OpeningLine = { readonly index: number; readonly opening: LeafOpening | null };

export const gatewayLog = (name: string, gateway: GatewayClient): LogSource => {
  const lines = <T>(what: string, from: number, to: number) => gateway.lines(`/v1/log/${what}?from=${from}&to=${to}`) as AsyncGenerator<T>;
  async function* leaves(from: number, to: number) {
    for await (const { index, leaf } of lines<LeafLine>('leaves', from, to)) yield { index, leaf: fromBase64url(leaf) };
  }
  return {
    name,
    leaves,
    checkpoint: () => gateway.get<SaidCheckpoint>('/v1/log/checkpoint'),
    async *entries(from, to) {
      const openings = lines<OpeningLine>('openings', from, to);
      try {
        for await (const { index, leaf } of leaves(from, to)) {
          const shown = (await openings.next()).value as OpeningLine | undefined;
          yield { index, leaf, opening: shown?.index === index ? shown.opening : undefined };
        }
      } finally {
        await openings.return(undefined);
      }
    },
    consent: async (id) => (await gateway.get<{ readonly opening?: unknown }>(`/v1/log/consents/${id}`)).opening ?? null,
    consistency: async (from, to) => {
      const { proof } = await gateway.get<{ proof: unknown }>(`/v1/log/consistency?from=${from}&to=${to}`);
      const hashes = readProof(proof);
      // What has not the form of a proof proves nothing.
      return hashes.ok ? hashes.value : [];
    },
  };
};
