/** Rounds of a session (docs/protocol/score.md), in order. The consumer relays; providers need no connection to each other. */
export const sessionRounds = ['proposals', 'commitments', 'openings'] as const;
export type SessionRound = (typeof sessionRounds)[number];

/** What the consumer holds: each provider's answer of each round, by the provider's place; null until it has come. JSON. */
export type ConsumerProgress = Readonly<Record<SessionRound, readonly (string | null)[]>>;

export const noAnswers = (count: number): ConsumerProgress => {
  const none = (): null[] => Array.from({ length: count }, () => null);
  return { proposals: none(), commitments: none(), openings: none() };
};

export const withAnswer = (progress: ConsumerProgress, round: SessionRound, place: number, answer: string): ConsumerProgress => ({
  ...progress,
  [round]: progress[round].map((known, at) => (at === place ? answer : known)),
});

export type ConsumerStep =
  | { readonly kind: 'ask'; readonly round: SessionRound; readonly places: readonly number[] }
  | { readonly kind: 'finish' };

/** What the consumer may send next: a round begins when every answer of the one before is there, so that nobody can choose its own by another's. */
export const nextStep = (progress: ConsumerProgress): ConsumerStep => {
  for (const round of sessionRounds) {
    const places = progress[round].flatMap((answer, place) => (answer === null ? [place] : []));
    if (places.length > 0) return { kind: 'ask', round, places };
  }
  return { kind: 'finish' };
};

/** All answers of a round, where they are there. */
export const answersOf = (progress: ConsumerProgress, round: SessionRound): readonly string[] | undefined => {
  const answers = progress[round].filter((answer) => answer !== null);
  return answers.length === progress[round].length ? answers : undefined;
};

/** How far a provider is in a session: what it has stored durably. `refused` and `opened` are ends. */
export type ProviderStage = 'unknown' | 'agreed' | 'committed' | 'opened' | 'refused';

/**
 * What a provider does with a message of a round: `work` once and store it before answering, `repeat` what it stored, or not its turn. A refusal is repeated in every
 * round; no round is worked on twice, so there is one deal and one opening however often a message comes.
 */
export const providerTurn = (stage: ProviderStage, round: SessionRound): 'work' | 'repeat' | 'refused' | 'not-yet' => {
  if (stage === 'refused') return 'refused';
  const done = (['unknown', 'agreed', 'committed', 'opened'] as const).indexOf(stage);
  const turn = sessionRounds.indexOf(round);
  if (done === turn) return 'work';
  return done > turn ? 'repeat' : 'not-yet';
};
