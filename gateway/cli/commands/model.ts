import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { parseList, parseVersion } from '../options.ts';
import type { Run } from '../run.ts';
import { listingFaults, readJson } from '../submitted-file.ts';
import { showTime } from '../table.ts';
import { importCommand } from './model/import.ts';
import { approvalWord, type Model, modelPath, newestVersion, type Registered, showRegistered, stateWord } from './model/shown.ts';

type Leakage = {
  readonly report: { readonly attainable: number; readonly pinned: number; readonly parts: readonly { dataset: string; pinned: number }[] };
  readonly reportHash: string;
  readonly block?: number;
};

const register = async (context: Context, file: string): Promise<void> => {
  const registered = await listingFaults(context, context.gateway().post<Registered>('/v1/models', readJson(file)));
  showRegistered(context, registered);
};

const list = async (context: Context): Promise<void> => {
  const { models } = await context.gateway().get<{ models: Model[] }>('/v1/models');
  const sorted = models.toSorted((a, b) => (a.id === b.id ? a.version - b.version : a.id < b.id ? -1 : 1));
  context.show(sorted, () =>
    context.table(
      [
        context.t('model', '模型'),
        context.t('version', '版本'),
        context.t('owner', '所有方'),
        context.t('state', '状态'),
        context.t('parts', '分部'),
        context.t('approved', '已批准'),
        context.t('until', '至'),
      ],
      sorted.map((model) => [
        model.id,
        String(model.version),
        model.owner,
        stateWord(context, model),
        String(model.parts.length),
        approvalWord(model),
        showTime(model.notAfter),
      ]),
    ),
  );
};

const show = async (context: Context, id: string, given: number | undefined): Promise<void> => {
  const version = given ?? (await newestVersion(context, id));
  const shown = await context
    .gateway()
    .get<{ model: Model; document: { title: string; titleZh: string; base: number } | null }>(modelPath(id, version));
  const { model, document } = shown;
  context.show(shown, () =>
    [
      context.pairs([
        [context.t('model', '模型'), `${model.id} ${model.version}`],
        [
          context.t('title', '名称'),
          document === null ? context.t('not delivered here', '尚未送达') : context.t(document.title, document.titleZh),
        ],
        [context.t('owner', '所有方'), model.owner],
        [context.t('state', '状态'), stateWord(context, model)],
        [context.t('output', '输出'), model.output],
        ...(document === null ? [] : [[context.t('base', '基准分'), String(document.base)] as [string, string]]),
        [context.t('least contributors', '最少提供方'), String(model.minContributors)],
        [context.t('valid', '有效期'), `${showTime(model.notBefore)} .. ${showTime(model.notAfter)}`],
        [context.t('document', '文档'), model.documentHash],
        ...model.reports.map(({ auditor, pinned, attainable }): [string, string] => [
          context.t('leakage report', '泄露报告'),
          context.t(
            `${auditor}: ${pinned} of ${attainable} totals pin a provider down`,
            `${auditor}：${attainable} 个可得总分中 ${pinned} 个会确定某一提供方的分值`,
          ),
        ]),
      ]),
      '',
      context.table(
        [
          context.t('dataset', '数据集'),
          context.t('provider', '提供方'),
          context.t('approved', '已批准'),
          context.t('held here', '本网关持有'),
        ],
        model.parts.map(({ dataset, provider, approved, held }) => [
          dataset,
          provider ?? '-',
          approved ? context.t('yes', '是') : context.t('no', '否'),
          held ? context.t('yes', '是') : context.t('no', '否'),
        ]),
      ),
    ].join('\n'),
  );
};

const deliver = async (context: Context, id: string, given: number | undefined, auditors: readonly string[]): Promise<void> => {
  const version = given ?? (await newestVersion(context, id));
  const delivered = await context.gateway().post<{ to: string[]; delivered: string[] }>(`${modelPath(id, version)}/deliver`, { auditors });
  const waiting = delivered.to.filter((member) => !delivered.delivered.includes(member));
  context.show({ model: id, version, ...delivered }, () =>
    context.pairs([
      [context.t('model', '模型'), `${id} ${version}`],
      [context.t('delivered to', '已送达'), delivered.delivered.join(', ') || '-'],
      [context.t('on its way to', '待送达'), waiting.join(', ') || '-'],
    ]),
  );
};

const leakage = async (context: Context, id: string, given: number | undefined, dry: boolean): Promise<void> => {
  const version = given ?? (await newestVersion(context, id));
  const path = `${modelPath(id, version)}/leakage`;
  const gateway = context.gateway();
  const measured = dry ? await gateway.get<Leakage>(path) : await gateway.post<Leakage>(path);
  const { report } = measured;
  context.show(measured, () =>
    context.pairs([
      [context.t('attainable totals', '可得总分'), String(report.attainable)],
      [context.t('that pin a provider down', '可确定某一提供方的'), String(report.pinned)],
      ...report.parts.map(({ dataset, pinned }): [string, string] => [dataset, String(pinned)]),
      [context.t('report', '报告'), measured.reportHash],
      [context.t('block', '区块'), measured.block === undefined ? context.t('not stated', '未上链') : String(measured.block)],
    ]),
  );
};

/** The dataset named, or the one part that is this institution's own. */
const ownDataset = async (context: Context, id: string, version: number, dataset: string | undefined): Promise<string> => {
  if (dataset !== undefined) return dataset;
  const gateway = context.gateway();
  const [{ model }, { member }] = await Promise.all([
    gateway.get<{ model: Model }>(modelPath(id, version)),
    gateway.get<{ member: string }>('/v1/status'),
  ]);
  const own = model.parts.find(({ provider }) => provider === member);
  if (own === undefined) throw usageFailure(`${member} provides no part of ${id} ${version}`);
  return own.dataset;
};

type ApproveOptions = { readonly dataset?: string; readonly revoke?: boolean };
const approve = async (context: Context, id: string, given: number | undefined, { dataset, revoke }: ApproveOptions): Promise<void> => {
  const version = given ?? (await newestVersion(context, id));
  const part = await ownDataset(context, id, version, dataset);
  const approved = revoke !== true;
  const path = `${modelPath(id, version)}/parts/${encodeURIComponent(part)}/approval`;
  const { block } = await context.gateway().put<{ block: number }>(path, { approved });
  context.show({ model: id, version, dataset: part, approved, block }, () =>
    context.t(
      `${part} of ${id} ${version} ${approved ? 'approved' : 'no longer approved'} in block ${block}`,
      `${id} ${version} 的分部 ${part} 已在区块 ${block} ${approved ? '批准' : '撤回批准'}`,
    ),
  );
};

const retire = async (context: Context, id: string, version: number): Promise<void> => {
  const { block } = await context.gateway().post<{ block: number }>(`${modelPath(id, version)}/retire`);
  context.show({ model: id, version, block }, () =>
    context.t(`${id} ${version} retired in block ${block}`, `${id} ${version} 已在区块 ${block} 停用`),
  );
};

const exportFile = async (context: Context, id: string, given: number | undefined, out: string | undefined): Promise<void> => {
  const version = given ?? (await newestVersion(context, id));
  const file = await context.gateway().get<unknown>(`${modelPath(id, version)}/file`);
  const text = JSON.stringify(file, null, 2);
  if (out === undefined) context.terminal.out(text);
  else {
    writeWhole(out, `${text}\n`);
    context.show({ model: id, version, file: out }, () => context.t(`written to ${out}`, `已写入 ${out}`));
  }
};

export const modelCommands = (program: Command, run: Run): void => {
  const model = program.command('model').description('scoring models: who may score what, by which points');
  model.command('list').description('every version of every model').action(run(list));
  const withVersion = (command: Command): Command =>
    command.argument('<model>').argument('[version]', 'left out: the newest', parseVersion);
  withVersion(model.command('show').description('one version, its parts, reports and approvals')).action(run(show));
  model
    .command('register')
    .description('register the next version of a model of this institution (steward)')
    .argument('<file>', 'JSON: {document, parts}, as export writes it')
    .addHelpText('after', '\nExample:\n  xinshu model register sme-supplier.json --as gov.steward')
    .action(run(register));
  importCommand(model, run);
  withVersion(model.command('deliver').description('hand a model to every member, each part to its provider (steward of the owner)'))
    .option('--auditors <list>', 'auditor members that get every part, to report what it gives away', parseList, [] as string[])
    .action(
      run((context: Context, id: string, version: number | undefined, { auditors }: { auditors: string[] }) =>
        deliver(context, id, version, auditors),
      ),
    );
  withVersion(model.command('leakage').description('measure what the totals give away, and state it on chain (auditor)'))
    .option('--dry-run', 'measure only')
    .action(
      run((context: Context, id: string, version: number | undefined, { dryRun }: { dryRun?: boolean }) =>
        leakage(context, id, version, dryRun === true),
      ),
    );
  withVersion(model.command('approve').description("approve this institution's own part of a model (steward)"))
    .option('--dataset <dataset>', "left out: this institution's part")
    .option('--revoke', 'take the approval back')
    .action(run(approve));
  model
    .command('retire')
    .description('end a version for good (steward of the owner)')
    .argument('<model>')
    .argument('<version>', 'which one', parseVersion)
    .action(run(retire));
  withVersion(model.command('export').description('the model with all its parts, as JSON (steward of the owner)'))
    .option('--out <file>', 'left out: standard output')
    .action(
      run((context: Context, id: string, version: number | undefined, { out }: { out?: string }) => exportFile(context, id, version, out)),
    );
};
