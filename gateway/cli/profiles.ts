import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { usageFailure } from './failure.ts';
import { readJsonFile, readSecretFile, writeWhole } from './files.ts';

const Profiles = Type.Record(Type.String(), Type.Object({ gateway: Type.String({ pattern: '^https?://' }), tokenFile: Type.String() }));
export type Profiles = Static<typeof Profiles>;
/** One member of staff at one gateway. */
export type Profile = { readonly name: string; readonly gateway: string; readonly token: string };

const pathOf = (home: string): string => resolve(home, 'profiles.json');

export const readProfiles = (home: string): Profiles => readJsonFile(pathOf(home), Profiles) ?? {};

export const writeProfile = (home: string, name: string, gateway: string, tokenFile: string): void =>
  writeWhole(pathOf(home), `${JSON.stringify({ ...readProfiles(home), [name]: { gateway, tokenFile } }, null, 2)}\n`);

/** The profile with its token, out of a file that only its owner may read. */
export const readProfile = (home: string, name: string): Profile => {
  const profiles = readProfiles(home);
  const profile = profiles[name];
  if (profile === undefined)
    throw usageFailure(`no profile ${name} in ${pathOf(home)}; there are: ${Object.keys(profiles).join(', ') || 'none'}`, {
      profile: name,
    });
  return { name, gateway: profile.gateway, token: readSecretFile(resolve(home, profile.tokenFile), 'token file') };
};
