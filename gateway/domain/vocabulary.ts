/** Words that stand on chain as small numbers or bit masks; the order and the bits are those of contracts/interfaces/Types.sol. */
export const sectors = ['government', 'finance', 'utilities', 'supply-chain'] as const;
export type Sector = (typeof sectors)[number];

export const roles = ['provider', 'consumer', 'issuer', 'auditor', 'regulator', 'council', 'operator'] as const;
export type Role = (typeof roles)[number];

export const operations = ['raw', 'score', 'verify', 'sandbox'] as const;
export type Operation = (typeof operations)[number];

export const shareClasses = ['open', 'conditional', 'withheld'] as const;
export type ShareClass = (typeof shareClasses)[number];

export const memberStatuses = ['active', 'suspended', 'left'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

/** Sensitivity of data, 1 (public) to 5 (JR/T 0197-2020; levels per field are in the dataset schema). */
export type Grade = 1 | 2 | 3 | 4 | 5;

export const staffRoles = ['requester', 'reviewer', 'steward', 'auditor', 'operator'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Bit mask over a list of words: bit i is the i-th word. */
export const toMask = <T extends string>(words: readonly T[], chosen: readonly T[]): number =>
  chosen.reduce((mask, word) => mask | (1 << words.indexOf(word)), 0);

export const fromMask = <T extends string>(words: readonly T[], mask: number): T[] => words.filter((_, bit) => (mask & (1 << bit)) !== 0);
