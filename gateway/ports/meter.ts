/** Which side of a usage an outcome was counted on. */
export type UsageSide = 'consumer' | 'provider';

/** What this process counts about itself. Labels hold codes of the catalogue and of the registry, never anything of a subject. */
export interface Meter {
  /** One usage ended on this side; `outcome` is 'ok' or an error code. `ms` is how long it took here. */
  usage(side: UsageSide, outcome: string, ms: number): void;
  /** One message of a peer was answered; `outcome` is 'ok' or an error code. */
  peerMessage(protocol: string, outcome: string): void;
  /** One attempt to anchor. */
  anchor(outcome: string): void;
  /** One witness was asked for a cosignature. */
  cosignature(outcome: string): void;
  /** How many members are flagged now: their checkpoints stay without a quorum of cosignatures. */
  flagged(members: number): void;
  /** All of it in the Prometheus text format. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}
