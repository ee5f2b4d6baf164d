import { type CalendarDate, startOfDay } from './calendar.ts';
import { parseIdNumber } from './id-number.ts';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';
import { parseUscc } from './uscc.ts';

/** By what a subject of this type is found: a USCC that begins with one of the prefixes, or a citizen identification number. */
type SubjectKind = {
  /** Stands in the subject scalar; a number once given is never used for another type. */
  readonly number: number;
  readonly zh: string;
  readonly en: string;
  readonly code: { readonly uscc: readonly string[] } | 'id-number';
  /** What is known of it is personal information: all of natural persons, and sole proprietors' operators (domain.md 2.3). */
  readonly personal: boolean;
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
};

// GB 32100-2015 came into force on 2015-10-01; natural persons' numbers (GB 11643) on 1999-07-01.
const uscc = (number: number, zh: string, en: string, prefixes: readonly string[], personal = false): SubjectKind => ({
  number,
  zh,
  en,
  code: { uscc: prefixes },
  personal,
  from: '2015-10-01',
  until: undefined,
});
const person = (number: number, zh: string, en: string): SubjectKind => ({
  number,
  zh,
  en,
  code: 'id-number',
  personal: true,
  from: '1999-07-01',
  until: undefined,
});

/** The list of subject types is data: the plan's six types (§7) and those its evaluation models add (专栏4-2). */
export const subjectTypes = {
  enterprise: uscc(1, '企业', 'enterprise', ['91']),
  'social-organization': uscc(2, '社会团体', 'social organization', ['51']),
  'private-non-enterprise': uscc(3, '民办非企业单位', 'private non-enterprise unit', ['52']),
  cooperative: uscc(4, '农民专业合作社', "farmers' specialized cooperative", ['93']),
  'sole-proprietor': uscc(5, '个体工商户', 'sole proprietor', ['92'], true),
  farmer: person(6, '农户', 'farming household'),
  'key-professional': person(7, '重点职业人群', 'key professional'),
  foundation: uscc(8, '基金会', 'foundation', ['53']),
  institution: uscc(9, '事业单位', 'public institution', ['12']),
  agency: uscc(10, '机关', 'government agency', ['11']),
  collective: uscc(11, '农村集体经济组织', 'rural collective economic organization', ['N1', 'N2', 'N3']),
  'natural-person': person(12, '自然人', 'natural person'),
} as const satisfies Record<string, SubjectKind>;

export type SubjectType = keyof typeof subjectTypes;
/** Whom the data is about. `code` is normalised and checked; it is plaintext of a subject: never in a log, a metric or on chain. */
export type SubjectRef = { readonly type: SubjectType; readonly code: string };

const kindOf = (type: SubjectType): SubjectKind => subjectTypes[type];

export const isSubjectType = (text: string): text is SubjectType => Object.hasOwn(subjectTypes, text);

/**
 * Rule 38: the code must pass its standard's check and fit the type. With `atSeconds` the type must also be in force then.
 * Refuses with SUBJECT_TYPE_UNKNOWN, SUBJECT_TYPE_MISMATCH, or the USCC_ and ID_NUMBER_ codes.
 */
export const parseSubject = (type: string, code: string, atSeconds?: number): Result<SubjectRef> => {
  if (!isSubjectType(type)) return refuse('SUBJECT_TYPE_UNKNOWN');
  const kind = kindOf(type);
  if (atSeconds !== undefined) {
    const ended = kind.until !== undefined && startOfDay(kind.until) <= atSeconds;
    if (atSeconds < startOfDay(kind.from) || ended) return refuse('SUBJECT_TYPE_UNKNOWN');
  }
  if (kind.code === 'id-number') {
    const number = parseIdNumber(code);
    return number.ok ? ok({ type, code: number.value }) : number;
  }
  const parsed = parseUscc(code);
  if (!parsed.ok) return parsed;
  const prefix = parsed.value.department + parsed.value.category;
  return kind.code.uscc.includes(prefix) ? ok({ type, code: parsed.value.code }) : refuse('SUBJECT_TYPE_MISMATCH', { type, prefix });
};

/**
 * The subject that a code alone names: the USCC's prefix tells the type, a citizen number is a natural person's.
 * Refuses with SUBJECT_TYPE_UNKNOWN for a prefix of no type, or the USCC_ codes.
 */
export const subjectOfCode = (code: string): Result<SubjectRef> => {
  const number = parseIdNumber(code);
  if (number.ok) return ok({ type: 'natural-person', code: number.value });
  const parsed = parseUscc(code);
  if (!parsed.ok) return parsed;
  const prefix = parsed.value.department + parsed.value.category;
  const type = (Object.keys(subjectTypes) as SubjectType[]).find((one) => {
    const kind = kindOf(one).code;
    return kind !== 'id-number' && kind.uscc.includes(prefix);
  });
  return type === undefined ? refuse('SUBJECT_TYPE_UNKNOWN', { prefix }) : ok({ type, code: parsed.value.code });
};

export const isNaturalPerson = (subject: SubjectRef): boolean => kindOf(subject.type).code === 'id-number';

/** Whether records of this subject fall under the rules for personal information: wider than natural persons. */
export const isPersonal = (subject: SubjectRef): boolean => kindOf(subject.type).personal;

export const sameSubject = (a: SubjectRef, b: SubjectRef): boolean => a.type === b.type && a.code === b.code;
