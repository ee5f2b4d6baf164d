import { logIdentity } from '../../audit/log-identity.ts';
import { withChain } from '../chain.ts';
import type { Context } from '../context.ts';

/** Every member writes this one. */
const log = 0;

/** One member's log as a reader of C2SP tlog-tiles is told of it; null for what nobody has said. */
export type MemberLog = {
  readonly member: string;
  readonly log: number;
  readonly client: string | null;
  readonly peer: string | null;
  readonly origin: string;
  readonly verifierKey: string | null;
};

/** Where the logs are and whose signature to ask of them: keys and peer endpoints from the chain, client listeners from network.json. */
export const listLogs = (context: Context): Promise<void> =>
  withChain(context.network(), async (chain) => {
    const clients = new Map(context.network().members.map(({ id, client }) => [id, client]));
    const view = chain.head();
    const prefix = (url: string | undefined): string | null => (url === undefined || url === '' ? null : `${url}/log/${log}`);
    const logs = view.members().map(({ id, endpoint }): MemberLog => {
      const { origin, verifierKey } = logIdentity(view, chain.chainId, id, log);
      return { member: id, log, client: prefix(clients.get(id)), peer: prefix(endpoint), origin, verifierKey: verifierKey ?? null };
    });
    context.show(logs, () =>
      [
        context.table(
          [context.t('member', '成员'), context.t('for a token', '凭令牌读取'), context.t('for other gateways', '供其他网关读取')],
          logs.map(({ member, client, peer }) => [member, client ?? '-', peer ?? '-']),
        ),
        '',
        context.t('Verifier keys (origin, key id, key):', '验证密钥（来源、密钥编号、密钥）：'),
        ...logs.map(({ verifierKey, origin }) => verifierKey ?? `${origin}: -`),
      ].join('\n'),
    );
  });
