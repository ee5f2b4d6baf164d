import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Address } from '../../../domain/ids.ts';
import { compareStates, forkFinding } from '../../auditing/compare-states.ts';
import { keepForks } from '../../auditing/evidence/keep-evidence.ts';
import { AuditorState } from '../../auditing/state.ts';
import { findingLine } from '../../auditing/summary.ts';
import type { Context } from '../../context.ts';
import { exitStatus, usageFailure } from '../../failure.ts';
import type { Run } from '../../run.ts';

const compare = async (context: Context, first: string, second: string, options: { evidence?: string }): Promise<void> => {
  const { chainId, directory } = context.network();
  const open = (folder: string): Promise<AuditorState> => {
    // A mistyped folder must not become an empty state in which there is nothing to find.
    if (!existsSync(folder)) throw usageFailure(`no state at ${folder}`);
    return AuditorState.open(folder, { chainId, directory: directory as Address }, context.randomness);
  };
  const mine = await open(first);
  try {
    const theirs = await open(second);
    try {
      const { compared, forks } = await compareStates(chainId, mine, theirs);
      const findings = forks.map(forkFinding);
      const kept = options.evidence === undefined ? [] : await keepForks(context, mine, options.evidence, forks);
      context.show({ compared, forks, findings, evidence: kept, ok: forks.length === 0 }, () =>
        [
          context.table(
            [context.t('member', '成员'), context.t('read here', '此处已读'), context.t('read there', '彼处已读')],
            compared.map(({ member, sizes }) => [member, ...sizes.map(String)]),
          ),
          '',
          ...(findings.length === 0
            ? [context.t('Both were shown the same logs.', '双方所见日志一致。')]
            : findings.map((finding) => `  ${findingLine(finding)}`)),
          ...kept.map(({ file }) => `  ${context.t('evidence', '证据')}: ${file}`),
        ].join('\n'),
      );
      if (forks.length > 0) process.exitCode = exitStatus.refused;
    } finally {
      await theirs.close();
    }
  } finally {
    await mine.close();
  }
};

export const compareCommand = (audit: Command, run: Run): void => {
  audit
    .command('compare')
    .description('hold the states of two auditors against each other: a log that was shown to each in another form is found')
    .argument('<state>', 'state folder of one (xinshu audit follow)')
    .argument('<other>', 'that of the other, for example a copy sent by it')
    .option(
      '--evidence <folder>',
      'write files for each fork: one that convinces others (xinshu audit verify), one for the chain (xinshu audit report-fork)',
    )
    .addHelpText(
      'after',
      '\nExit status 1 when a log forked; --json gives both signed checkpoints and the proof that they contradict each other.',
    )
    .action(run(compare));
};
