import { Pool } from 'undici';
import { catalogue, type ErrorCode } from '../../domain/errors.ts';
import type { MemberId } from '../../domain/ids.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { Member } from '../../domain/registry-state.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Peer } from '../../ports/peer.ts';
import { pinnedConnector, UnpinnedPeer } from './connector.ts';

export type HttpsPeerOptions = {
  readonly ledger: Pick<Ledger, 'head'>;
  readonly tls: { readonly certificate: string; readonly privateKey: string };
  readonly clock: Clock;
  /** Longest time for one message and its answer. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Connections kept open to each member. */
  readonly connections: number;
};

class PeerLate extends Error {}

type Line = { readonly pool: Pool; readonly endpoint: string; readonly pins: string };

const messageType = 'application/jose';
const problemType = 'application/problem+json';
/** A compact JWS: three parts of base64url (RFC 7515 §7.1). */
const compactJws = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** ports/peer.ts over HTTPS with mutual TLS, connections kept alive. `close` ends them. */
export const httpsPeer = (options: HttpsPeerOptions): Peer & { close(): Promise<void> } => {
  const lines = new Map<MemberId, Line>();

  const lineTo = (member: Member, block: number): Line | undefined => {
    const held = keysInForce(member.keys, 'tls', block).map((key) => key.data);
    const pins = held.join();
    const known = lines.get(member.id);
    if (known !== undefined && known.endpoint === member.endpoint && known.pins === pins) return known;
    // A pin that was retired must not live on in an open connection.
    if (known !== undefined) void known.pool.close();
    lines.delete(member.id);
    let origin: string;
    try {
      const url = new URL(member.endpoint);
      if (url.protocol !== 'https:') return undefined;
      origin = url.origin;
    } catch {
      return undefined;
    }
    const pool = new Pool(origin, {
      connections: options.connections,
      pipelining: 1,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      keepAliveTimeout: 60_000,
      maxResponseSize: options.maxAnswerBytes,
      connect: pinnedConnector({
        ...options.tls,
        pins: held,
        now: () => options.clock.now(),
        timeoutMs: Math.min(5_000, options.timeoutMs),
      }),
    });
    const line = { pool, endpoint: member.endpoint, pins };
    lines.set(member.id, line);
    return line;
  };

  return {
    send: async (to, protocol, message) => {
      const view = options.ledger.head();
      const member = view.member(to);
      if (member === undefined) return refuse('MEMBER_UNKNOWN', { member: to });
      const line = lineTo(member, view.block.number);
      if (line === undefined) return refuse('PEER_UNREACHABLE', { member: to, reason: 'endpoint' });
      // A timer that is taken back: one that always fires in the end makes an error with its stack trace for every message.
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new PeerLate()), options.timeoutMs);
      try {
        const { statusCode, headers, body } = await line.pool.request({
          method: 'POST',
          path: `/peer/v1/${protocol}`,
          headers: { 'content-type': messageType, accept: `${messageType}, ${problemType}` },
          body: message,
          signal: late.signal,
        });
        const text = await body.text();
        return readAnswer(to, statusCode, String(headers['content-type'] ?? ''), text);
      } catch (error) {
        return refuse(failureOf(error), { member: to });
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => {
      await Promise.all([...lines.values()].map((line) => line.pool.destroy()));
      lines.clear();
    },
  };
};

const readAnswer = (member: MemberId, status: number, contentType: string, text: string): Result<string> => {
  if (status === 204 && text === '') return ok('');
  if (status === 200 && contentType.startsWith(messageType) && compactJws.test(text)) return ok(text);
  if (status >= 400 && contentType.startsWith(problemType)) {
    const code = problemCode(text);
    if (code !== undefined) return refuse(code, { member });
  }
  return refuse('PEER_GARBLED', { member, status });
};

/** Only a code of the catalogue counts; everything else the peer wrote is dropped. */
const problemCode = (text: string): ErrorCode | undefined => {
  try {
    const code = (JSON.parse(text) as { code?: unknown } | null)?.code;
    return typeof code === 'string' && Object.hasOwn(catalogue, code) ? (code as ErrorCode) : undefined;
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
