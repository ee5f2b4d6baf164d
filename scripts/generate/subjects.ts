import { addDays, addMonths, type CalendarDate } from '../../gateway/domain/calendar.ts';
import { isNaturalPerson, type SubjectType, subjectTypes } from '../../gateway/domain/subject.ts';
import { makeIdNumber, makeUscc } from './codes.ts';
import { firmName, personName, trades } from './names.ts';
import { type Random, randomStream } from './random.ts';

// Out of 100 subjects: the six types of the plan, of which 个体工商户及农户 is one in two forms.
const mix = {
  enterprise: 60,
  'sole-proprietor': 18,
  farmer: 7,
  cooperative: 5,
  'social-organization': 3,
  'private-non-enterprise': 3,
  'key-professional': 4,
} as const satisfies Partial<Record<SubjectType, number>>;
export type SampleType = keyof typeof mix;
export const sampleTypes = Object.keys(mix) as readonly SampleType[];

export type SampleSubject = {
  readonly index: number;
  readonly type: SampleType;
  readonly code: string;
  readonly name: string;
  readonly isPerson: boolean;
  readonly industry: string;
  readonly establishedOn: CalendarDate;
  /** 0 small to 1 large: scales every amount. */
  readonly size: number;
  /** 0 troubled to 1 sound: decides arrears, penalties, lateness. */
  readonly health: number;
};

const typeWheel: readonly SampleType[] = sampleTypes.flatMap((type) => Array.from({ length: mix[type] }, () => type));

const makeCode = (random: Random, type: SampleType, today: CalendarDate): string => {
  const { code } = subjectTypes[type];
  if (code !== 'id-number') return makeUscc(random, code.uscc[0]!);
  return makeIdNumber(random, addDays(addMonths(today, -12 * random.int(24, 62)), -random.int(0, 364)));
};

/** `count` subjects, the first of them with the types given (the story's). Codes never repeat, and the n-th subject doesn't depend on `count`. */
export const makeSubjects = (
  seed: string,
  count: number,
  today: CalendarDate,
  firstTypes: readonly SampleType[],
): readonly SampleSubject[] => {
  const codes = new Set<string>();
  return Array.from({ length: Math.max(count, firstTypes.length) }, (_, index) => {
    const random = randomStream(seed, 'subject', index);
    const type = firstTypes[index] ?? random.pick(typeWheel);
    let code = makeCode(random, type, today);
    while (codes.has(code)) code = makeCode(random, type, today);
    codes.add(code);
    const isPerson = isNaturalPerson({ type, code });
    const [trade, industry] = random.pick(trades);
    return {
      index,
      type,
      code,
      name: isPerson ? personName(random) : firmName(random, type, trade, index),
      isPerson,
      industry,
      establishedOn: addDays(addMonths(today, -12 * random.int(3, 20)), -random.int(0, 364)),
      size: type === 'enterprise' ? random.next() : random.next() * 0.2,
      health: index < firstTypes.length ? 0.98 : 1 - random.next() ** 3,
    };
  });
};
