import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { decodeLeaf } from '../../audit/leaf.ts';
import { checkInclusion, readProof } from '../../audit/proof.ts';
import { fromBase64url, fromHex } from '../../domain/hash.ts';
import type { Hex, MemberId } from '../../domain/ids.ts';
import { leafHash } from '../../domain/merkle.ts';
import type { LeafLine, OpeningLine } from '../auditing/log-source.ts';
import { withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import { parseCount } from '../options.ts';
import type { Run } from '../run.ts';
import { eraseCommand } from './erase.ts';
import { listLogs } from './log-list.ts';

type Checkpoint = {
  readonly member: MemberId;
  readonly log: number;
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly anchored: { readonly size: number; readonly root: string; readonly block: number } | null;
};
/** What `log prove` writes and `log verify` reads. */
const Count = Type.Integer({ minimum: 0 });
const Proof = Type.Object({
  version: Type.Literal(1),
  member: Type.String(),
  log: Count,
  index: Count,
  size: Count,
  leaf: Type.String(),
  proof: Type.Array(Type.String()),
});

const show = async (context: Context, options: { from: number; to?: number }): Promise<void> => {
  const gateway = context.gateway();
  const { size } = await gateway.get<Checkpoint>('/v1/log/checkpoint');
  const range = `from=${options.from}&to=${Math.min(options.to ?? size, size)}`;
  const openings = gateway.lines(`/v1/log/openings?${range}`) as AsyncGenerator<OpeningLine>;
  const rows: { index: number; leaf: unknown; values: Readonly<Record<string, string>> | null }[] = [];
  for await (const { index, leaf } of gateway.lines(`/v1/log/leaves?${range}`) as AsyncGenerator<LeafLine>) {
    const decoded = decodeLeaf(fromBase64url(leaf) ?? new Uint8Array());
    const opening = ((await openings.next()).value as OpeningLine | undefined)?.opening ?? null;
    rows.push({ index, leaf: decoded.ok ? decoded.value : decoded.refusal, values: opening?.values ?? null });
  }
  context.show(rows, () =>
    context.table(
      [
        context.t('entry', '条目'),
        context.t('when', '时间'),
        context.t('step', '步骤'),
        context.t('outcome', '结果'),
        context.t('block', '区块'),
        context.t('with', '对方'),
        context.t('staff', '人员'),
        context.t('dataset', '数据集'),
        context.t('purpose', '用途'),
        context.t('usage', '使用编号'),
      ],
      rows.map(({ index, leaf, values }) => {
        const { time, step, outcome, block } = leaf as { time?: number; step?: string; outcome?: string; block?: number };
        return [
          String(index),
          time === undefined ? '-' : new Date(time).toISOString().slice(0, 19),
          step ?? '-',
          outcome ?? '-',
          String(block ?? '-'),
          values?.counterparty ?? '-',
          values?.staff ?? '-',
          values?.dataset ?? '-',
          values?.purpose ?? '-',
          values?.usage ?? '-',
        ];
      }),
    ),
  );
};

const checkpoint = async (context: Context): Promise<void> => {
  const shown = await context.gateway().get<Checkpoint>('/v1/log/checkpoint');
  context.show(shown, () =>
    [
      context.pairs([
        [context.t('log', '日志'), `${shown.member}/${shown.log}`],
        [context.t('entries', '条目'), String(shown.size)],
        [context.t('root', '根'), shown.root],
        [
          context.t('anchored', '已锚定'),
          shown.anchored === null ? '-' : `${shown.anchored.size} (${context.t('block', '区块')} ${shown.anchored.block})`,
        ],
      ]),
      '',
      shown.note,
    ].join('\n'),
  );
};

const prove = async (context: Context, index: number): Promise<void> => {
  const gateway = context.gateway();
  const { member, log, anchored } = await gateway.get<Checkpoint>('/v1/log/checkpoint');
  if (anchored === null || index >= anchored.size)
    throw new CliFailure(exitStatus.refused, 'NOT_ANCHORED', context.t('that entry is under no anchor yet', '该条目尚未锚定'), { index });
  const { proof } = await gateway.get<{ proof: Hex[] }>(`/v1/log/inclusion?index=${index}&size=${anchored.size}`);
  let leaf: string | undefined;
  for await (const line of gateway.lines(`/v1/log/leaves?from=${index}&to=${index + 1}`)) leaf = (line as LeafLine).leaf;
  if (leaf === undefined)
    throw new CliFailure(exitStatus.refused, 'LOG_RANGE_INVALID', context.t('no such entry', '没有该条目'), { index });
  const made: Static<typeof Proof> = { version: 1, member, log, index, size: anchored.size, leaf, proof };
  // One form for people and programs: it is a file to hand on.
  context.terminal.out(JSON.stringify(made, null, 2));
};

const verify = (context: Context, file: string): Promise<void> =>
  withChain(context.network(), async (chain) => {
    let given: unknown;
    try {
      given = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
    } catch {
      throw usageFailure(`${file} is no proof`);
    }
    const leaf = Value.Check(Proof, given) && readProof(given.proof).ok ? fromBase64url(given.leaf) : undefined;
    if (!Value.Check(Proof, given) || leaf === undefined)
      throw new CliFailure(exitStatus.refused, 'PROOF_MALFORMED', context.t('that is not the form of a proof', '证明格式不符'));
    const { member, log, index, size, proof } = given;
    const anchor = chain
      .head()
      .anchors(member as MemberId, log)
      .find((anchored) => anchored.size === size);
    const holds = anchor !== undefined && checkInclusion({ leafHash: leafHash(leaf), index, size, root: fromHex(anchor.root), proof }).ok;
    const reason =
      anchor === undefined
        ? context.t('that size is not anchored on chain', '链上没有该大小的锚定')
        : context.t('the proof does not lead to the anchored root', '证明与链上锚定的根不符');
    context.show({ ok: holds, member, index, size, root: anchor?.root ?? null, block: anchor?.block ?? null }, () =>
      holds
        ? context.t(
            `entry ${index} of ${member} stands under root ${anchor.root}, anchored in block ${anchor.block}`,
            `${member} 的条目 ${index} 位于区块 ${anchor.block} 锚定的根 ${anchor.root} 之下`,
          )
        : reason,
    );
    if (!holds) process.exitCode = exitStatus.refused;
  });

export const logCommands = (program: Command, run: Run): void => {
  const log = program.command('log').description('the audit log of an institution (auditor)');
  log
    .command('show')
    .description('entries with what is behind them')
    .option('--from <n>', 'first entry', parseCount, 0)
    .option('--to <n>', 'entry to stop before', parseCount)
    .action(run(show));
  log
    .command('list')
    .description('the log of each member: where it is read, and the key that signs it (C2SP tlog-tiles)')
    .action(run(listLogs));
  log.command('checkpoint').description('size and root, signed, and the newest anchor').action(run(checkpoint));
  log
    .command('prove')
    .description('inclusion proof of an entry under the newest anchored root, to hand on')
    .argument('<entry>', 'number of the entry', parseCount)
    .addHelpText('after', '\nExample:\n  xinshu log prove 12 --as bank.auditor > proof.json && xinshu log verify proof.json')
    .action(run(prove));
  log
    .command('verify')
    .description('check such a proof against the root that the chain itself shows')
    .argument('<file>', 'proof, or - for standard input')
    .action(run(verify));
  eraseCommand(log, run);
};
