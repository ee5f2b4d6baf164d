import type { Address, DatasetId, Hex, MemberId, UsageId } from '../../../gateway/domain/ids.ts';
import type { SubjectRef } from '../../../gateway/domain/subject.ts';

/** What all examples are about. Keys and salts are bytes counted up from a start, so that anyone can write them again; nobody may use them. */
export const countedBytes = (start: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, place) => (start + place) % 256);

export const chainId = 619_900;
export const bank = 'bank-changan' as MemberId;
export const grid = 'grid-qinchuan' as MemberId;
export const electricity = 'grid-qinchuan.electricity' as DatasetId;
export const usage = '5f0c8f0e-1c2b-4d3e-8f90-0123456789ab' as UsageId;
export const subject: SubjectRef = { type: 'enterprise', code: '91619900MACDRG7H5T' };
export const consentRegistry = '0x1111111111111111111111111111111111111111' as Address;
export const auditAnchor = '0x2222222222222222222222222222222222222222' as Address;
export const time = 1_796_000_000;

/** One value of an example: what it is, and the value. */
export type Line = readonly [what: string, value: string];
export const lines = (rows: readonly Line[]): string =>
  ['| what | value |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | \`${value}\` |`)].join('\n');
export const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
export const hexOf = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;
