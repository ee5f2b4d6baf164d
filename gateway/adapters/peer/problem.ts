import { catalogue, type ErrorCode } from '../../domain/errors.ts';
import type { PeerAnswer } from './peer-lines.ts';

export const problemType = 'application/problem+json';

/** The code of a problem document (RFC 9457). Only one of the catalogue counts; everything else the peer wrote is dropped. */
export const problemCode = ({ status, contentType, text }: PeerAnswer): ErrorCode | undefined => {
  if (status < 400 || !contentType.startsWith(problemType)) return undefined;
  try {
    const code = (JSON.parse(text) as { code?: unknown } | null)?.code;
    return typeof code === 'string' && Object.hasOwn(catalogue, code) ? (code as ErrorCode) : undefined;
  } catch {
    return undefined;
  }
};
