import type { Change, Latest, RegistryEvent } from './entity.ts';
import { addressOf, bigintOf, codeOf, numberOf } from './read-event.ts';

/** IDirectory's events. A contract that comes back to a name it once served is the same generation again. */
export const applyDirectory = (latest: Latest, { name, args }: RegistryEvent): readonly Change[] => {
  if (name === 'ContractSet') {
    const key = codeOf(args, 'name');
    const address = addressOf(args, 'target');
    const served = latest.get('contracts', key)?.served ?? [];
    const before = served.find((contract) => contract.address === address);
    const contract = before ?? { name: key, generation: numberOf(args, 'version'), address };
    return [{ kind: 'contracts', key, value: { name: key, served: [...served, contract] } }];
  }
  if (name === 'ParameterSet') {
    const key = codeOf(args, 'name');
    const values = latest.get('parameter', key)?.values ?? [];
    const next = { value: bigintOf(args, 'value'), effectiveFrom: numberOf(args, 'effectiveFrom') };
    return [{ kind: 'parameter', key, value: { name: key, values: [...values, next] } }];
  }
  return [];
};
