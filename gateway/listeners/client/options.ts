import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyPluginOptions,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Modules } from '../../flows/modules.ts';
import type { Tokens } from '../../ports/tokens.ts';

/** Limits of the client listener. */
export type ClientLimits = {
  /** Largest body of a call, in bytes; imports have their own. */
  readonly bodyBytes: number;
  /** Largest CSV file of an import, in bytes. */
  readonly importBytes: number;
  /** Calls of one member of staff, or of one address where no token is needed, in a minute. */
  readonly ratePerMinute: number;
  /** Calls of one address to the subjects' routes in a minute. */
  readonly subjectRatePerMinute: number;
  /** Longest time for one answer, in milliseconds; imports and streams have none. */
  readonly callTimeoutMs: number;
};

export type ClientOptions = FastifyPluginOptions & {
  readonly modules: Modules;
  readonly tokens: Tokens;
  readonly limits: ClientLimits;
};

export type ClientApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
/** One resource's routes. */
export type Routes = (app: ClientApp, options: ClientOptions) => void;
