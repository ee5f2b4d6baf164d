import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus } from '../failure.ts';
import { gatewayClient } from '../gateway-client.ts';
import type { Run } from '../run.ts';

type Status = {
  readonly member: string;
  readonly status: string;
  readonly block: { readonly number: number; readonly ageSeconds: number; readonly fresh: boolean };
  readonly log: { readonly size: number; readonly anchoredSize: number; readonly lagLeaves: number };
  readonly witness: {
    readonly quorum: number;
    readonly cosignedSize: number;
    readonly waitingSeconds: number;
    readonly standings: readonly {
      readonly member: string;
      readonly waitingSeconds: number;
      readonly flagged: boolean;
      readonly contradicted: boolean;
    }[];
  };
  readonly outbox: number;
  readonly healthy: boolean;
};
type Health = {
  readonly healthy: boolean;
  readonly member: string;
  readonly block: number;
  readonly blockAgeSeconds: number;
  readonly anchorLagLeaves: number;
  readonly cosignedLagLeaves: number;
  readonly flagged: readonly string[];
};

const witnessed = (context: Context, { witness: { quorum, cosignedSize, waitingSeconds } }: Status): string => {
  if (quorum === 0) return context.t('not asked for in this network', '本网络不要求见证');
  const waits = waitingSeconds === 0 ? '' : context.t(`, more waits for ${waitingSeconds} s`, `，其余已等待 ${waitingSeconds} 秒`);
  return `${context.t(`${cosignedSize} entries by ${quorum} or more`, `${cosignedSize} 条，至少 ${quorum} 方`)}${waits}`;
};

const flags = (context: Context, { witness: { standings } }: Status): string =>
  standings
    .filter(({ flagged }) => flagged)
    .map(({ member, waitingSeconds, contradicted }) =>
      contradicted
        ? context.t(`${member} (signed two histories)`, `${member}（签署了两份历史）`)
        : context.t(`${member} (no quorum for ${waitingSeconds} s)`, `${member}（${waitingSeconds} 秒未达见证数）`),
    )
    .join(', ') || context.t('nobody', '无');

const one = async (context: Context): Promise<void> => {
  const status = await context.gateway().get<Status>('/v1/status');
  context.show(status, () =>
    context.pairs([
      [context.t('member', '成员'), `${status.member} (${status.status})`],
      [
        context.t('block', '区块'),
        `${status.block.number}, ${context.t(`${status.block.ageSeconds} s old`, `${status.block.ageSeconds} 秒前`)}${status.block.fresh ? '' : context.t(', too old to decide on', '，已过期，暂不决策')}`,
      ],
      [
        context.t('log', '日志'),
        context.t(
          `${status.log.size} entries, ${status.log.anchoredSize} anchored`,
          `${status.log.size} 条，已锚定 ${status.log.anchoredSize} 条`,
        ),
      ],
      [context.t('witnessed', '见证'), witnessed(context, status)],
      [context.t('flagged', '标记'), flags(context, status)],
      [context.t('outbox', '待发'), String(status.outbox)],
      [context.t('healthy', '健康'), status.healthy ? context.t('yes', '是') : context.t('no', '否')],
    ]),
  );
  if (!status.healthy) process.exitCode = exitStatus.refused;
};

/** Without --as: the open health page of every gateway of the network. */
const all = async (context: Context): Promise<void> => {
  const rows = await Promise.all(
    context.network().members.map(async ({ id, client }) => {
      try {
        return {
          id,
          client,
          health: await gatewayClient(client, undefined, context.options.lang).get<Health>('/health'),
          reason: undefined,
        };
      } catch (failure) {
        return { id, client, health: undefined, reason: failure instanceof CliFailure ? failure.code : 'UNKNOWN' };
      }
    }),
  );
  context.show(rows, () =>
    context.table(
      [
        context.t('member', '成员'),
        context.t('gateway', '网关'),
        context.t('state', '状态'),
        context.t('block', '区块'),
        context.t('not anchored', '未锚定'),
        context.t('not witnessed', '未见证'),
        context.t('flags', '标记'),
      ],
      rows.map(({ id, client, health, reason }) => [
        id,
        client,
        health?.healthy === true ? context.t('healthy', '正常') : (reason ?? context.t('not fit to decide', '暂不决策')),
        String(health?.block ?? '-'),
        String(health?.anchorLagLeaves ?? '-'),
        String(health?.cosignedLagLeaves ?? '-'),
        health === undefined || health.flagged.length === 0 ? '-' : health.flagged.join(','),
      ]),
    ),
  );
  if (rows.some(({ reason }) => reason === 'GATEWAY_UNREACHABLE')) process.exitCode = exitStatus.unreachable;
  else if (rows.some(({ health }) => health?.healthy !== true)) process.exitCode = exitStatus.refused;
};

export const statusCommand = (program: Command, run: Run): void => {
  program
    .command('status')
    .description('how a gateway stands (--as), or all gateways of the network')
    .action(run((context: Context) => (context.options.as === undefined ? all(context) : one(context))));
};
