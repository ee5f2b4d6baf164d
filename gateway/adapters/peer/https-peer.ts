import type { MemberId } from '../../domain/ids.ts';
import { ok, type Result, refuse } from '../../domain/result.ts';
import type { Peer } from '../../ports/peer.ts';
import type { PeerAnswer, PeerLines } from './peer-lines.ts';
import { problemCode, problemType } from './problem.ts';

const messageType = 'application/jose';
/** A compact JWS: three parts of base64url (RFC 7515 §7.1). */
const compactJws = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** ports/peer.ts over HTTPS with mutual TLS. */
export const httpsPeer = (lines: PeerLines): Peer => ({
  send: async (to, protocol, message) => {
    const headers = { 'content-type': messageType, accept: `${messageType}, ${problemType}` };
    const answer = await lines.post(to, { path: `/peer/v1/${protocol}`, headers, body: message });
    return answer.ok ? readAnswer(to, answer.value) : answer;
  },
});

const readAnswer = (member: MemberId, answer: PeerAnswer): Result<string> => {
  const { status, contentType, text } = answer;
  if (status === 204 && text === '') return ok('');
  if (status === 200 && contentType.startsWith(messageType) && compactJws.test(text)) return ok(text);
  const code = problemCode(answer);
  return code === undefined ? refuse('PEER_GARBLED', { member, status }) : refuse(code, { member });
};
