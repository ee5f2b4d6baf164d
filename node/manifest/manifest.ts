import { type Static, Type } from 'typebox';
import type { EngineKind } from '../engines/engine.ts';
import { memberRoles, sectors } from '../vocabulary.ts';

export const engineKinds = ['embedded', 'kaia', 'besu'] as const satisfies readonly EngineKind[];
const closed = { additionalProperties: false } as const;
const seconds = Type.Integer({ minimum: 0, maximum: 100 * 365 * 86_400 });
const port = Type.Integer({ minimum: 1, maximum: 65_535 });
const label = Type.String({ minLength: 1, maxLength: 128 });

const member = Type.Object(
  {
    /** Short code, as on chain: 1 to 31 of `[a-z0-9.-]`. */
    id: Type.String({ pattern: '^[a-z0-9.-]{1,31}$' }),
    name: label,
    nameZh: label,
    sector: Type.Enum([...sectors]),
    /** `council` among them means a seat. */
    roles: Type.Array(Type.Enum([...memberRoles]), { minItems: 1, uniqueItems: true }),
    /** Where its gateway listens, as the other gateways reach it. */
    host: Type.String({ pattern: '^[A-Za-z0-9.:-]{1,253}$' }),
    ports: Type.Object({ client: port, peer: port }, closed),
  },
  closed,
);

const validator = Type.Object(
  {
    /** The member whose node it is; it runs on that member's host. */
    member: Type.String({ pattern: '^[a-z0-9.-]{1,31}$' }),
    /** `rpc`: JSON-RPC for the member's own gateway, on loopback. `peer`: for the other validators. */
    ports: Type.Object({ rpc: port, peer: port }, closed),
  },
  closed,
);

/** What the founders agree on before there is a chain. Everything `xinshu-node` makes is made from it. */
export const manifestSchema = Type.Object(
  {
    version: Type.Literal(1),
    network: Type.String({ pattern: '^[a-z0-9-]{1,31}$' }),
    chainId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    engine: Type.Object(
      {
        kind: Type.Enum([...engineKinds]),
        /** embedded: JSON-RPC, on loopback. */
        port: Type.Optional(port),
        /** Networks of validators: the members that run one. */
        validators: Type.Optional(Type.Array(validator, { minItems: 1, maxItems: 100 })),
      },
      closed,
    ),
    members: Type.Array(member, { minItems: 1, maxItems: 1_000 }),
    council: Type.Object(
      {
        /** Yes votes that carry a proposal; from at least two sectors, whatever it is. */
        quorum: Type.Integer({ minimum: 2, maximum: 1_000 }),
        /** From carried to executable. */
        delaySeconds: seconds,
        /** In which votes are taken. */
        votingSeconds: Type.Integer({ minimum: 1, maximum: 365 * 86_400 }),
        /** In which a carried proposal may be executed. */
        windowSeconds: Type.Integer({ minimum: 1, maximum: 365 * 86_400 }),
      },
      closed,
    ),
    /** Seats that pause together. */
    emergency: Type.Object({ few: Type.Integer({ minimum: 1, maximum: 1_000 }) }, closed),
    /** Set in the Directory at founding, by name; the council changes them. */
    parameters: Type.Object(
      {
        /** Greatest age of a deciding block, in seconds. */
        'max-block-age': seconds,
        /** Greatest age of a checkpoint without an anchor, in seconds. */
        'max-anchor-lag': seconds,
        /** Other members that cosign each checkpoint; 0: none are asked. A note carries 16 signatures at most, two of them the log's. */
        'witness-quorum': Type.Integer({ minimum: 0, maximum: 14 }),
        /** How long a member's checkpoints may stay without that many before everyone flags it, in seconds. */
        'max-witness-lag': Type.Integer({ minimum: 1, maximum: 365 * 86_400 }),
        /** Who approves a scoring model: 0 the council, 1 the provider of each part. */
        'model-approval': Type.Integer({ minimum: 0, maximum: 1 }),
        /** Least number of providers in a joint score, the consumer not counted. */
        'min-contributors': Type.Integer({ minimum: 2, maximum: 128 }),
        /** Of a million attainable totals of a model, the most at which a provider's points may be pinned down. */
        'max-leak-ppm': Type.Integer({ minimum: 0, maximum: 1_000_000 }),
        /** Whether joint scores without proofs are allowed: 1 for trials, 0 in production. */
        'unproven-scores': Type.Integer({ minimum: 0, maximum: 1 }),
        /** Whether proofs under the shipped proving keys, which anyone can forge, are taken: 1 for trials, 0 in production. */
        'trial-proving-keys': Type.Integer({ minimum: 0, maximum: 1 }),
        /** Whether gateways refuse members that forked their audit log: 1 yes, 0 no. */
        'refuse-forked': Type.Integer({ minimum: 0, maximum: 1 }),
      },
      closed,
    ),
  },
  closed,
);

export type ManifestValidator = Static<typeof validator>;

/** The engine with what its kind needs, as the rules leave it. */
export type ManifestEngine =
  | { readonly kind: 'embedded'; readonly port: number }
  | { readonly kind: 'kaia' | 'besu'; readonly validators: readonly ManifestValidator[] };

export type Manifest = Omit<Static<typeof manifestSchema>, 'engine'> & { readonly engine: ManifestEngine };
