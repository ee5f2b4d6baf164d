import { type Asked, askedBy } from './asked.ts';
import { accept, type ModelState, newState } from './model.ts';
import { full, judge, room, use, type Verdict } from './reasons.ts';
import type { Act, Schedule } from './schedule.ts';

/** What a schedule runs against: parts of the product, or all of it. Times are ticks of block time. */
export interface World {
  /** Of the newest block, which is the one that decides. */
  now(): number;
  /**
   * Sends an act to the registries. `decide` asks the model, and changes it; it is called once, with the time of the act's block, after the act's content was
   * read from `state`. Resolves with whether the registries took it.
   */
  perform(act: Act, state: ModelState, decide: (now: number) => boolean): Promise<boolean>;
  hold(consent: number): Promise<void>;
  pass(ticks: number): Promise<void>;
  /** As many queries at once; their outcomes: 'ok' or a code. `meanwhile` happens after they are decided and before they are counted. */
  query(asked: Asked, parallel: number, meanwhile: () => Promise<void>): Promise<readonly string[]>;
  /** The last served query again; undefined when there is none. */
  repeat(): Promise<{ readonly asked: Asked; readonly outcome: string } | undefined>;
  /** Uses as the provider's store counts them, by the model's keys. */
  used(key: string): number;
  grantOrder(place: number): string;
  /** Operations that are served at all. */
  readonly delivers: readonly string[];
}

export type Tally = { schedules: number; acts: number; taken: number; served: number; readonly refused: Map<string, number> };
export const newTally = (): Tally => ({ schedules: 0, acts: 0, taken: 0, served: 0, refused: new Map() });
/** A rule that the model leaves out, so that a test can show that its absence is noticed. */
export type Mutation = { readonly without?: string };

/** Model and product disagree. */
export class Difference extends Error {}
const differ = (what: string, facts: object): never => {
  throw new Difference(`${what}: ${JSON.stringify(facts, (_, value: unknown) => (value instanceof Set ? [...value] : value))}`);
};

const lessen = ({ faults, counts }: Verdict, without: string | undefined): Verdict => ({
  faults: new Set([...faults].filter((code) => code !== without)),
  counts: counts.filter(({ code }) => code !== without),
});

/** Runs one schedule against the world and the model side by side. Throws Difference at the first answer that the rules don't give. */
export const runSchedule = async (world: World, schedule: Schedule, tally: Tally, { without }: Mutation = {}): Promise<void> => {
  const state = newState(schedule);
  const verdict = (asked: Asked): Verdict =>
    lessen(
      judge(state, asked, world.now(), (place) => world.grantOrder(place), world.delivers),
      without,
    );
  const perform = async (act: Act): Promise<void> => {
    let expected = false;
    const taken = await world.perform(act, state, (now) => {
      expected = accept(state, act, now);
      return expected;
    });
    tally.acts += 1;
    if (taken) tally.taken += 1;
    if (taken !== expected) differ(`the registries ${taken ? 'took' : 'refused'} what the rules don't`, { act, now: world.now() });
  };
  const checkCounts = (): void => {
    for (const [key, uses] of state.uses)
      if (world.used(key) !== uses) differ('counted otherwise', { key, uses, counted: world.used(key) });
  };
  const checkRefusals = (outcomes: readonly string[], reasons: readonly string[], asked: Asked): void => {
    for (const outcome of outcomes) {
      if (outcome === 'ok') continue;
      tally.refused.set(outcome, (tally.refused.get(outcome) ?? 0) + 1);
      if (!reasons.includes(outcome)) differ('refused for a reason that is none', { asked, outcome, reasons, now: world.now() });
    }
  };

  for (const step of schedule.steps) {
    switch (step.act) {
      case 'query': {
        const asked = askedBy(schedule.consents, step);
        const before = verdict(asked);
        let after = before;
        const outcomes = await world.query(asked, step.parallel, async () => {
          if (step.meanwhile !== undefined) await perform(step.meanwhile);
          after = verdict(asked);
        });
        const fitting = before.faults.size === 0 && after.faults.size === 0;
        const expected = fitting ? room(state, after.counts, step.parallel) : 0;
        const served = outcomes.filter((outcome) => outcome === 'ok').length;
        if (served !== expected)
          differ('served otherwise', { asked, outcomes, expected, before: before.faults, after: after.faults, now: world.now() });
        use(state, after.counts, fitting ? served : 0);
        tally.served += served;
        checkRefusals(outcomes, [...before.faults, ...after.faults, ...full(state, after.counts)], asked);
        break;
      }
      case 'repeat': {
        const again = await world.repeat();
        if (again === undefined) break;
        const { faults } = verdict(again.asked);
        if ((again.outcome === 'ok') !== (faults.size === 0)) differ('delivered again otherwise', { ...again, faults, now: world.now() });
        checkRefusals([again.outcome], [...faults], again.asked);
        break;
      }
      case 'hold':
        await world.hold(step.consent);
        state.held.add(step.consent);
        break;
      case 'pass':
        await world.pass(step.ticks);
        break;
      default:
        await perform(step);
    }
    checkCounts();
  }
  tally.schedules += 1;
};
