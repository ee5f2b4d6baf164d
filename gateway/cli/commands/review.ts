import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { parseId, parseList, parseSubjectOption } from '../options.ts';
import type { Run } from '../run.ts';

type Review = {
  readonly review: string;
  readonly state: string;
  readonly datasets: readonly string[];
  readonly purpose: string;
  readonly requester: string;
  readonly reviewer: string | null;
  readonly openedAt: number;
  readonly subject?: { readonly type: string; readonly code: string };
};
type OpenOptions = {
  readonly subject: { type: string; code: string };
  readonly datasets: readonly string[];
  readonly purpose: string;
  readonly consent?: string;
};

const show = (context: Context, review: Review): void =>
  context.show(review, () =>
    context.pairs([
      [context.t('review', '复核'), review.review],
      [context.t('state', '状态'), review.state],
      [context.t('datasets', '数据集'), review.datasets.join(', ')],
      [context.t('purpose', '用途'), review.purpose],
    ]),
  );

export const reviewCommands = (program: Command, run: Run): void => {
  const review = program.command('review').description('leave for queries of grade 3 and above, given by another person');
  review
    .command('open')
    .description('ask for a review (requester)')
    .requiredOption('--subject <TYPE:CODE>', 'whom the query is about', parseSubjectOption)
    .requiredOption('--datasets <list>', 'datasets', parseList)
    .requiredOption('--purpose <code>', 'purpose')
    .option('--consent <id>', 'consent of the subject', parseId)
    .action(
      run(async (context: Context, { subject, datasets, purpose, consent }: OpenOptions) =>
        show(context, await context.gateway().post<Review>('/v1/reviews', { subject, datasets, purpose, consent })),
      ),
    );
  for (const [word, approve, description] of [
    ['approve', true, 'approve a review (reviewer, never its requester)'],
    ['reject', false, 'reject a review (reviewer)'],
  ] as const)
    review
      .command(word)
      .description(description)
      .argument('<review>')
      .action(
        run(async (context: Context, id: string) =>
          show(context, await context.gateway().post<Review>(`/v1/reviews/${encodeURIComponent(id)}/decision`, { approve })),
        ),
      );
  review
    .command('list')
    .description('reviews')
    .option('--state <state>', 'open, approved or rejected')
    .action(
      run(async (context: Context, { state }: { state?: string }) => {
        const { reviews } = await context
          .gateway()
          .get<{ reviews: Review[] }>(`/v1/reviews${state === undefined ? '' : `?state=${encodeURIComponent(state)}`}`);
        context.show(reviews, () =>
          context.table(
            [
              context.t('review', '复核'),
              context.t('state', '状态'),
              context.t('requester', '请求人'),
              context.t('reviewer', '复核人'),
              context.t('purpose', '用途'),
              context.t('subject', '主体'),
              context.t('datasets', '数据集'),
            ],
            reviews.map((one) => [
              one.review,
              one.state,
              one.requester,
              one.reviewer ?? '-',
              one.purpose,
              one.subject === undefined ? '-' : `${one.subject.type}:${one.subject.code}`,
              one.datasets.join(' '),
            ]),
          ),
        );
      }),
    );
};
