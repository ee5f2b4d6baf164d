import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * What is taken out of every line, at any of these depths: a second line of defence, since callers log ids, codes and counts only (ports/log.ts).
 * The names are those under which plaintext of a subject, staff, secrets and whole messages travel in this code.
 */
const secret = [
  'subject',
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
/** At the top these are error codes and error classes; deeper they may be a subject's. */
const secretBelow = ['code', 'name'];
const redact = {
  paths: [...secret, ...[...secret, ...secretBelow].flatMap((name) => [`*.${name}`, `*.*.${name}`]), 'req.headers.authorization'],
  censor: '[redacted]',
};

/** The process's log as JSON lines: standard error, so that standard output holds nothing but the ready line. */
export const createLog = (
  level: string,
  member: string,
  destination: DestinationStream = pino.destination({ dest: 2, sync: false }),
): Logger => pino({ level, base: { member }, redact, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' }, destination);
