import { type Static, Type } from 'typebox';
import type { EngineKind } from '../engines/engine.ts';
import { memberRoles, sectors } from '../vocabulary.ts';

const engineKinds = ['embedded', 'kaia', 'besu'] as const satisfies readonly EngineKind[];
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

/** What the founders agree on before there is a chain. Everything `xinshu-node` makes is made from it. */
export const manifestSchema = Type.Object(
  {
    version: Type.Literal(1),
    network: Type.String({ pattern: '^[a-z0-9-]{1,31}$' }),
    chainId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    engine: Type.Object({ kind: Type.Enum([...engineKinds]), /** JSON-RPC, on loopback. */ port }, closed),
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
    /** Set in the Directory at founding: greatest age of a deciding block, and of a checkpoint without an anchor, in seconds. */
    parameters: Type.Object({ 'max-block-age': seconds, 'max-anchor-lag': seconds }, closed),
  },
  closed,
);

export type Manifest = Static<typeof manifestSchema>;
