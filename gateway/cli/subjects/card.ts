import { type Static, Type } from 'typebox';
import { usageFailure } from '../failure.ts';
import { readJsonFile } from '../files.ts';
import { walletPaths } from './wallet-file.ts';

/** What a subject shows an issuer: no secret, but personal, so 0600 like the rest. */
const SubjectCard = Type.Object({
  version: Type.Literal(1),
  name: Type.String(),
  subject: Type.Object({ type: Type.String(), code: Type.String() }),
  key: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }),
});
export type SubjectCard = Static<typeof SubjectCard>;

export const readCard = (home: string, name: string): SubjectCard => {
  const { card } = walletPaths(home, name);
  const found = readJsonFile(card, SubjectCard);
  if (found === undefined) throw usageFailure(`no subject ${name} (${card})`);
  return found;
};
