import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberDocument } from '../../node/deployment/member-document.ts';
import { readMemberDocument } from '../../node/deployment/member-document.ts';
import type { Manifest } from '../../node/manifest/manifest.ts';
import { xinshu } from './xinshu.ts';

export type ManifestMember = Manifest['members'][number];

export const gatewayFolder = (root: string, member: string): string => join(root, 'gateways', member);

/** People of each institution in the demo network: profile name after the dot, staff name, roles. */
const staff: Readonly<Record<string, readonly (readonly [suffix: string, name: string, roles: string])[]>> = {
  consumer: [
    ['requester', 'Li Na', 'requester'],
    ['reviewer', 'Zhao Qiang', 'reviewer'],
  ],
  provider: [],
  auditor: [],
};

/** `bank-changan` is `bank` in profile names: what people type should be short. */
export const shortName = (member: string): string => member.split('-')[0] as string;

export type Profile = { readonly name: string; readonly member: string };

const profilesOf = ({ id, roles }: ManifestMember): readonly (readonly [string, string, string])[] => [
  ['steward', `Steward of ${id}`, 'steward'],
  ['operator', `Operator of ${id}`, 'operator'],
  // An auditor is let in by every institution; the token is that institution's own.
  ['auditor', 'Wang Fang', 'auditor'],
  ...roles.flatMap((role) => staff[role] ?? []),
];

export const profileNames = (manifest: Manifest): readonly Profile[] =>
  manifest.members.flatMap((member) =>
    profilesOf(member).map(([suffix]) => ({ name: `${shortName(member.id)}.${suffix}`, member: member.id })),
  );

/** Keys, configuration and tokens of one gateway; what is there already stays. */
export const prepareGateway = async (root: string, member: ManifestMember): Promise<MemberDocument> => {
  const folder = gatewayFolder(root, member.id);
  if (!existsSync(join(folder, 'member.json'))) {
    await xinshu(root, [
      'gateway',
      'init',
      '--dir',
      folder,
      '--member',
      member.id,
      '--name',
      member.name,
      '--name-zh',
      member.nameZh,
      '--sector',
      member.sector,
      '--roles',
      member.roles.join(','),
      '--client-port',
      String(member.ports.client),
      '--peer-port',
      String(member.ports.peer),
    ]);
  }
  return readMemberDocument(join(folder, 'member.json'));
};

const profileFile = (root: string): Record<string, unknown> => {
  const path = join(root, 'profiles.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
};

/** A token and a profile for each person, made by the command a real operator would use. */
export const prepareProfiles = async (root: string, manifest: Manifest): Promise<void> => {
  for (const member of manifest.members) {
    for (const [suffix, name, roles] of profilesOf(member)) {
      const profile = `${shortName(member.id)}.${suffix}`;
      if (profile in profileFile(root)) continue;
      await xinshu(root, [
        'token',
        'create',
        '--dir',
        gatewayFolder(root, member.id),
        '--staff',
        name,
        '--roles',
        roles,
        '--profile',
        profile,
      ]);
    }
  }
};
