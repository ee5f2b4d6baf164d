import type { AcceptedIssuer } from '../domain/ask.ts';
import type { MemberId } from '../domain/ids.ts';
import type { AuditStore } from '../ports/audit-store.ts';
import type { Backups } from '../ports/backups.ts';
import type { Clock, Randomness } from '../ports/clock.ts';
import type { CsvReader } from '../ports/csv-reader.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { ErasableKeys } from '../ports/erasable-keys.ts';
import type { Keys } from '../ports/keys.ts';
import type { Ledger, LedgerWriter } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { Meter } from '../ports/meter.ts';
import type { Peer } from '../ports/peer.ts';
import type { Prover } from '../ports/prover.ts';
import type { Records } from '../ports/records.ts';
import type { RecordsWriter } from '../ports/records-writer.ts';
import type { WitnessPeers } from '../ports/witness-peers.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Cosigned } from './cosigned.ts';
import type { HeldWithdrawals } from './held-withdrawals.ts';
import type { KeyedMutex } from './keyed-mutex.ts';
import type { OneTimeKeys } from './one-time-keys.ts';
import type { Openings } from './openings.ts';
import type { Outbox } from './outbox.ts';
import type { Proving } from './scoring/proving.ts';
import type { ScoreProgress } from './scoring/score-progress.ts';

/** What this institution decided for itself, from its configuration. */
export type Policy = {
  /** Issuers of credentials this provider believes, each up to this grade of data. */
  readonly acceptedIssuers: readonly AcceptedIssuer[];
  readonly limits: Limits;
};

export type Limits = {
  /** How long a signed request may be presented, in seconds. */
  readonly requestSeconds: number;
  /** How long after its receipt an answer can be delivered to the caller again, in seconds. */
  readonly redeliverySeconds: number;
  /** How long a side waits for its mirror to reach a block that the other side named, in milliseconds. */
  readonly mirrorWaitMs: number;
  /** How long an approved review may be used, in seconds. */
  readonly reviewSeconds: number;
  /** How long a provider waits for its proof before the consumer must ask again, in milliseconds. */
  readonly proofWaitMs: number;
  /** Most queries of one batch under way at once. */
  readonly batchParallel: number;
};

/** Everything a flow may use. One for each process, made in main.ts and by tests. */
export type Modules = {
  readonly member: MemberId;
  readonly ledger: Ledger;
  readonly writer: LedgerWriter;
  readonly audit: AuditStore;
  readonly checkpoints: Checkpoints;
  readonly cosigned: Cosigned;
  readonly documents: DocumentStore;
  readonly erasable: ErasableKeys;
  readonly backups: Backups;
  readonly records: Records;
  readonly recordsWriter: RecordsWriter;
  readonly csv: CsvReader;
  readonly keys: Keys;
  readonly peer: Peer;
  readonly witnesses: WitnessPeers;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly policy: Policy;
  readonly log: Log;
  readonly meter: Meter;
  readonly held: HeldWithdrawals;
  readonly outbox: Outbox;
  readonly openings: Openings;
  readonly oneTimeKeys: OneTimeKeys;
  /** undefined: this gateway can take part in unproven sessions only. */
  readonly prover: Prover | undefined;
  /** Of the circuit score-band; undefined likewise. */
  readonly bandProver: Prover | undefined;
  readonly proving: Proving;
  readonly scoreProgress: ScoreProgress;
  /** One flow at a time for each usage, review or consent. */
  readonly locks: KeyedMutex;
};
