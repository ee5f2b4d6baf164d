import type { Context } from '../../context.ts';
import { CliFailure, exitStatus } from '../../failure.ts';

/** A version of a model as the gateway shows it. */
export type Model = {
  readonly id: string;
  readonly version: number;
  readonly owner: string;
  readonly state: string;
  readonly documentHash: string;
  readonly output: string;
  readonly minContributors: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly approvedByCouncil: boolean;
  readonly parts: readonly {
    readonly dataset: string;
    readonly provider: string | null;
    readonly approved: boolean;
    readonly held: boolean;
  }[];
  readonly reports: readonly { readonly auditor: string; readonly pinned: number; readonly attainable: number }[];
};
export type Registered = { readonly model: string; readonly version: number; readonly block: number };

export const modelPath = (id: string, version: number): string => `/v1/models/${encodeURIComponent(id)}/${version}`;

export const newestVersion = async (context: Context, id: string): Promise<number> => {
  const { models } = await context.gateway().get<{ models: Model[] }>('/v1/models');
  const versions = models.filter((model) => model.id === id).map(({ version }) => version);
  if (versions.length === 0)
    throw new CliFailure(exitStatus.refused, 'MODEL_UNKNOWN', context.t(`there is no model ${id}`, `没有模型 ${id}`), { model: id });
  return Math.max(...versions);
};

const states: Readonly<Record<string, string>> = {
  registered: '已登记',
  reported: '待批准',
  waiting: '未生效',
  approved: '已批准',
  ended: '已到期',
  retired: '已停用',
};
export const stateWord = (context: Context, { state }: Model): string => context.t(state, states[state] ?? state);

export const approvalWord = ({ parts, approvedByCouncil }: Model): string =>
  approvedByCouncil ? 'council' : `${parts.filter(({ approved }) => approved).length}/${parts.length}`;

export const showRegistered = (context: Context, registered: Registered): void =>
  context.show(registered, () =>
    context.pairs([
      [context.t('model', '模型'), registered.model],
      [context.t('version', '版本'), String(registered.version)],
      [context.t('block', '区块'), String(registered.block)],
      [context.t('next', '下一步'), `xinshu model deliver ${registered.model} --auditors …`],
    ]),
  );
