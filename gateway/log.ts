import type { DestinationStream } from 'pino';
import { pino } from 'pino';
import type { Log } from './ports/log.ts';

/**
 * What is taken out of every line, at any of these depths: a second line of defence, since callers log ids, codes and counts only (ports/log.ts).
 * The names are those under which plaintext of a subject, staff, secrets and whole messages travel in this code.
 */
const secret = [
  'subject',
  'code',
  'name',
  'staff',
  'requester',
  'reviewer',
  'authorization',
  'token',
  'passphrase',
  'privateKey',
  'secret',
  'salt',
  'historyKey',
  'opening',
  'openings',
  'credential',
  'payload',
  'records',
  'values',
  'body',
  'message',
  'sealed',
];
/** `code` and `name` at the top are error codes and error classes; deeper they may be a subject's. */
const topLevel = secret.filter((name) => name !== 'code' && name !== 'name');
const redact = {
  paths: [...topLevel, ...secret.flatMap((name) => [`*.${name}`, `*.*.${name}`]), 'req.headers.authorization'],
  censor: '[redacted]',
};

/** The process's log as JSON lines: standard error, so that standard output holds nothing but the ready line. */
export const createLog = (
  level: string,
  member: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Log => pino({ level, base: { member }, redact, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' }, destination);
