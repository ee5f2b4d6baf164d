import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from 'node:tls';
import Fastify, { LogController } from 'fastify';
import type { Logger } from 'pino';
import { systemClock, systemRandomness } from './adapters/clock/system.ts';
import { FileKeyRing } from './adapters/keys/file-key-ring.ts';
import { readPassphrase } from './adapters/keys/passphrase-file.ts';
import { openLedger } from './adapters/ledger/open-ledger.ts';
import { prometheusMeter } from './adapters/metrics/prometheus.ts';
import { httpsPeer } from './adapters/peer/https-peer.ts';
import { httpsWitness } from './adapters/peer/https-witness.ts';
import { PeerLines } from './adapters/peer/peer-lines.ts';
import type { CircuitName } from './adapters/prover/artefacts.ts';
import { openProver } from './adapters/prover/open-prover.ts';
import { readCsv } from './adapters/records/read-csv.ts';
import { RecordsStore } from './adapters/records/store.ts';
import { chronological } from './adapters/store/chronological.ts';
import { pooled } from './adapters/store/entropy.ts';
import { folderBackups } from './adapters/store/folder-backups.ts';
import { openGatewayStore } from './adapters/store/open-store.ts';
import { restoredMark } from './adapters/store/restore-backup.ts';
import { fileTokens } from './adapters/tokens/token-file.ts';
import { type GatewayConfig, readConfig } from './config.ts';
import type { AcceptedIssuer } from './domain/ask.ts';
import { XinshuError } from './domain/errors.ts';
import type { Address, MemberId } from './domain/ids.ts';
import { anchorLag } from './flows/anchor-log.ts';
import { anchorLoop } from './flows/anchor-loop.ts';
import { checkRestored } from './flows/check-restored.ts';
import { checkpointLoop } from './flows/checkpoint-loop.ts';
import { Checkpoints } from './flows/checkpoints.ts';
import { cosignCheckpoint } from './flows/cosign-checkpoint.ts';
import { Cosigned } from './flows/cosigned.ts';
import { Cosigners } from './flows/cosigners.ts';
import { deliverWork } from './flows/deliver-work.ts';
import { HeldWithdrawals } from './flows/held-withdrawals.ts';
import { KeyedMutex } from './flows/keyed-mutex.ts';
import type { Modules } from './flows/modules.ts';
import { OneTimeKeys } from './flows/one-time-keys.ts';
import { Openings } from './flows/openings.ts';
import { Outbox } from './flows/outbox.ts';
import { readLogResource } from './flows/read-log-resource.ts';
import { resumeImports } from './flows/resume-imports.ts';
import { type RotationModules, useKeys } from './flows/rotate-keys.ts';
import { rotationLoop } from './flows/rotation-loop.ts';
import { resumeErasures } from './flows/run-erasure.ts';
import { Proving } from './flows/scoring/proving.ts';
import { ScoreProgress } from './flows/scoring/score-progress.ts';
import { witnessLoop } from './flows/witness-loop.ts';
import { clientApp } from './listeners/client/app.ts';
import { peerListener } from './listeners/peer/listener.ts';
import { peerProtocols } from './listeners/peer/protocols.ts';
import { createLog } from './log.ts';
import type { Keys } from './ports/keys.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Prover } from './ports/prover.ts';
import { openSealed } from './sealing/jwe.ts';

export type StartOptions = {
  /** Data folder: config.json, passphrase, keystore.jwe, tokens.json, store/. */
  readonly folder: string;
  /** Called once when an invariant broke: the process must end. */
  readonly onFatal: (error: unknown) => void;
  readonly log?: Logger;
};
export type Gateway = {
  readonly modules: Modules;
  readonly clientUrl: string;
  readonly peerUrl: string;
  /** The start backwards: listeners first, the store last. */
  close(): Promise<void>;
};

const sweepMs = 5_000;
/** Readers who ask for a checkpoint make the gateway sign at most this often. */
const publicationSpacingMs = 50;
/** A query decided just before a new version is published still finds its own. */
const keptVersions = 3;

/** Opens everything a gateway is made of, top to bottom, each part with its own slice of the configuration. What was opened is closed again when a later part fails. */
export const startGateway = async ({ folder, onFatal, log: given }: StartOptions): Promise<Gateway> => {
  const config = await readConfig(join(folder, 'config.json'));
  const log = given ?? createLog(config.log.level, config.member);
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const { modules, rotation } = await openModules(folder, config, log, onFatal, closers);
    await settleRestored(folder, modules);
    await takeUpWork(modules, config, onFatal, closers);
    const clientUrl = await openClient(folder, config, modules, log, closers);
    const peer = await openPeer(config, modules, closers);
    const rotating = rotationLoop(rotation, peer.showCertificate);
    rotating.start();
    closers.push(() => rotating.close());
    return { modules, clientUrl, peerUrl: peer.url, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const openModules = async (
  folder: string,
  config: GatewayConfig,
  log: Logger,
  onFatal: (error: unknown) => void,
  closers: (() => unknown)[],
): Promise<{ readonly modules: Modules; readonly rotation: RotationModules }> => {
  const [clock, randomness, member] = [systemClock, pooled(systemRandomness), config.member as MemberId];
  const ring = await FileKeyRing.open(join(folder, 'keystore.jwe'), await readPassphrase(join(folder, 'passphrase')), openSealed);
  const { keys } = ring;
  if (keys.member !== member) throw new XinshuError('CONFIG_INVALID', { faults: `/member is not the keystore's ${keys.member}` });

  const store = await openGatewayStore({ folder: join(folder, 'store'), member, log: 0, create: true, randomness });
  closers.push(() => store.close());
  const { documents, erasable } = store;
  const audit = await chronological(store.audit, log);
  const openings = new Openings(documents);
  const resumed = await resumeErasures({ documents, erasable, openings });
  if (resumed > 0) log.warn({ keys: resumed }, 'erased again: a crash, or a copy of the keys that was put back');
  const chain = await openLedger(
    { url: config.ledger.url, chainId: config.ledger.chainId, directory: config.ledger.directory as Address },
    { mirror: store.namespace('mirror'), outbox: store.namespace('ledgerOutbox'), keys, clock, log, onFatal },
  );
  closers.push(() => chain.close());
  const { ledger, writer } = chain;
  const { limits } = config;
  const policy = { acceptedIssuers: config.acceptedIssuers as AcceptedIssuer[], limits };
  const rotation = { member, ledger, writer, clock, log, policy, ring };
  useKeys(rotation, ledger.head());
  // A lost or older store must not found a second history.
  const anchored = ledger.head().latestAnchor(member, audit.log)?.size ?? 0;
  if (audit.size() < anchored) throw new XinshuError('LOG_BEHIND_ANCHOR', { size: audit.size(), anchored });

  const cosigned = await Cosigned.open(documents, audit.log);
  const checkpoints = await Checkpoints.open({ member, ledger, audit, documents, keys, cosigned, clock, spacingMs: publicationSpacingMs });

  const records = await RecordsStore.open(store.namespace('records'), { keptVersions });
  const lines = new PeerLines({
    ledger,
    tls: () => keys.tls(),
    clock,
    timeoutMs: limits.peerTimeoutMs,
    maxAnswerBytes: 16 * 1024 * 1024,
    connections: limits.peerConnections,
  });
  closers.push(() => lines.close());
  const [peer, witnesses] = [httpsPeer(lines), httpsWitness(lines)];
  const held = await HeldWithdrawals.open(documents);
  const deliver = { member, ledger, writer, audit, documents, keys, peer, clock, randomness, held, log };
  const outbox = await Outbox.open({ documents, clock, randomness, log, deliver: (works) => deliverWork(deliver, works) });
  closers.push(() => outbox.close());
  const oneTimeKeys = await OneTimeKeys.open({ documents, keys, clock, randomness, redeliveryMs: limits.redeliverySeconds * 1000 });
  const prover = openOwnProver(folder, ledger, log);
  closers.push(() => prover?.close());
  const bandProver = openOwnProver(folder, ledger, log, 'score-band');
  closers.push(() => bandProver?.close());
  const meter = prometheusMeter({
    anchorLagLeaves: () => anchorLag({ member, ledger, audit }),
    logSize: () => audit.size(),
    cosignedLagLeaves: () => audit.size() - (cosigned.newest()?.size ?? 0),
    blockNumber: () => ledger.head().block.number,
    blockAgeSeconds: () => Math.max(0, clock.now() / 1000 - ledger.head().block.time),
    outboxSize: () => outbox.size,
  });
  const modules: Modules = {
    member,
    ledger,
    writer,
    audit,
    checkpoints,
    cosigned,
    documents,
    erasable,
    backups: folderBackups({ store, folder, member, log: audit.log, clock, randomness }),
    records,
    recordsWriter: records,
    csv: readCsv,
    keys,
    peer,
    witnesses,
    clock,
    randomness,
    policy,
    log,
    meter,
    held,
    outbox,
    openings,
    oneTimeKeys,
    prover,
    bandProver,
    proving: new Proving({ prover, documents, log }),
    scoreProgress: new ScoreProgress(),
    locks: new KeyedMutex(),
  };
  return { modules, rotation };
};

const proverBounds = { maxWaiting: 64, idleMs: 60_000 };

/**
 * Keys of a ceremony lie in the gateway's folder as `proving-keys`; else the shipped ones are taken. undefined where the network takes no proofs under the keys that
 * are here: everything but proven scores goes on.
 */
const openOwnProver = (folder: string, ledger: Ledger, log: Logger, circuit: CircuitName = 'points'): Prover | undefined => {
  const own = join(folder, 'proving-keys', ...(circuit === 'points' ? [] : [circuit]));
  const accept = ledger.head().parameter('trial-proving-keys') === 1 ? 'trial keys too' : 'keys of a ceremony';
  try {
    return openProver({ circuit, accept, ...proverBounds, ...(existsSync(own) ? { folder: own } : {}) });
  } catch (error) {
    if (!(error instanceof XinshuError) || error.code !== 'ARTEFACTS_FOR_TRIAL') throw error;
    log.warn({ outcome: error.code }, 'no proven scores: the proving keys are for trial use');
    return undefined;
  }
};

/** The mark goes only when the log is known to be whole: until then every start asks again. */
const settleRestored = async (folder: string, modules: Modules): Promise<void> => {
  const mark = join(folder, restoredMark);
  if (!existsSync(mark)) return;
  await checkRestored(modules);
  await rm(mark);
  modules.log.info({ size: modules.audit.size() }, 'restored: the log is whole');
};

/** What goes on by itself: imports an earlier run left half-way, publishing and anchoring the log, erasing one-time keys. */
const takeUpWork = async (
  modules: Modules,
  config: GatewayConfig,
  onFatal: (error: unknown) => void,
  closers: (() => unknown)[],
): Promise<void> => {
  // Not waited for: the ledger may be out of reach, and what needs no new block works without it.
  let resuming = finishImports(modules);
  const cosigners = new Cosigners(modules);
  closers.push(() => cosigners.close());
  const loops = [
    checkpointLoop(modules, config.checkpoint.everySeconds, onFatal),
    witnessLoop(modules, cosigners, config.checkpoint.everySeconds, onFatal),
    anchorLoop(modules, config.anchor.everySeconds, onFatal),
  ];
  for (const loop of loops) {
    loop.start();
    closers.push(() => loop.close());
  }
  const sweeping = setInterval(() => {
    resuming = resuming.then((waiting) => (waiting ? finishImports(modules) : false));
    modules.oneTimeKeys.sweep().catch(() => modules.log.warn({}, 'one-time keys not erased'));
  }, sweepMs);
  closers.push(async () => {
    clearInterval(sweeping);
    await resuming;
  });
};

/** True while imports of an earlier run wait for the ledger. */
const finishImports = async (modules: Modules): Promise<boolean> => {
  try {
    return (await resumeImports(modules)).waiting > 0;
  } catch (error) {
    modules.log.error({ reason: error instanceof Error ? error.name : 'unknown' }, 'unfinished imports not taken up');
    return true;
  }
};

const inUse = (address: { readonly host: string; readonly port: number }, cause: unknown): unknown =>
  (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? new XinshuError('PORT_IN_USE', { host: address.host, port: address.port }, { cause })
    : cause;

const openClient = async (
  folder: string,
  { client, limits }: GatewayConfig,
  modules: Modules,
  log: Logger,
  closers: (() => unknown)[],
): Promise<string> => {
  // Addresses of calls may hold ids that a subject can be found by; metrics count the calls.
  const quiet = new LogController({ disableRequestLogging: true });
  const app = Fastify({ loggerInstance: log, logController: quiet, bodyLimit: limits.bodyBytes, forceCloseConnections: true });
  await app.register(clientApp, {
    modules,
    tokens: fileTokens(join(folder, 'tokens.json')),
    limits: {
      bodyBytes: limits.bodyBytes,
      importBytes: limits.importBytes,
      ratePerMinute: limits.ratePerMinute,
      subjectRatePerMinute: limits.subjectRatePerMinute,
      callTimeoutMs: limits.queryTimeoutMs,
    },
  });
  closers.push(() => app.close());
  try {
    return await app.listen(client);
  } catch (cause) {
    throw inUse(client, cause);
  }
};

/** New connections see the certificate that is used now; open ones stay as they are. */
const certificateShower = (server: Pick<Server, 'setSecureContext'>, keys: Keys, first: ReturnType<Keys['tls']>): (() => void) => {
  let shown = first;
  return () => {
    const now = keys.tls();
    if (now.certificate === shown.certificate) return;
    shown = now;
    server.setSecureContext({ cert: now.certificate, key: now.privateKey, minVersion: 'TLSv1.3' });
  };
};

const openPeer = async (
  { peer, limits }: GatewayConfig,
  modules: Modules,
  closers: (() => unknown)[],
): Promise<{ readonly url: string; showCertificate(): void }> => {
  const shown = modules.keys.tls();
  const app = peerListener({
    protocols: peerProtocols(modules, { parallel: limits.peerParallel, perSecond: limits.peerRatePerSecond }),
    ownLog: {
      bounds: { parallelPerPeer: limits.peerParallel, ratePerPeer: limits.peerRatePerSecond },
      read: (input) => readLogResource(modules, input),
    },
    cosign: (body) => cosignCheckpoint(modules, body),
    tls: shown,
    ledger: modules.ledger,
    clock: modules.clock,
    meter: modules.meter,
    log: modules.log,
  });
  closers.push(() => app.close());
  try {
    return { url: await app.listen(peer), showCertificate: certificateShower(app.server, modules.keys, shown) };
  } catch (cause) {
    throw inUse(peer, cause);
  }
};
