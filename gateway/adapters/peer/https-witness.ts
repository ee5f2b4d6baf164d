import { ok, refuse } from '../../domain/result.ts';
import type { WitnessPeers } from '../../ports/witness-peers.ts';
import type { PeerLines } from './peer-lines.ts';
import { problemCode } from './problem.ts';

const sizeType = 'text/x.tlog.size';
const sizeForm = /^(0|[1-9][0-9]{0,15})\n$/;

/** ports/witness-peers.ts over HTTPS with mutual TLS: the client of C2SP tlog-witness. */
export const httpsWitness = (lines: PeerLines): WitnessPeers => ({
  addCheckpoint: async (to, body) => {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const answer = await lines.post(to, { path: '/witness/v1/add-checkpoint', headers, body });
    if (!answer.ok) return answer;
    const { status, contentType, text } = answer.value;
    if (status === 200) return ok({ kind: 'cosigned', lines: text });
    const size = status === 409 && contentType.startsWith(sizeType) ? Number(sizeForm.exec(text)?.[1]) : Number.NaN;
    if (Number.isSafeInteger(size)) return ok({ kind: 'conflict', size });
    const code = problemCode(answer.value);
    return code === undefined ? refuse('PEER_GARBLED', { member: to, status }) : refuse(code, { member: to });
  },
});
