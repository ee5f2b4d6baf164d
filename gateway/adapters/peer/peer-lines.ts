import { Pool } from 'undici';
import type { ErrorCode } from '../../domain/errors.ts';
import type { MemberId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { Member } from '../../domain/registry-state.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { pinnedConnector, UnpinnedPeer } from './connector.ts';

export type PeerLinesOptions = {
  readonly ledger: Pick<Ledger, 'head'>;
  /** The own certificate, as it is now. */
  readonly tls: () => { readonly certificate: string; readonly privateKey: string };
  readonly clock: Clock;
  /** Longest time for one message and its answer. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Connections kept open to each member. */
  readonly connections: number;
};

export type PeerRequest = { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string };
export type PeerAnswer = { readonly status: number; readonly contentType: string; readonly text: string };

class PeerLate extends Error {}

type Line = { readonly pool: Pool; readonly endpoint: string; readonly pins: string; readonly certificate: string };

/** Connections to the gateways of other members: HTTPS with mutual TLS, kept alive, each known by its pin. */
export class PeerLines {
  readonly #options: PeerLinesOptions;
  readonly #lines = new Map<MemberId, Line>();

  constructor(options: PeerLinesOptions) {
    this.#options = options;
  }

  /** POSTs to a member. Refuses with MEMBER_UNKNOWN or, when there is no answer, with the PEER_ codes. */
  async post(to: MemberId, { path, headers, body: sent }: PeerRequest): Promise<Result<PeerAnswer>> {
    const view = this.#options.ledger.head();
    const member = view.member(to);
    if (member === undefined) return refuse('MEMBER_UNKNOWN', { member: to });
    const line = this.#lineTo(member, view.block.number);
    if (line === undefined) return refuse('PEER_UNREACHABLE', { member: to, reason: 'endpoint' });
    // A timer that is taken back: one that always fires in the end makes an error with its stack trace for every message.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new PeerLate()), this.#options.timeoutMs);
    try {
      const request = { method: 'POST', path, headers, body: sent, signal: late.signal } as const;
      const { statusCode, headers: answered, body } = await line.pool.request(request);
      return ok({ status: statusCode, contentType: String(answered['content-type'] ?? ''), text: await body.text() });
    } catch (error) {
      return refuse(failureOf(error), { member: to });
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.pool.destroy()));
    this.#lines.clear();
  }

  #lineTo(member: Member, block: number): Line | undefined {
    const { timeoutMs, tls, clock, connections, maxAnswerBytes } = this.#options;
    const held = keysInForce(member.keys, 'tls', block).map((key) => key.data);
    const pins = held.join();
    const own = tls();
    const known = this.#lines.get(member.id);
    if (known !== undefined && known.endpoint === member.endpoint && known.pins === pins && known.certificate === own.certificate)
      return known;
    // A pin that was retired must not live on in an open connection, neither theirs nor ours.
    if (known !== undefined) void known.pool.close();
    this.#lines.delete(member.id);
    const origin = originOf(member.endpoint);
    if (origin === undefined) return undefined;
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: 60_000,
      maxResponseSize: maxAnswerBytes,
      connect: pinnedConnector({ ...own, pins: held, now: () => clock.now(), timeoutMs: Math.min(5_000, timeoutMs) }),
    });
    const line = { pool, endpoint: member.endpoint, pins, certificate: own.certificate };
    this.#lines.set(member.id, line);
    return line;
  }
}

const originOf = (endpoint: string): string | undefined => {
  try {
    const url = new URL(endpoint);
    return url.protocol === 'https:' ? url.origin : undefined;
  } catch {
    return undefined;
  }
};

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const garbled = /^(UND_ERR_RES_EXCEEDED_MAX_SIZE|UND_ERR_RESPONSE|UND_ERR_HEADERS_OVERFLOW|UND_ERR_INFO|UND_ERR_NOT_SUPPORTED)/;

const failureOf = (error: unknown): ErrorCode => {
  if (error instanceof UnpinnedPeer) return 'PEER_TLS_UNPINNED';
  const { code, name } = error as { code?: string; name?: string };
  if (error instanceof PeerLate || timeouts.has(String(code))) return 'PEER_TIMEOUT';
  return name === 'HTTPParserError' || garbled.test(String(code)) ? 'PEER_GARBLED' : 'PEER_UNREACHABLE';
};
