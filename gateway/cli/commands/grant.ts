import type { Command } from 'commander';
import type { Operation } from '../../domain/vocabulary.ts';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { parseCount, parseList, parseMoment, parseOperations } from '../options.ts';
import type { Run } from '../run.ts';
import { meansId, shortHex, showFen, showTime } from '../table.ts';

type Scope = {
  readonly fields: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly quota: number;
};
type Request = { readonly id: string; readonly dataset: string; readonly consumer: string; readonly scope: Scope; readonly state: string };
type Grant = {
  readonly id: string;
  readonly dataset: string;
  readonly provider: string;
  readonly consumer: string;
  readonly scope: Scope;
  readonly priceFen: string;
  readonly version: number;
  readonly state: string;
  readonly byPolicy: boolean;
};
type ScopeOptions = {
  readonly fields?: readonly string[];
  readonly purposes?: readonly string[];
  readonly operations?: readonly Operation[];
  readonly until?: number;
  readonly quota?: number;
  readonly price?: string;
};

const parts = ({ fields, purposes, operations, until, quota }: ScopeOptions): Partial<Scope> => ({
  ...(fields === undefined ? {} : { fields }),
  ...(purposes === undefined ? {} : { purposes }),
  ...(operations === undefined ? {} : { operations }),
  ...(until === undefined ? {} : { notAfter: until }),
  ...(quota === undefined ? {} : { quota }),
});
const terms = (options: ScopeOptions) => ({ scope: parts(options), ...(options.price === undefined ? {} : { priceFen: options.price }) });

/** The one id that begins so, or is shown so in a table. */
const fullId = (ids: readonly string[], beginning: string): string => {
  const found = ids.filter((id) => meansId(id, beginning));
  if (found.length !== 1) throw usageFailure(`${found.length === 0 ? 'nothing' : 'more than one'} begins with ${beginning}`);
  return found[0] as string;
};
const requestId = async (gateway: GatewayClient, beginning: string): Promise<string> =>
  fullId(
    (await gateway.get<{ requests: Request[] }>('/v1/access-requests')).requests.map(({ id }) => id),
    beginning,
  );
const grantId = async (gateway: GatewayClient, beginning: string): Promise<string> =>
  fullId(
    (await gateway.get<{ grants: Grant[] }>('/v1/grants')).grants.map(({ id }) => id),
    beginning,
  );

const ask = async (context: Context, dataset: string, options: ScopeOptions & { readonly days: number }): Promise<void> => {
  const gateway = context.gateway();
  const { dataset: found } = await gateway.get<{ dataset: { fields: { name: string }[]; operations: string[] } }>(
    `/v1/datasets/${encodeURIComponent(dataset)}`,
  );
  const { block } = await gateway.get<{ block: { time: number } }>('/v1/status');
  const scope = {
    fields: found.fields.map(({ name }) => name),
    purposes: options.purposes ?? [],
    operations: options.operations ?? found.operations,
    notBefore: block.time,
    notAfter: block.time + options.days * 86_400,
    quota: 0,
    ...parts(options),
  };
  const asked = await gateway.post<{ request: string; grant: string | null; block: number }>('/v1/access-requests', { dataset, scope });
  context.show(asked, () =>
    context.pairs([
      [context.t('request', '申请'), asked.request],
      [context.t('grant', '机构授权'), asked.grant ?? context.t('waits for the steward of the owner', '待提供方管理员审批')],
    ]),
  );
};

const scopeCells = ({ purposes, notAfter, quota }: Scope): string[] => [
  purposes.join(' '),
  showTime(notAfter),
  quota === 0 ? '∞' : String(quota),
];
const scopeHead = (context: Context): string[] => [context.t('purposes', '用途'), context.t('until', '至'), context.t('quota', '配额')];

const list = async (context: Context): Promise<void> => {
  const { grants } = await context.gateway().get<{ grants: Grant[] }>('/v1/grants');
  context.show(grants, () =>
    context.table(
      [
        context.t('grant', '授权'),
        context.t('dataset', '数据集'),
        context.t('consumer', '使用方'),
        context.t('state', '状态'),
        ...scopeHead(context),
        context.t('price', '价格'),
      ],
      grants.map((grant) => [
        shortHex(grant.id),
        grant.dataset,
        grant.consumer,
        `${grant.state} v${grant.version}${grant.byPolicy ? context.t(' by policy', ' 自动') : ''}`,
        ...scopeCells(grant.scope),
        showFen(grant.priceFen),
      ]),
    ),
  );
};

const requests = async (context: Context, { state }: { state?: string }): Promise<void> => {
  const found = await context
    .gateway()
    .get<{ requests: Request[] }>(`/v1/access-requests${state === undefined ? '' : `?state=${encodeURIComponent(state)}`}`);
  context.show(found.requests, () =>
    context.table(
      [
        context.t('request', '申请'),
        context.t('dataset', '数据集'),
        context.t('consumer', '使用方'),
        context.t('state', '状态'),
        ...scopeHead(context),
      ],
      found.requests.map((request) => [
        shortHex(request.id),
        request.dataset,
        request.consumer,
        request.state,
        ...scopeCells(request.scope),
      ]),
    ),
  );
};

export const grantCommands = (program: Command, run: Run): void => {
  const grant = program.command('grant').description('access between institutions');
  const withScope = (command: Command): Command =>
    command
      .option('--fields <list>', 'fields; left out: all', parseList)
      .option('--purposes <list>', 'purposes, for example loan-approval', parseList)
      .option('--operations <words>', 'raw, score, verify, sandbox', parseOperations)
      .option('--until <date>', 'end of validity', parseMoment)
      .option('--quota <n>', 'most uses; 0 is unlimited', parseCount);
  withScope(grant.command('request').description('ask for access to a dataset (steward)').argument('<dataset>'))
    .option('--days <n>', 'validity in days', parseCount, 365)
    .addHelpText('after', '\nExample:\n  xinshu grant request gov-credit.penalty --purposes loan-approval --as bank.steward')
    .action(run(ask));
  withScope(
    grant
      .command('approve')
      .description('grant a request, as it is or narrower (steward of the owner)')
      .argument('<request>', 'id or its first digits'),
  )
    .option('--price <fen>', 'price of one use in 分; left out: that of the catalog')
    .action(
      run(async (context: Context, beginning: string, options: ScopeOptions) => {
        const gateway = context.gateway();
        const made = await gateway.post<{ grant: string; block: number }>(
          `/v1/access-requests/${await requestId(gateway, beginning)}/approve`,
          terms(options),
        );
        context.show(made, () =>
          context.pairs([
            [context.t('grant', '机构授权'), made.grant],
            [context.t('block', '区块'), String(made.block)],
          ]),
        );
      }),
    );
  grant
    .command('decline')
    .description('decline a request (steward of the owner)')
    .argument('<request>', 'id or its first digits')
    .option('--reason <code>', 'code; it stands on chain', 'declined')
    .action(
      run(async (context: Context, beginning: string, { reason }: { reason: string }) => {
        const gateway = context.gateway();
        const done = await gateway.post<{ block: number }>(`/v1/access-requests/${await requestId(gateway, beginning)}/decline`, {
          reason,
        });
        context.show(done, () => context.t(`declined in block ${done.block}`, `已在区块 ${done.block} 驳回`));
      }),
    );
  grant
    .command('cancel')
    .description('take an own request back (steward)')
    .argument('<request>', 'id or its first digits')
    .action(
      run(async (context: Context, beginning: string) => {
        const gateway = context.gateway();
        const done = await gateway.post<{ block: number }>(`/v1/access-requests/${await requestId(gateway, beginning)}/cancel`);
        context.show(done, () => context.t(`taken back in block ${done.block}`, `已在区块 ${done.block} 撤销申请`));
      }),
    );
  withScope(
    grant.command('amend').description('replace parts of a grant (steward of the owner)').argument('<grant>', 'id or its first digits'),
  )
    .option('--price <fen>', 'price of one use in 分')
    .action(
      run(async (context: Context, beginning: string, options: ScopeOptions) => {
        const gateway = context.gateway();
        const done = await gateway.post<{ version: number; block: number }>(
          `/v1/grants/${await grantId(gateway, beginning)}/amend`,
          terms(options),
        );
        context.show(done, () =>
          context.t(`version ${done.version} from block ${done.block} on`, `自区块 ${done.block} 起为第 ${done.version} 版`),
        );
      }),
    );
  grant
    .command('revoke')
    .description('end a grant for good (steward of the owner)')
    .argument('<grant>', 'id or its first digits')
    .option('--reason <code>', 'code; it stands on chain', 'revoked')
    .action(
      run(async (context: Context, beginning: string, { reason }: { reason: string }) => {
        const gateway = context.gateway();
        const done = await gateway.post<{ block: number }>(`/v1/grants/${await grantId(gateway, beginning)}/revoke`, { reason });
        context.show(done, () => context.t(`revoked in block ${done.block}`, `已在区块 ${done.block} 撤销`));
      }),
    );
  grant.command('list').description('grants given and got').action(run(list));
  grant
    .command('requests')
    .description('requests made and received')
    .option('--state <state>', 'open, granted, declined or cancelled')
    .action(run(requests));
};
