import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { usageFailure } from './failure.ts';
import { readJsonFile } from './files.ts';

const NetworkMember = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameZh: Type.String(),
  sector: Type.String(),
  client: Type.String({ pattern: '^https?://' }),
  peer: Type.String(),
});
export const NetworkFile = Type.Object({
  version: Type.Literal(1),
  chainId: Type.Integer({ minimum: 1 }),
  ledger: Type.String({ pattern: '^https?://' }),
  directory: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }),
  members: Type.Array(NetworkMember),
});
export type NetworkFile = Static<typeof NetworkFile>;

/** `network.json` in the home folder: where the chain and the members' client listeners are. */
export const readNetwork = (home: string): NetworkFile => {
  const network = readJsonFile(join(home, 'network.json'), NetworkFile);
  if (network === undefined) throw usageFailure(`no network.json in ${home}; start a network or give --home`);
  return network;
};

export const clientAddress = (network: NetworkFile, member: string): string => {
  const found = network.members.find(({ id }) => id === member);
  if (found === undefined) throw usageFailure(`network.json names no member ${member}`);
  return found.client;
};
