import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { type BaseContract, encodeBytes32String, ZeroHash } from 'ethers';
import { network } from 'hardhat';

/** The network all contract tests of one run share; each test starts from `loadFixture`. */
export const { ethers, networkHelpers, provider } = await network.create();

export const SECTOR = { none: 0, government: 1, finance: 2, utilities: 3, supplyChain: 4 } as const;
export const STATUS = { none: 0, active: 1, suspended: 2, left: 3 } as const;
export const PURPOSE = { none: 0, sign: 1, seal: 2, note: 3, tls: 4 } as const;
export const SHARE = { none: 0, open: 1, conditional: 2, withheld: 3 } as const;
export const ROLE = { provider: 1, consumer: 2, issuer: 4, auditor: 8, regulator: 16, council: 32, operator: 64 } as const;
export const OPERATION = { raw: 1, score: 2, verify: 4, sandbox: 8 } as const;
export const HOUR = 3600n;
export const DAY = 24n * HOUR;
export const COUNCIL_SETTINGS = { quorum: 2, delay: DAY, votingPeriod: 7n * DAY, window: 3n * DAY } as const;

export const code = encodeBytes32String;

/** Who is in the consortium of the tests. */
const MEMBERS = {
  registry: { id: code('gov-registry'), sector: SECTOR.government, roles: ROLE.provider | ROLE.issuer | ROLE.council },
  regulator: { id: code('gov-regulator'), sector: SECTOR.government, roles: ROLE.regulator | ROLE.auditor | ROLE.council },
  bank: { id: code('bank-changan'), sector: SECTOR.finance, roles: ROLE.provider | ROLE.consumer | ROLE.council },
  grid: { id: code('grid-east'), sector: SECTOR.utilities, roles: ROLE.provider | ROLE.council },
  trader: { id: code('chain-trader'), sector: SECTOR.supplyChain, roles: ROLE.consumer },
} as const;
export type MemberName = keyof typeof MEMBERS;
const MEMBER_NAMES = Object.keys(MEMBERS) as MemberName[];
export const idOf = (name: MemberName): string => MEMBERS[name].id;

const CONTRACT_NAMES = ['directory', 'members', 'catalog', 'grants', 'consents', 'anchor', 'council', 'pause', 'models', 'scores'] as const;
export type ContractName = (typeof CONTRACT_NAMES)[number];

export type World = Readonly<{
  authority: BaseContract;
  contracts: Readonly<Record<ContractName, BaseContract>>;
  /** Admin of the AccessManager, as the deployer is before it hands over to the council. */
  admin: HardhatEthersSigner;
  by: Readonly<Record<MemberName, HardhatEthersSigner>>;
  stranger: HardhatEthersSigner;
  spare: HardhatEthersSigner;
}>;

export const DATASET = code('gov.penalty');
export const FIELDS = [
  [code('penaltyDate'), 2],
  [code('amountFen'), 3],
] as const;

export const registration = (change: Partial<Record<string, unknown>> = {}): Record<string, unknown> => ({
  title: '行政处罚',
  kind: code('records'),
  shareClass: SHARE.conditional,
  operations: OPERATION.raw | OPERATION.score,
  schemaHash: ethers.id('schema 1'),
  termsHash: ethers.id('terms 1'),
  fields: FIELDS.map(([name, grade]) => ({ name, grade })),
  ...change,
});

export const admission = (account: string, change: Partial<Record<string, unknown>> = {}): Record<string, unknown> => ({
  sector: SECTOR.finance,
  roles: ROLE.consumer,
  account,
  name: '新行',
  endpoint: 'https://new.example',
  keys: [],
  ...change,
});

/** Sends one call; the gas limit is fixed so that a refusal is mined, not only estimated. */
export const send = (to: BaseContract, by: HardhatEthersSigner, method: string, ...args: unknown[]) =>
  to.connect(by).getFunction(method)(...args, { gasLimit: 12_000_000n });

export const view = (from: BaseContract, method: string, ...args: unknown[]) => from.getFunction(method).staticCall(...args);

const deploy = async (): Promise<World> => {
  const [admin, stranger, spare, ...rest] = await ethers.getSigners();
  if (!admin || !stranger || !spare) throw new Error('the test network has too few accounts');
  const authority = await ethers.deployContract('AccessManager', [admin.address]);
  const directory = await ethers.deployContract('Directory', [authority]);
  const contracts = {
    directory,
    members: await ethers.deployContract('MemberRegistry', [authority, directory]),
    catalog: await ethers.deployContract('DataCatalog', [directory]),
    grants: await ethers.deployContract('GrantRegistry', [directory]),
    consents: await ethers.deployContract('ConsentRegistry', [directory]),
    anchor: await ethers.deployContract('AuditAnchor', [directory]),
    council: await ethers.deployContract('Council', [directory, COUNCIL_SETTINGS]),
    pause: await ethers.deployContract('EmergencyPause', [authority, directory, 2]),
    models: await ethers.deployContract('ModelRegistry', [authority, directory]),
    scores: await ethers.deployContract('ScoreRegistry', [directory]),
  };
  const names = [
    ['member-registry', contracts.members],
    ['data-catalog', contracts.catalog],
    ['grant-registry', contracts.grants],
    ['consent-registry', contracts.consents],
    ['audit-anchor', contracts.anchor],
    ['council', contracts.council],
    ['access-manager', authority],
    ['emergency-pause', contracts.pause],
    ['model-registry', contracts.models],
    ['score-registry', contracts.scores],
  ] as const;
  for (const [name, contract] of names) await send(directory, admin, 'set', code(name), await contract.getAddress());
  const by = {} as Record<MemberName, HardhatEthersSigner>;
  for (const [index, name] of MEMBER_NAMES.entries()) {
    const signer = rest[index];
    if (!signer) throw new Error('the test network has too few accounts');
    by[name] = signer;
    const { id, sector, roles } = MEMBERS[name];
    await send(contracts.members, admin, 'admit', id, admission(signer.address, { sector, roles, name }));
  }
  await send(contracts.catalog, by.registry, 'register', DATASET, registration());
  return { authority, contracts, admin, by, stranger, spare };
};

/** All contracts, five members, one dataset of the registry; the deployer is still admin. */
export const world = (): Promise<World> => networkHelpers.loadFixture(deploy);

/** Two seats of the council pause for `seconds`. */
export const pauseFor = async ({ contracts, by }: World, seconds: bigint = DAY): Promise<void> => {
  await send(contracts.pause, by.bank, 'pause', seconds);
  await send(contracts.pause, by.grid, 'pause', seconds);
};

export const suspend = ({ contracts, admin }: World, name: MemberName) =>
  send(contracts.members, admin, 'suspend', idOf(name), code('test'));

export const now = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest());

/** Time of the block that mines the next transaction, fixed so that arguments can be exact. */
export const nextTime = async (ahead = 10n): Promise<bigint> => {
  const time = (await now()) + ahead;
  await networkHelpers.time.setNextBlockTimestamp(time);
  return time;
};

export const latestBlock = (): Promise<number> => ethers.provider.getBlockNumber();

export const NOTHING = ZeroHash;
