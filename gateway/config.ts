import { readFile } from 'node:fs/promises';
import { type Static, type TSchema, Type } from 'typebox';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { XinshuError } from './domain/errors.ts';

const strict = { additionalProperties: false };
const port = (description: string) => Type.Integer({ minimum: 0, maximum: 65_535, description });
const host = (description: string) => Type.String({ minLength: 1, maxLength: 253, description });
const code = '^[a-z0-9.-]{1,31}$';
const count = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, default: value, description });

/** `config.json` of a gateway's data folder. The descriptions are the manual: docs/reference/config.md is made from them. */
export const configSchema = Type.Object(
  {
    version: Type.Literal(1, { description: 'Version of this file.' }),
    member: Type.String({
      pattern: code,
      description: 'Id of the member that this gateway belongs to. It must be the one of the keystore and of the store.',
    }),
    ledger: Type.Object(
      {
        url: Type.String({ pattern: '^https?://', description: 'JSON-RPC address of a node of the consortium.' }),
        chainId: Type.Integer({ minimum: 1, description: 'Chain id. The gateway refuses a node of another chain.' }),
        directory: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$', description: 'Address of the Directory contract; it names all others.' }),
      },
      { ...strict, description: 'The chain.' },
    ),
    client: Type.Object(
      {
        host: host(
          'Address to listen on. Plain HTTP with bearer tokens: keep it on a loopback or inside network, or put TLS in front of it.',
        ),
        port: port('Port to listen on; 0 takes a free one.'),
      },
      { ...strict, description: "Listener for the institution's own systems and people, and for subjects." },
    ),
    peer: Type.Object(
      {
        host: host('Address to listen on.'),
        port: port('Port to listen on; 0 takes a free one. The endpoint in the MemberRegistry must lead here.'),
      },
      { ...strict, description: 'Listener for other gateways, mutual TLS 1.3.' },
    ),
    checkpoint: Type.Object(
      {
        everySeconds: count(
          1,
          1,
          3_600,
          'How often a checkpoint of the log is signed and published, if it grew; one signature for however many entries.',
        ),
      },
      { ...strict, default: {}, description: 'Publishing of the audit log.' },
    ),
    anchor: Type.Object(
      {
        everySeconds: count(
          10,
          1,
          86_400,
          'How often the log is anchored on chain, if it grew. The network parameter max-anchor-lag bounds what is allowed.',
        ),
      },
      { ...strict, default: {}, description: 'Anchoring of the audit log.' },
    ),
    acceptedIssuers: Type.Array(
      Type.Object(
        {
          issuer: Type.String({ pattern: code, description: 'Member id of an issuer of credentials.' }),
          maxGrade: Type.Integer({
            minimum: 1,
            maximum: 5,
            description: 'Highest grade of a dataset for which its credentials are believed here.',
          }),
        },
        strict,
      ),
      { default: [], description: "Issuers whose credentials open this institution's own datasets. Empty: none is believed." },
    ),
    limits: Type.Object(
      {
        bodyBytes: count(262_144, 1_024, 67_108_864, 'Largest body of a call on the client listener, in bytes.'),
        importBytes: count(268_435_456, 1_024, 4_294_967_296, 'Largest CSV file of an import, in bytes.'),
        queryTimeoutMs: count(15_000, 500, 120_000, 'Longest time for one call on the client listener, in milliseconds.'),
        ratePerMinute: count(120_000, 1, 100_000_000, 'Calls of one member of staff in a minute.'),
        subjectRatePerMinute: count(120, 1, 100_000_000, "Calls of one address to the subjects' routes in a minute."),
        peerTimeoutMs: count(5_000, 100, 60_000, "Longest time for another gateway's answer, in milliseconds."),
        peerConnections: count(32, 1, 1_024, 'Connections kept open to each other gateway.'),
        peerParallel: count(256, 1, 100_000, 'Messages of one other gateway under way here at once; beyond it the answer is 503.'),
        peerRatePerSecond: count(4_000, 1, 1_000_000, 'Messages of one other gateway in a second, averaged; beyond it the answer is 503.'),
        requestSeconds: count(600, 10, 86_400, 'How long a signed request may be presented to the provider, in seconds.'),
        redeliverySeconds: count(
          60,
          1,
          86_400,
          'How long an answer can be delivered again to the own caller after its receipt, in seconds; then its one-time key is erased.',
        ),
        mirrorWaitMs: count(3_000, 0, 60_000, 'How long to wait for a block that the other side named, in milliseconds.'),
        reviewSeconds: count(86_400, 60, 31_536_000, 'How long an approved review may be used, in seconds.'),
        proofWaitMs: count(
          2_000,
          0,
          60_000,
          'How long a provider waits for its proof of a score before the consumer must ask again, in milliseconds.',
        ),
        batchParallel: count(32, 1, 1_024, 'Queries of one batch under way at once.'),
      },
      { ...strict, default: {}, description: 'Bounds on size, rate and time.' },
    ),
    log: Type.Object(
      {
        level: Type.Union(
          ['fatal', 'error', 'warn', 'info', 'debug', 'silent'].map((level) => Type.Literal(level)),
          { default: 'info', description: 'Least severity that is written to standard error: fatal, error, warn, info, debug or silent.' },
        ),
      },
      { ...strict, default: {}, description: "The process's own log. It never holds plaintext of a subject, tokens or keys." },
    ),
  },
  { ...strict, title: 'Gateway configuration' },
);

export type GatewayConfig = Static<typeof configSchema>;

export type ConfigFault = { readonly path: string; readonly message: string };

/** TypeBox stops at 8 errors unless its process-wide setting says otherwise; only here is the input trusted to be small. */
const allErrors = (input: unknown) => {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: 1000 });
  try {
    return Value.Errors(configSchema, input);
  } finally {
    Settings.Set({ maxErrors });
  }
};

/** All faults of a configuration, each with its path; none when it is good. Defaults are filled in on a copy. */
export const checkConfig = (input: unknown): { readonly config: GatewayConfig | undefined; readonly faults: readonly ConfigFault[] } => {
  const filled: unknown = Value.Default(configSchema as TSchema, structuredClone(input));
  if (Value.Check(configSchema, filled)) return { config: filled, faults: [] };
  const faults = new Map<string, string>();
  for (const { instancePath, keyword, message } of allErrors(filled)) {
    // "must not have additional properties" is said again, at the property itself, as keyword boolean.
    if (keyword === 'additionalProperties') continue;
    const path = instancePath === '' ? '/' : instancePath;
    if (!faults.has(path)) faults.set(path, keyword === 'boolean' ? 'is not known' : message);
  }
  return { config: undefined, faults: [...faults].map(([path, message]) => ({ path, message })) };
};

/** Reads and checks `config.json`. Throws CONFIG_UNREADABLE, or CONFIG_INVALID with every fault and its path in `detail.faults`. */
export const readConfig = async (path: string): Promise<GatewayConfig> => {
  let input: unknown;
  try {
    input = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'not JSON' : String((cause as NodeJS.ErrnoException).code);
    throw new XinshuError('CONFIG_UNREADABLE', { path, reason }, { cause });
  }
  const { config, faults } = checkConfig(input);
  if (config === undefined)
    throw new XinshuError('CONFIG_INVALID', { path, faults: faults.map((fault) => `${fault.path} ${fault.message}`).join('; ') });
  return config;
};
