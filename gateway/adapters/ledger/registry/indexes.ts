import type { Change } from './entity.ts';

export const pinIndex = (pin: string): string => `pin/${pin.toLowerCase()}`;
export const accountIndex = (account: string): string => `account/${account.toLowerCase()}`;
export const grantsIndex = (dataset: string, consumer: string): string => `grants/${dataset}/${consumer}`;
export const anchorsIndex = (member: string, log: number): string => `anchors/${member}/${log}`;

/** Where an entity is to be found again. Indexes only grow: whether the entity stands there at a block is read from the entity. */
export const indexKeys = (change: Change): readonly string[] => {
  switch (change.kind) {
    case 'member': {
      const pins = change.value.keys.filter(({ purpose }) => purpose === 'tls').map(({ data }) => pinIndex(data));
      return [accountIndex(change.value.account), ...pins];
    }
    case 'grant':
      return [grantsIndex(change.value.dataset, change.value.consumer)];
    case 'anchor':
      return [anchorsIndex(change.value.member, change.value.log)];
    default:
      return [];
  }
};
