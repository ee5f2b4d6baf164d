/** The words of the contracts' enums and bit masks (contracts/interfaces/Types.sol), as manifests and member documents write them. */
export const sectors = ['government', 'finance', 'utilities', 'supply-chain'] as const;
export type Sector = (typeof sectors)[number];

export const memberRoles = ['provider', 'consumer', 'issuer', 'auditor', 'regulator', 'council', 'operator'] as const;
export type MemberRole = (typeof memberRoles)[number];

export const memberStatuses = ['none', 'active', 'suspended', 'left'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

export const keyPurposes = ['sign', 'seal', 'note', 'tls'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** The enum's 0 stands for none. */
export const sectorNumber = (sector: Sector): number => sectors.indexOf(sector) + 1;
export const keyPurposeNumber = (purpose: KeyPurpose): number => keyPurposes.indexOf(purpose) + 1;

export const roleMask = (roles: readonly MemberRole[]): number => roles.reduce((mask, role) => mask | (1 << memberRoles.indexOf(role)), 0);
export const rolesOf = (mask: number): MemberRole[] => memberRoles.filter((_, bit) => (mask & (1 << bit)) !== 0);
