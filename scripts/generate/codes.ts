import { idCheckCharacter } from '../../gateway/domain/id-number.ts';
import { organisationCheckCharacter, withCheckCharacter } from '../../gateway/domain/uscc.ts';
import type { Random } from './random.ts';

/** 619900 names no place in GB/T 2260: no code made here can be anyone's. */
export const region = '619900';

const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];

/** A unified social credit code of GB 32100-2015 with both check characters computed. `prefix` is registration department and class, as 91 for an enterprise. */
export const makeUscc = (random: Random, prefix: string): string => {
  const organisation = `MA${Array.from({ length: 6 }, () => random.pick(alphabet)).join('')}`;
  return withCheckCharacter(`${prefix}${region}${organisation}${organisationCheckCharacter(organisation)}`);
};

/** A citizen number of GB 11643-1999. `born` as YYYY-MM-DD. */
export const makeIdNumber = (random: Random, born: string): string => {
  const first17 = `${region}${born.replaceAll('-', '')}${String(random.int(1, 999)).padStart(3, '0')}`;
  return first17 + idCheckCharacter(first17);
};
