const messages = {
  START_USAGE: 'wrong use',
  START_PORT_IN_USE: 'a port is in use',
  START_DATA_FOREIGN: 'the data folder holds something else',
  START_DATA_VERSION: 'the data folder is of another version',
  START_DATA_HALF_MADE: 'the data folder is half-made and cannot be finished',
  START_DATA_IN_USE: 'the data folder is in use by a running network',
  START_INTERRUPTED: 'stopped before it was done',
} as const;

export type StartErrorCode = keyof typeof messages;

/** What `npm start` tells a person: a stable code, what is wrong and what to do about it. */
export class StartError extends Error {
  readonly code: StartErrorCode;
  constructor(code: StartErrorCode, advice: string, options?: ErrorOptions) {
    super(`${code}: ${messages[code]}. ${advice}`, options);
    this.name = 'StartError';
    this.code = code;
  }
}
