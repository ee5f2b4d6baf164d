import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ForkEvidence, readForkEvidence } from '../../../audit/fork-evidence.ts';
import { type JudgedFork, judgeFork, type StatementState } from '../../../audit/judge-fork.ts';
import { catalogue } from '../../../domain/errors.ts';
import type { Result } from '../../../domain/result.ts';
import type { Context } from '../../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../../failure.ts';
import type { Run } from '../../run.ts';

type Reported = { readonly id: string; readonly member: string; readonly recorded: boolean; readonly block: number };

const need = <T>(context: Context, result: Result<T>): T => {
  if (result.ok) return result.value;
  const { code, detail } = result.refusal;
  throw new CliFailure(exitStatus.refused, code, context.t(catalogue[code].en, catalogue[code].zh), detail);
};

const readFile = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw usageFailure(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // Not even JSON: the reader says so, with its code.
    return undefined;
  }
};

const stateText = (context: Context, state: StatementState): string =>
  ({
    signed: context.t('signed by the key of this account', '由该账户密钥签名'),
    anchored: context.t('needs node: said to be the last one anchored', '需节点核验：声称为最近锚定的检查点'),
    unknown: context.t('needs node: signed by no key, perhaps by a contract account', '需节点核验：非密钥签名，可能为合约账户'),
  })[state];

const describe = (context: Context, { member, log, first, second }: ForkEvidence, judged: JudgedFork): string =>
  [
    context.t(`Two checkpoints of ${member}/${log} contradict each other:`, `${member}/${log} 的两个检查点相互矛盾：`),
    context.table(
      [context.t('entries', '条目'), context.t('root', '根'), context.t('account', '账户'), context.t('signature', '签名')],
      [
        [String(first.size), first.root, first.account ?? '-', stateText(context, judged.first)],
        [String(second.size), second.root, second.account ?? '-', stateText(context, judged.second)],
      ],
    ),
  ].join('\n');

const report = async (context: Context, file: string, options: { readonly check?: boolean }): Promise<void> => {
  const given = readFile(file);
  const evidence = need(context, readForkEvidence(given));
  const judged = need(context, judgeFork(evidence));
  const { member, log, first, second } = evidence;
  const facts = { id: judged.id, member, log, first: { ...first, state: judged.first }, second: { ...second, state: judged.second } };
  if (options.check === true) {
    context.show({ ...facts, reported: null }, () => describe(context, evidence, judged));
    return;
  }
  const reported = await context.gateway().post<Reported>('/v1/forks', given);
  context.show({ ...facts, reported: { recorded: reported.recorded, block: reported.block } }, () =>
    [
      describe(context, evidence, judged),
      '',
      reported.recorded
        ? context.t(`Recorded on chain in block ${reported.block}, for ever.`, `已在区块 ${reported.block} 上链，永久留存。`)
        : context.t('The chain holds this evidence already.', '链上已有此证据。'),
    ].join('\n'),
  );
};

export const reportForkCommand = (audit: Command, run: Run): void => {
  audit
    .command('report-fork')
    .description('bring evidence that a member showed two histories of its log before the chain (auditor, operator; by any member)')
    .argument('<file>', 'evidence, or - for standard input')
    .option('--check', 'only check it here, with no gateway and no node')
    .addHelpText(
      'after',
      '\nThe file is checked here before anything is sent; then the chain judges it and remembers, and gateways refuse the member where the\nnetwork has agreed on that (refuse-forked). What only the chain can say is marked "needs node": whose the accounts are, what contract\naccounts signed, what is anchored.\n\nExample:\n  xinshu audit report-fork fork.json --as bank.auditor',
    )
    .action(run(report));
};
