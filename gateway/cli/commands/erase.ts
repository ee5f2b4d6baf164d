import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { parseId } from '../options.ts';
import type { Run } from '../run.ts';

type Plan = {
  readonly plan: string;
  readonly today: string;
  readonly due: readonly { readonly month: string | null; readonly keys: number }[];
  readonly kept: { readonly keys: number; readonly next: string | null };
  readonly rules: readonly { readonly source: string; readonly months: number; readonly confirmed: boolean }[];
};
type EraseOptions = { readonly consent?: string; readonly before?: string; readonly plan?: string };

const parseMonth = (text: string): string => {
  if (!/^[0-9]{4}-(?:0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('a month such as 2026-04');
  return text;
};

const erase = async (context: Context, { plan, ...asked }: EraseOptions): Promise<void> => {
  const gateway = context.gateway();
  if (plan !== undefined) {
    const done = await gateway.post<{ erased: number }>('/v1/log/erasures', { ...asked, plan });
    return context.show(done, () =>
      context.t(
        `erased: ${done.erased} keys are destroyed. Delete what copies of store/opening-keys there are within 30 days.`,
        `已擦除：销毁密钥 ${done.erased} 个。store/opening-keys 的所有副本须在 30 日内删除。`,
      ),
    );
  }
  const looked = await gateway.get<Plan>(`/v1/log/erasures?${new URLSearchParams(asked)}`);
  context.show(looked, () => text(context, looked));
};

const text = (context: Context, { plan, today, due, kept, rules }: Plan): string =>
  [
    ...rules.map(({ source, months, confirmed }) =>
      context.t(
        `kept for ${months} months after the month at least: ${source}${confirmed ? '' : ' (not confirmed)'}`,
        `至少保存至当月之后 ${months} 个月：${source}${confirmed ? '' : '（待核实）'}`,
      ),
    ),
    due.length === 0
      ? context.t(`Nothing may be erased on ${today}.`, `${today} 无可擦除内容。`)
      : context.table(
          [context.t('month', '月份'), context.t('keys', '密钥')],
          due.map(({ month, keys }) => [month ?? context.t('consents that ended', '已终止的授权'), String(keys)]),
        ),
    kept.next === null
      ? context.t(`kept: ${kept.keys} keys`, `继续保存：密钥 ${kept.keys} 个`)
      : context.t(
          `kept: ${kept.keys} keys; the next month falls due on ${kept.next}`,
          `继续保存：密钥 ${kept.keys} 个，下一批于 ${kept.next} 到期`,
        ),
    ...(due.length === 0
      ? []
      : [
          context.t(
            `Nothing is erased yet. To destroy exactly these keys, for ever: the same command with --plan ${plan}`,
            `尚未擦除任何内容。如要永久销毁上列密钥，请以同样参数加 --plan ${plan} 再次执行`,
          ),
        ]),
  ].join('\n');

export const eraseCommand = (log: Command, run: Run): void => {
  log
    .command('erase')
    .description('erase what is kept about subjects once it may be (operator); first shows what would go')
    .option('--consent <id>', 'only what belongs to this consent', parseId)
    .option('--before <month>', 'everything of the months before this one (YYYY-MM), or nothing', parseMonth)
    .option('--plan <id>', 'do it: the plan that was shown', parseId)
    .addHelpText(
      'after',
      '\nDestroys the keys that seal openings, evidence, reviews and credentials. Entries, roots and proofs stay valid; each erasure is an entry itself.\nWhat must still be kept is refused with ERASURE_TOO_EARLY. Backups: docs/operations.md.\n\nExample:\n  xinshu log erase --as bank.operator',
    )
    .action(run(erase));
};
