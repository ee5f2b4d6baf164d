import { Contract, encodeBytes32String, type Interface, type JsonRpcProvider, type ParamType, type Result } from 'ethers';
import { type ContractName, contractNames, loadArtifacts } from '../deployment/artifacts.ts';
import type { ContractCall } from '../network/send-call.ts';
import type { Action } from './action.ts';

/** The contracts as the Directory names them now, and all that ever served a name. */
export class CouncilContracts {
  readonly #abis: Readonly<Record<ContractName, Interface>>;
  readonly #addresses: Readonly<Record<ContractName, string>>;
  /** Lower case. */
  readonly #names: ReadonlyMap<string, ContractName>;
  readonly #chain: JsonRpcProvider;

  private constructor(chain: JsonRpcProvider, versions: ReadonlyMap<ContractName, readonly string[]>) {
    const artifacts = loadArtifacts();
    this.#chain = chain;
    this.#abis = Object.fromEntries(contractNames.map((name) => [name, artifacts[name].abi])) as Record<ContractName, Interface>;
    this.#addresses = Object.fromEntries([...versions].map(([name, all]) => [name, all.at(-1)])) as Record<ContractName, string>;
    this.#names = new Map([...versions].flatMap(([name, all]) => all.map((address) => [address.toLowerCase(), name] as const)));
  }

  static async open(chain: JsonRpcProvider, directory: string): Promise<CouncilContracts> {
    const contract = new Contract(directory, loadArtifacts().directory.abi, chain);
    const found = await Promise.all(
      contractNames.map(async (name): Promise<readonly [ContractName, readonly string[]]> => {
        if (name === 'directory') return [name, [directory]];
        return [name, (await contract.getFunction('versionsOf').staticCall(encodeBytes32String(name))) as string[]];
      }),
    );
    return new CouncilContracts(chain, new Map(found.filter(([, versions]) => versions.length > 0)));
  }

  /** Asks a view of the present contract. */
  async view<T>(name: ContractName, method: string, args: readonly unknown[] = []): Promise<T> {
    return (await new Contract(this.#addresses[name], this.#abis[name], this.#chain).getFunction(method).staticCall(...args)) as T;
  }

  address(name: ContractName): string {
    return this.#addresses[name];
  }

  encode({ contract, method, args }: Action): ContractCall {
    return { to: this.#addresses[contract], data: this.#abis[contract].encodeFunctionData(method, [...args]) };
  }

  /** The action that stands in these bytes; undefined if they are of no contract of ours, or of no method that it has. */
  decode({ to, data }: ContractCall): Action | undefined {
    const contract = this.#names.get(to.toLowerCase());
    if (contract === undefined) return undefined;
    const parsed = this.#abis[contract].parseTransaction({ data });
    return parsed === null
      ? undefined
      : { contract, method: parsed.name, args: parsed.fragment.inputs.map((input, at) => named(input, parsed.args[at])) };
  }

  isPresent(to: string): boolean {
    const contract = this.#names.get(to.toLowerCase());
    return contract !== undefined && this.#addresses[contract].toLowerCase() === to.toLowerCase();
  }

  event(name: ContractName, log: { readonly topics: readonly string[]; readonly data: string }) {
    return this.#abis[name].parseLog({ topics: [...log.topics], data: log.data });
  }
}

/** Structs as plain objects: ethers' own answer has methods where fields of the same name are looked for. */
function named(type: ParamType, value: unknown): unknown {
  if (type.isTuple()) return Object.fromEntries(type.components.map((part, at) => [part.name, named(part, (value as Result)[at])]));
  return type.isArray() ? [...(value as Result)].map((item) => named(type.arrayChildren, item)) : value;
}
