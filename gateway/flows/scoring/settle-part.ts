import { sha256Hex } from '../../domain/hash.ts';
import type { Refusal } from '../../domain/result.ts';
import { leafValues } from '../leaf-values.ts';
import type { Modules } from '../modules.ts';
import { factsOfPart, type ScorePart, type StoredScore } from './stored-score.ts';

export type SettledPart = {
  readonly part: ScorePart;
  /** The provider's signed answer: an opening, or a refusal. */
  readonly answer: string;
  readonly block: number;
  readonly outcome: string;
  /** A served one is acknowledged; a refusal is not. */
  readonly served: boolean;
};

/** Logs what came of one contribution durably, the provider's signed answer beside it as evidence, and sees to it that a served one is acknowledged. */
export const settlePart = async (
  modules: Modules,
  stored: StoredScore,
  { part, answer, block, outcome, served }: SettledPart,
): Promise<Refusal | undefined> => {
  const { audit, clock, outbox, openings } = modules;
  const opening = await openings.find(stored.terms.authorization);
  const hash = sha256Hex(answer);
  const receipt = served
    ? outbox.prepare({ kind: 'acknowledgement', to: part.provider, usage: part.usage, response: hash, verdict: outcome })
    : undefined;
  const [appended] = await Promise.all([
    audit.append({
      draft: {
        step: 'received',
        usage: part.usage,
        time: clock.now(),
        block,
        outcome,
        consent: opening === undefined ? undefined : { id: opening.consent, historyKey: opening.historyKey },
        committed: leafValues({ ...factsOfPart(stored, part), message: hash }),
      },
      counters: [],
      attachment: Buffer.from(answer, 'ascii'),
    }),
    receipt?.durable,
  ]);
  if (appended.kind === 'refused') return appended.refusal;
  receipt?.release();
  return undefined;
};
