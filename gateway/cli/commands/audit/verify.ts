import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Verdict } from '../../../audit/judge-evidence.ts';
import { askNode } from '../../auditing/evidence/ask-node.ts';
import { verifyEvidence } from '../../auditing/evidence/verify-evidence.ts';
import { withChain } from '../../chain.ts';
import type { Context } from '../../context.ts';
import { exitStatus, usageFailure } from '../../failure.ts';
import type { NetworkFile } from '../../network-file.ts';
import type { Run } from '../../run.ts';
import { defaultTolerance } from './match.ts';

type VerifyOptions = { readonly ledger?: string; readonly network?: boolean };

const read = (file: string): string => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw usageFailure(`cannot read ${file}`);
  }
};

const verify = async (context: Context, file: string, options: VerifyOptions): Promise<void> => {
  const { evidence, header, verdicts } = await verifyEvidence(read(file));
  let all: readonly Verdict[] = verdicts;
  const sound = evidence !== undefined && header !== undefined && verdicts.every(({ result }) => result !== 'fails');
  if (sound && (options.ledger !== undefined || options.network === true)) {
    const { chainId, directory } = evidence.chain;
    const own = options.network === true ? context.network() : undefined;
    if (own !== undefined && (own.chainId !== chainId || own.directory.toLowerCase() !== directory))
      throw usageFailure('the evidence is of another network than network.json', { chainId, directory });
    const network: NetworkFile = { version: 1, chainId, directory, members: [], ledger: options.ledger ?? own?.ledger ?? '' };
    all = await withChain(network, (chain) => askNode(chain, evidence, header, verdicts, defaultTolerance));
  } else if (sound) {
    const what = `that block ${header.number} (${header.hash}) is the chain’s, and that directory ${evidence.chain.directory} is the network’s`;
    all = [...verdicts, { check: 'chain', result: 'needs node', what }];
  }
  const ok = all.every(({ result }) => result !== 'fails');
  const complete = all.every(({ result }) => result === 'holds');
  context.show({ ok, complete, finding: evidence?.finding ?? null, block: header?.number ?? null, checks: all }, () =>
    [
      ...(evidence === undefined
        ? []
        : [
            [evidence.finding.kind, evidence.finding.member, evidence.finding.usage ?? '', evidence.finding.what]
              .filter((cell) => cell !== '')
              .join('  '),
            '',
          ]),
      context.table(
        [context.t('check', '检查'), context.t('result', '结果'), ''],
        all.map(({ check, result, what }) => [check, result, what]),
      ),
      '',
      ok
        ? complete
          ? context.t('Everything holds.', '全部成立。')
          : context.t('What the file can show by itself holds.', '文件自身可证明的部分全部成立。')
        : context.t('This is no evidence.', '不构成证据。'),
    ].join('\n'),
  );
  if (!ok) process.exitCode = exitStatus.refused;
};

export const verifyCommand = (audit: Command, run: Run): void => {
  audit
    .command('verify')
    .description('check an evidence file by itself; no network, no gateway, no trust in who made it')
    .argument('<file>', 'evidence, or - for standard input')
    .option('--ledger <url>', 'ask this node for what the file can’t show by itself')
    .option('--network', 'the same of the chain in network.json')
    .addHelpText(
      'after',
      '\nChecks proofs, signatures and openings, and derives the finding again from them. What only a node can say is printed as "needs node", that another\nlog lacks an entry as "needs log". Exit status 1 if anything fails.\n\nExample:\n  xinshu audit verify differs-grid-qinchuan-0123456789ab.json',
    )
    .action(run(verify));
};
