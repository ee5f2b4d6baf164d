import { NodeError } from '../../errors.ts';
import { systemClock } from '../../system-clock.ts';
import type { Engine, EngineHealth } from '../engine.ts';
import { requireFreePorts } from '../free-ports.ts';
import { type NodeIdentity, readNodeIdentity } from '../node-key.ts';
import type { ValidatorSettings } from './arguments.ts';
import type { KaiaBinaries } from './binary/cache.ts';
import { kaiaFinality } from './finality.ts';
import { validatorFolder } from './folders.ts';
import { kaiaHealth } from './health.ts';
import { Validator } from './validator.ts';

export interface KaiaEngineOptions {
  readonly chainId: number;
  readonly genesisFile: string;
  /** Folder of the validators' folders. */
  readonly validatorsFolder: string;
  /** All validators of the network, those of other machines too. */
  readonly validators: readonly ValidatorSettings[];
  readonly binaries: KaiaBinaries;
  /** Validators that end by themselves are started again. */
  readonly keepUp?: boolean;
  readonly onCrash?: (member: string, status: number | null, signal: NodeJS.Signals | null) => void;
}

/** A network of Kaia validators on this machine, each a process of its own. `endpoint` is the first one's node; each member's gateway asks its own. */
export class KaiaEngine implements Engine {
  readonly kind = 'kaia' as const;
  readonly finality = kaiaFinality;
  readonly validators: readonly Validator[];
  readonly #ports: readonly number[];

  /** Errors: NODE_KEY_UNREADABLE. */
  constructor({ validators, validatorsFolder, keepUp = false, onCrash = () => {}, ...common }: KaiaEngineOptions) {
    const nodes = validators.map((validator) => {
      const folder = validatorFolder(validatorsFolder, validator.member);
      return { validator, folder, identity: readNodeIdentity(folder.key) };
    });
    const peerOf = ({ validator, identity }: { validator: ValidatorSettings; identity: NodeIdentity }) => ({
      host: validator.host,
      peerPort: validator.peerPort,
      publicKey: identity.publicKey,
    });
    this.#ports = validators.flatMap(({ rpcPort, peerPort }) => [rpcPort, peerPort]);
    this.validators = nodes.map(
      (node) =>
        new Validator({
          ...common,
          ...node,
          address: node.identity.address,
          peers: nodes.filter((other) => other !== node).map(peerOf),
          keepUp,
          onCrash: (status, signal) => onCrash(node.validator.member, status, signal),
        }),
    );
  }

  /** Resolves once every node answers; blocks begin when more than two thirds of the validators have met. */
  async start(): Promise<void> {
    await requireFreePorts(this.#ports);
    const started = await Promise.allSettled(this.validators.map((validator) => validator.start()));
    const failed = started.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) return;
    await this.stop();
    throw failed.reason instanceof NodeError ? failed.reason : new NodeError('NODE_ENGINE_FAILED', {}, { cause: failed.reason });
  }

  async stop(): Promise<void> {
    await Promise.all(this.validators.map((validator) => validator.stop()));
  }

  endpoint(): string {
    return this.#first().endpoint();
  }

  health(): Promise<EngineHealth> {
    return kaiaHealth(this.endpoint(), systemClock.now());
  }

  /** Errors: NODE_USAGE where that member has none. */
  validator(member: string): Validator {
    const found = this.validators.find((validator) => validator.member === member);
    if (found === undefined) throw new NodeError('NODE_USAGE', { validator: member });
    return found;
  }

  #first(): Validator {
    const [first] = this.validators;
    if (first === undefined) throw new NodeError('NODE_USAGE', { validators: 0 });
    return first;
  }
}
