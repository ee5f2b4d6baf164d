import { expect } from 'chai';
import { answersOf, nextStep, noAnswers, providerTurn, sessionRounds, withAnswer } from '../../../gateway/scoring/session-rounds.ts';

describe('scoring/session-rounds', () => {
  it('asks whoever has not answered, and begins a round when the one before is whole', () => {
    let progress = noAnswers(3);
    for (const round of sessionRounds) {
      expect(nextStep(progress)).to.deep.equal({ kind: 'ask', round, places: [0, 1, 2] });
      progress = withAnswer(progress, round, 1, 'b');
      expect(nextStep(progress)).to.deep.equal({ kind: 'ask', round, places: [0, 2] });
      expect(answersOf(progress, round)).to.equal(undefined);
      progress = withAnswer(withAnswer(progress, round, 2, 'c'), round, 0, 'a');
      expect(answersOf(progress, round)).to.deep.equal(['a', 'b', 'c']);
    }
    expect(nextStep(progress)).to.deep.equal({ kind: 'finish' });
    expect(nextStep(JSON.parse(JSON.stringify(progress)))).to.deep.equal({ kind: 'finish' });
  });

  it('lets a provider work on each round once, in order, and repeat what it answered', () => {
    const turns = (['unknown', 'agreed', 'committed', 'opened', 'refused'] as const).map((stage) =>
      sessionRounds.map((round) => providerTurn(stage, round)),
    );
    expect(turns).to.deep.equal([
      ['work', 'not-yet', 'not-yet'],
      ['repeat', 'work', 'not-yet'],
      ['repeat', 'repeat', 'work'],
      ['repeat', 'repeat', 'repeat'],
      ['refused', 'refused', 'refused'],
    ]);
  });
});
