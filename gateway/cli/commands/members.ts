import type { Command } from 'commander';
import { withChain } from '../chain.ts';
import type { Context } from '../context.ts';
import type { Run } from '../run.ts';

export const membersCommand = (program: Command, run: Run): void => {
  program
    .command('members')
    .description('members of the consortium, read from the chain')
    .action(
      run((context: Context) =>
        withChain(context.network(), async (chain) => {
          const names = new Map(context.network().members.map(({ id, nameZh }) => [id, nameZh]));
          const members = chain.head().members();
          context.show(members, () =>
            context.table(
              [
                context.t('member', '成员'),
                context.t('sector', '领域'),
                context.t('state', '状态'),
                context.t('roles', '角色'),
                context.t('forks', '分叉'),
                context.t('endpoint', '端点'),
                context.t('name', '名称'),
              ],
              members.map(({ id, sector, status, roles, forks, endpoint, name }) => [
                id,
                sector,
                status,
                roles.join(','),
                String(forks),
                endpoint,
                context.t(name, names.get(id) ?? name),
              ]),
            ),
          );
        }),
      ),
    );
};
