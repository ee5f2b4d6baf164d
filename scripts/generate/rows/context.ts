import type { CalendarDate } from '../../../gateway/domain/calendar.ts';
import type { Row } from '../csv.ts';
import { addDays, firstOf } from '../months.ts';
import type { Random } from '../random.ts';
import type { SampleSubject } from '../subjects.ts';

export type RowContext = {
  readonly subject: SampleSubject;
  /** The stream of this dataset and subject alone. */
  readonly random: Random;
  readonly today: CalendarDate;
  /** The months covered, oldest first, YYYY-MM. */
  readonly months: readonly string[];
};

/** What one subject has in one dataset. The columns of the subject are added by the writer, and source and date where a row names none. */
export type RowMaker = (context: RowContext) => readonly Row[];

/** `count` times, with the number of the turn. */
export const times = (count: number, make: (turn: number) => Row): readonly Row[] =>
  Array.from({ length: Math.max(0, count) }, (_, turn) => make(turn));

/** A day of the months covered. */
export const someDay = ({ random, months }: RowContext): CalendarDate => addDays(firstOf(random.pick(months)), random.int(0, 27));

/** 分, scaled by the subject's size, never below a tenth of `full`. */
export const amount = ({ random, subject }: RowContext, full: number): number =>
  Math.round(full * (0.1 + 0.9 * subject.size) * (0.7 + 0.6 * random.next()));

/** Days late: none for most, the more the worse the subject's health. */
export const lateness = ({ random, subject }: RowContext): number =>
  random.next() < subject.health * 0.97 + 0.02 ? 0 : random.int(1, 10 + Math.round(110 * (1 - subject.health)));

/** Draws once: asked first in a maker, it decides whether the subject has anything in the dataset. */
export const has = ({ random }: RowContext, share: number): boolean => random.chance(share);

/** Some days after a decision, and not after today: the day on which the source unit passes it on. Some come later than 双公示 allows. */
export const passedOn = ({ random, today }: RowContext, decidedOn: CalendarDate): CalendarDate => {
  const day = addDays(decidedOn, random.int(1, 9));
  return day < today ? day : today;
};
