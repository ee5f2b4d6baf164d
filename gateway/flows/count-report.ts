import { chinaDate } from '../domain/calendar.ts';
import { freeReportsFor } from '../domain/free-reports.ts';
import type { Hex } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { isNaturalPerson, type SubjectRef } from '../domain/subject.ts';
import { decideFresh } from './decide-fresh.ts';
import type { Modules } from './modules.ts';

/** How long the pages of one report may be asked for after its first, in seconds. */
export const reportSeconds = 3600;

/** The how-manieth report of the calendar year (in China) this is at this gateway. From the first beyond `free` on it is chargeable, never refused. */
export type ReportCount = { readonly year: string; readonly number: number; readonly free: number; readonly chargeable: boolean };

type Begun = { readonly at: number; readonly number: number };

/** One natural person under whichever type the code is given. */
const personOf = (subject: SubjectRef): SubjectRef => (isNaturalPerson(subject) ? { type: 'natural-person', code: subject.code } : subject);

/**
 * Counts a person's reports (rule 25), durably, once for each report id: a report is all the pages, under all consents, that carry one id within an hour. null for
 * who is no person. Refuses with HISTORY_REPORT_OVER for an id that was first used longer ago.
 */
export const countReport = async (modules: Modules, subject: SubjectRef, report: Hex): Promise<Result<ReportCount | null>> => {
  const { documents, keys, locks } = modules;
  const now = await blockTime(modules);
  const today = chinaDate(now);
  const rule = freeReportsFor(subject, today);
  if (rule === undefined) return ok(null);
  const person = keys.subjectKey(personOf(subject));
  const counted = (year: string, { number }: Begun): ReportCount => ({
    year,
    number,
    free: rule.perYear,
    chargeable: number > rule.perYear,
  });
  return locks.run(`report/${person}`, async () => {
    // One that was begun in the last hour of a year stays that year's.
    for (const year of new Set([today, chinaDate(now - reportSeconds)].map((date) => date.slice(0, 4)))) {
      const begun = await documents.get<Begun>('report', `${person}/${year}/${report}`);
      if (begun !== undefined)
        return now - begun.at > reportSeconds ? refuse('HISTORY_REPORT_OVER', { at: begun.at }) : ok(counted(year, begun));
    }
    const year = today.slice(0, 4);
    let number = 1;
    for await (const _ of documents.list('report', { from: `${person}/${year}/`, to: `${person}/${year}0` })) number += 1;
    const begun: Begun = { at: now, number };
    await documents.put('report', `${person}/${year}/${report}`, begun);
    return ok(counted(year, begun));
  });
};

/** Block time; the own clock only while the chain can't be read, since the right to know does not wait for it. */
const blockTime = async (modules: Modules): Promise<number> => {
  const view = await decideFresh(modules);
  return view.ok ? view.value.block.time : Math.floor(modules.clock.now() / 1000);
};
